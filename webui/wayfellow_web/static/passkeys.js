/* Passkeys need a script: it hands what the device signed to a form, which is then sent like any other. */
(function () {
  "use strict";
  const able = window.PublicKeyCredential && PublicKeyCredential.parseCreationOptionsFromJSON;
  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    if (!able) return;
    form.hidden = false;
    document.querySelectorAll("[data-without-passkey]").forEach(function (note) { note.hidden = true; });
    form.addEventListener("submit", async function (event) {
      event.preventDefault();
      const options = JSON.parse(form.dataset.options);
      try {
        const made = form.dataset.passkey === "create"
          ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
          : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
        form.elements.credential.value = JSON.stringify(made.toJSON());
        form.submit();
      } catch (error) {
        form.querySelector("[data-failed]").hidden = false;
      }
    });
  });
})();
