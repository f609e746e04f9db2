/* The desk by keyboard: / searches, j and k move, Enter opens, ? shows the keys; any element may take a key of its own.

   data-rows around a list, data-row on each row, data-open on the link Enter opens (otherwise the row's first link);
   data-search-key on the search field; data-key="a" on a button or link, in a row or on the page. */
(() => {
  "use strict";
  const typing = (element) => element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  const seen = (element) => element.getClientRects().length > 0;
  const rows = () => [...document.querySelectorAll("[data-row]")].filter(seen);
  const link = (row) => row.querySelector("[data-open]") || row.querySelector("a[href], button");
  let place = -1; // Kept when a row is swapped for a fresh one: the queue does not jump.

  function mark(row) {
    for (const other of document.querySelectorAll("[data-row].at")) other.classList.remove("at");
    if (row) row.classList.add("at");
  }
  function current() {
    const all = rows();
    const focused = all.findIndex((row) => row.contains(document.activeElement));
    if (focused >= 0) place = focused;
    return all[place] || null;
  }
  function move(step) {
    const all = rows();
    if (!all.length) return;
    current();
    place = Math.min(Math.max(place + step, 0), all.length - 1);
    const target = link(all[place]);
    mark(all[place]);
    if (target) target.focus({ preventScroll: true });
    all[place].scrollIntoView({ block: "nearest" });
  }
  function sheet() {
    const dialog = document.getElementById("keys");
    if (dialog && !dialog.open) dialog.showModal();
  }
  function press(key) {
    const own = `[data-key="${CSS.escape(key)}"]`;
    const row = current();
    const target = (row && row.querySelector(own)) || [...document.querySelectorAll(own)].find((one) => seen(one) && !one.closest("[data-row]"));
    if (!target) return false;
    target.focus();
    target.click();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const search = document.querySelector("[data-search-key]");
    if (event.key === "/" && search) search.focus();
    else if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "?") sheet();
    else if (event.key.length !== 1 || !press(event.key)) return;
    event.preventDefault();
  });
  document.addEventListener("focusin", () => { const row = current(); if (row && row.contains(document.activeElement)) mark(row); });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-keys-open]")) sheet(); });
})();
