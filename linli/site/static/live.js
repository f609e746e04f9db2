/* What htmx needs to be told, and small courtesies of every page. Without this file every page still works. */
(() => {
  "use strict";
  const texts = document.body.dataset;
  const said = document.getElementById("said");
  let fading = 0;

  /** Shown at the foot of the page for a while, and read aloud. */
  function say(text) {
    if (!said || !text) return;
    said.textContent = text;
    clearTimeout(fading);
    fading = setTimeout(() => { said.textContent = ""; }, 8000);
  }
  document.addEventListener("say", (event) => say(event.detail && (event.detail.value || event.detail)));

  // htmx's own event names stand only here.
  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector('meta[name="csrf-token"]');
    if (event.detail.verb !== "get" && token) event.detail.headers["X-CSRFToken"] = token.content;
  });
  document.addEventListener("htmx:sendError", () => say(texts.offline));
  document.addEventListener("htmx:responseError", () => say(texts.failed));
  document.addEventListener("htmx:beforeSwap", (event) => {
    event.target.linliHadFocus = event.target.contains(document.activeElement);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const fresh = event.target;
    if (fresh.id === "alerts") fresh.scrollIntoView({ block: "center" }); // It is read aloud by itself.
    const asked = fresh.querySelector("[data-focus]");
    if (asked) asked.focus();
    else if (fresh.linliHadFocus && document.activeElement === document.body) {
      // Whoever works by keyboard or by ear goes on where they were, not at the top of the page.
      if (!fresh.hasAttribute("tabindex")) fresh.setAttribute("tabindex", "-1");
      fresh.focus({ preventScroll: true });
    }
    const announced = fresh.matches("[data-announce]") ? fresh : fresh.querySelector("[data-announce]");
    if (announced) say(announced.dataset.announce);
  });

  const summary = document.querySelector("main [data-focus]");
  if (summary) summary.focus();

  // What only works with scripts is hidden until they run: printing, copying.
  for (const hidden of document.querySelectorAll("[data-script-only]")) hidden.hidden = "copy" in hidden.dataset && !navigator.clipboard; // Copying wants HTTPS.

  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll("details.me[open]")) if (!open.contains(event.target)) open.open = false;
    if (event.target.closest("[data-print]")) window.print();
    const copy = event.target.closest("[data-copy]");
    if (copy && navigator.clipboard) navigator.clipboard.writeText(copy.dataset.copy).then(() => say(texts.copied));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const open of document.querySelectorAll("details.me[open]")) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });

  // One tap, one submission: a second tap while the first is on its way does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post") || form.closest("[hx-boost]")) return;
    if (form.linliSent && Date.now() - form.linliSent < 8000) event.preventDefault();
    else form.linliSent = Date.now();
  });
  window.addEventListener("pageshow", () => { for (const form of document.forms) form.linliSent = 0; });
})();
