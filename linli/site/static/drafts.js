/* Nothing typed is ever lost: a form with data-draft="key" keeps itself on this device until it has been sent.

   Not kept: passwords, telephone numbers, e-mail addresses, files, hidden fields and whatever carries data-draft-skip,
   because a device may be shared. A page that carries data-draft-done="key" says that it was sent. */
(() => {
  "use strict";
  const PREFIX = "linli:draft:";
  const DAYS = 3;
  const SKIP = "[type=password], [type=tel], [type=email], [type=file], [type=hidden], [type=submit], [data-draft-skip], [data-draft-skip] *";
  const texts = document.body.dataset;
  let store;
  try { store = window.localStorage; store.getItem(PREFIX); } catch { return; } // Forbidden by the browser.

  const fields = (form) => [...form.elements].filter((field) => field.name && "value" in field && field.tagName !== "BUTTON" && !field.matches(SKIP));
  const ticked = (field) => field.type === "checkbox" || field.type === "radio";
  const untouched = (field) => ticked(field) ? field.checked === field.defaultChecked : field.tagName === "SELECT" ? true : field.value === "";

  function read(key) {
    try {
      const draft = JSON.parse(store.getItem(PREFIX + key));
      if (draft && Date.now() - draft.at < DAYS * 86400000) return draft.fields;
    } catch { /* Not ours or broken: as if there were none. */ }
    store.removeItem(PREFIX + key);
    return null;
  }
  function keep(form) {
    const kept = fields(form).filter((field) => !ticked(field) || field.checked).map((field) => [field.name, field.value]);
    const worth = fields(form).some((field) => !ticked(field) && field.tagName !== "SELECT" && field.value.trim() !== "");
    try {
      if (worth) store.setItem(PREFIX + form.dataset.draft, JSON.stringify({ at: Date.now(), fields: kept }));
      else store.removeItem(PREFIX + form.dataset.draft);
    } catch { /* Full: the page goes on without. */ }
  }
  function restore(form) {
    const draft = read(form.dataset.draft);
    if (!draft || fields(form).some((field) => !ticked(field) && field.tagName !== "SELECT" && field.value !== "")) return;
    let texted = false;
    for (const field of fields(form)) {
      const values = draft.filter(([name]) => name === field.name).map(([, value]) => value);
      if (ticked(field)) field.checked = values.includes(field.value);
      else if (values.length && untouched(field)) { field.value = values[0]; texted = texted || field.tagName !== "SELECT"; }
    }
    if (!texted) return;
    const note = document.createElement("p");
    note.className = "hint row";
    note.setAttribute("role", "status");
    note.append(texts.draftFound || "");
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "button plain";
    drop.textContent = texts.draftDrop || "×";
    drop.addEventListener("click", () => { form.reset(); store.removeItem(PREFIX + form.dataset.draft); note.remove(); });
    note.append(drop);
    form.prepend(note);
  }
  function begin(root) {
    for (const done of root.querySelectorAll("[data-draft-done]")) store.removeItem(PREFIX + done.dataset.draftDone);
    for (const form of root.querySelectorAll("form[data-draft]")) {
      if (form.linliDraft) continue;
      form.linliDraft = true;
      restore(form);
      let waiting = 0;
      form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => keep(form), 300); });
      form.addEventListener("submit", () => keep(form)); // Kept until the answer says it arrived.
    }
  }
  begin(document);
  document.addEventListener("htmx:afterSettle", (event) => begin(event.target));
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt;
    if (event.detail.successful && event.detail.requestConfig.verb !== "get" && form.matches && form.matches("form[data-draft]")) store.removeItem(PREFIX + form.dataset.draft);
  });
})();
