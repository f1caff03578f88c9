/* Small helps; every page works without them. */
(function () {
  "use strict";
  /* After a refused form, the summary of what is wrong is read first. */
  const summary = document.querySelector(".error-summary");
  if (summary) summary.focus();
  /* Copy what a button names by data-copy="#id". */
  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-copy]");
    if (!button || !navigator.clipboard) return;
    const source = document.querySelector(button.dataset.copy);
    navigator.clipboard.writeText(source.value).then(function () { button.querySelector("[data-done]").hidden = false; });
  });
})();
