"""Check one open page: each function returns what is wrong, as sentences; none means all is well."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: What the colours of a page decide: all else is the same in light and dark.
COLOURS = ["color-contrast", "link-in-text-block"]

#: Runs before anything of a page: notes what its policy refused, and where the keyboard has been.
WATCH = """
window.refused = [];
document.addEventListener("securitypolicyviolation", e => refused.push(e.violatedDirective + " " + e.blockedURI));
window.walked = [];
document.addEventListener("focusin", e => {
  const style = getComputedStyle(e.target);
  walked.push(e.target);
  const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const seen = drawn && e.target.matches(":focus-visible");
  const label = e.target.closest("label");
  const ring = label && getComputedStyle(label).outlineStyle !== "none";
  if (!seen && !ring && e.target.tagName !== "MAIN") (window.unseen ??= []).push(e.target.outerHTML.slice(0, 120));
});
"""

CONTROLS = """
() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter(e => {
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  if (e.disabled || e.type === "hidden" || box.width === 0 || box.height === 0) return false;
  return style.visibility !== "hidden" && e.checkVisibility({ visibilityProperty: true });
})
"""


def find_axe_violations(page: Page, rules: list[str] = TAGS) -> list[str]:
    """Run axe with the rules of WCAG 2.2 AA and its best practices, or with some rules alone."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })", rules)
    return [
        f"axe {violation['id']}: {violation['help']} at {node['html'][:160]} ({node['failureSummary'][:200]})"
        for violation in found["violations"]
        for node in violation["nodes"][:3]
    ]


def find_sideways_scroll(page: Page) -> list[str]:
    """Compare the page's width with the window's, from left to right and from right to left."""
    problems = []
    for direction in ("ltr", "rtl"):
        page.evaluate("direction => { document.documentElement.dir = direction; }", direction)
        width, window, widest = page.evaluate(
            """() => [document.documentElement.scrollWidth, window.innerWidth,
              [...document.body.querySelectorAll("*")].filter(e => {
                const box = e.getBoundingClientRect();
                return box.right > window.innerWidth + 1 || box.left < -1;
              }).map(e => e.outerHTML.slice(0, 100)).slice(-1)]"""
        )
        if width > window:
            problems.append(f"scrolls sideways ({direction}): {width} px wide in {window} px, such as {widest}")
    page.evaluate("() => { document.documentElement.dir = 'ltr'; }")
    return problems


def find_structure_problems(page: Page) -> list[str]:
    """Ask for one h1, a title, a language and a main part."""
    problems = []
    if (count := page.locator("h1").count()) != 1:
        problems.append(f"has {count} h1")
    if not page.title().strip() or page.title().startswith(" ·"):
        problems.append("has no title")
    if page.locator("main#main").count() != 1:
        problems.append("has no main part for the skip link")
    return problems


def find_refused(page: Page) -> list[str]:
    """Return what the page's own policy refused to load or run."""
    return [f"the policy refused {what}" for what in page.evaluate("() => window.refused")]


def find_small_targets(page: Page) -> list[str]:
    """Measure controls; links inside sentences may be as low as their line."""
    small = page.evaluate(
        f"""() => ({CONTROLS})().filter(e => {{
          if (e.tagName === "A" && !e.classList.length && e.closest("p, li, dd, td, span")) return false;
          const box = (e.closest("label") ?? e).getBoundingClientRect();
          return (box.width < 24 || box.height < 24) && !e.classList.contains("skip");
        }}).map(e => {{
          const box = e.getBoundingClientRect();
          return Math.round(box.width) + "x" + Math.round(box.height) + " " + e.outerHTML.slice(0, 100);
        }})"""
    )
    return [f"a target is too small: {what}" for what in small]


def find_keyboard_problems(page: Page) -> list[str]:
    """Walk through the page with Tab, and ask that every control is reached and shows it."""
    # A date has a stop for its day, its month, its year and its calendar; a time for its hour, minute and half of day.
    stops = "({ date: 4, 'datetime-local': 7 })[e.type] ?? 1"
    count = page.evaluate(f"() => ({CONTROLS})().reduce((sum, e) => sum + ({stops}), 0)")
    page.evaluate("() => { window.walked = []; window.unseen = []; document.activeElement?.blur(); }")
    for _ in range(count + 2):
        page.keyboard.press("Tab")
    missed = page.evaluate(
        f"""() => {{
          const radio = e => e.type === "radio" && walked.some(w => w.type === "radio" && w.name === e.name);
          return ({CONTROLS})().filter(e => !walked.includes(e) && !radio(e)).map(e => e.outerHTML.slice(0, 100));
        }}"""
    )
    unseen = page.evaluate("() => window.unseen")
    page.evaluate("() => document.activeElement?.blur()")  # the skip link shows while it has the focus
    return [f"Tab does not reach {what}" for what in missed] + [f"focus can't be seen on {what}" for what in unseen]
