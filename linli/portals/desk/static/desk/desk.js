/* The queue's own courtesies: a range of ticks, how many are ticked, and a line that says what came. Without it all works.

   Nothing is moved under the finger: what came is said above the list, and the list is fetched when that is tapped. */
(() => {
  "use strict";
  const ticks = () => [...document.querySelectorAll("input.tick")];
  const shown = document.querySelector("[data-ticked]");
  const all = document.querySelector("[data-tick-all]");
  let last = null;
  if (!CSS.supports("selector(::details-content)") && matchMedia("(min-width: 56rem)").matches) {
    for (const fold of document.querySelectorAll("details.fold")) fold.open = true;
  }

  function count() {
    const every = ticks();
    const ticked = every.filter((tick) => tick.checked).length;
    if (shown) shown.textContent = ticked || "";
    if (all) { all.checked = ticked > 0 && ticked === every.length; all.indeterminate = ticked > 0 && ticked < every.length; }
  }
  function range(to, checked) {
    const every = ticks();
    const from = every.indexOf(last);
    const end = every.indexOf(to);
    if (from < 0 || end < 0) return;
    for (const tick of every.slice(Math.min(from, end), Math.max(from, end) + 1)) tick.checked = checked;
  }
  document.addEventListener("click", (event) => {
    const tick = event.target.closest("input.tick");
    if (!tick) return;
    if (event.shiftKey && last) range(tick, tick.checked);
    last = tick;
    count();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "X" || event.ctrlKey || event.metaKey || event.altKey || !last) return;
    const row = document.activeElement && document.activeElement.closest("[data-row]");
    const tick = row && row.querySelector("input.tick");
    if (!tick) return;
    range(tick, true);
    last = tick;
    count();
    event.preventDefault();
  });
  if (all) all.addEventListener("change", () => { for (const tick of ticks()) tick.checked = all.checked; count(); });
  window.addEventListener("pageshow", count);
  count();

  // On the telephone: Ctrl+Enter files, wherever one stands in the form.
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest && event.target.closest("form[data-quick]");
    if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
  });

  const line = document.querySelector("[data-fresh]");
  if (!line) return;
  let tag = "";
  async function look() {
    if (document.hidden) return;
    try {
      const answer = await fetch(line.dataset.fresh, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
      if (answer.status !== 200) return;
      tag = answer.headers.get("ETag") || "";
      const { n, say } = await answer.json();
      line.hidden = !n;
      if (n) line.querySelector("[data-fresh-words]").textContent = say;
    } catch { /* No network: the next look tries again. */ }
  }
  setInterval(look, 20000);
  document.addEventListener("visibilitychange", look);
})();
