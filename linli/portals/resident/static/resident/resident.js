/* Names of places while one types, and going to a place the device has said. Every page works without this file. */
(() => {
  "use strict";
  document.addEventListener("placed", (event) => {
    const form = event.target.closest("form");
    const button = form && form.querySelector("[data-when-placed]");
    if (form && event.detail.device && "goWhenPlaced" in form.dataset) form.requestSubmit(); // Asked for by one tap: no second.
    else if (button) button.hidden = false;
  });
  const field = document.querySelector("[data-suggest]");
  if (!field) return;
  let waiting = 0;
  let asked = "";
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const typed = field.value.trim();
      if (!typed || typed === asked) return;
      asked = typed;
      try {
        const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(typed.slice(0, 40))}`);
        if (!answer.ok) return;
        const { places } = await answer.json();
        document.getElementById("places").replaceChildren(...places.map((name) => { const option = document.createElement("option"); option.value = name; return option; }));
      } catch { /* No network: one types the name in full. */ }
    }, 250);
  });
})();
