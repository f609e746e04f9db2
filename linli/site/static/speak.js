/* 读给我听: the page's main text in the order it stands, by a voice that is on the device. Nothing is sent anywhere:
   a browser that only has voices of somebody's servers shows no button.

   data-speak around the buttons, data-speak-go and data-speak-stop on them; data-quiet on what is not read. */
(() => {
  "use strict";
  const box = document.querySelector("[data-speak]");
  const speech = window.speechSynthesis;
  if (!box || !speech || !window.SpeechSynthesisUtterance) return;
  const go = box.querySelector("[data-speak-go]");
  const stop = box.querySelector("[data-speak-stop]");
  const label = go.querySelector("span");
  const begin = label.textContent;
  const SILENT = "[data-quiet], [hidden], [aria-hidden=true], .no-print, .print-only, .unseen, nav, form, button, input, select, textarea, script, style, svg, template, .map";
  const BLOCK = "h1, h2, h3, p, li, dt, dd, td, th, summary, figcaption, blockquote, caption, div, section";
  const LONGEST = 120; // Some voices fall silent in the middle of a longer one.
  let lines = [];
  let at = 0;
  let speaking = false;
  let turn = 0; // A line that ends after it was stopped does not begin the next.

  const short = (lang) => (lang || "").toLowerCase().replace("_", "-").replace(/^cmn/, "zh");
  function voice(lang) {
    const wanted = short(lang);
    const own = speech.getVoices().filter((each) => each.localService && short(each.lang).startsWith(wanted.slice(0, 2)));
    const mandarin = wanted.startsWith("zh") ? own.filter((each) => !/^zh-(hk|mo|yue)|yue/.test(short(each.lang))) : own;
    return mandarin.find((each) => short(each.lang) === wanted) || mandarin[0];
  }
  function offer() {
    box.hidden = !voice(document.documentElement.lang);
  }

  function pieces(text) {
    const found = [];
    for (const sentence of text.match(/[^。！？；.!?;]+[。！？；.!?;]*/g) || []) {
      for (let rest = sentence; rest; rest = rest.slice(LONGEST)) {
        const last = found.length - 1;
        if (last >= 0 && found[last].length + rest.length <= LONGEST) found[last] += rest;
        else found.push(rest.slice(0, LONGEST));
      }
    }
    return found;
  }
  function read() {
    const found = [];
    const walker = document.createTreeWalker(document.getElementById("content"), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const holder = node.parentElement;
      const text = node.textContent.replace(/\s+/g, " ");
      const last = found[found.length - 1];
      // Nothing but a gap between two things in one line: the voice takes breath there.
      if (text === " " && last && last.block === holder.closest(BLOCK) && !/[\p{P}\s]$/u.test(last.text)) last.text += last.lang === "en" ? "," : "，";
      if (!text.trim() || holder.closest(SILENT) || !holder.getClientRects().length) continue;
      const block = holder.closest(BLOCK);
      const lang = holder.closest("[lang]").lang;
      if (last && last.block === block && last.lang === lang) last.text += text;
      else found.push({ block, lang, text });
    }
    return found.flatMap(({ text, lang }) => pieces(text.trim()).map((piece) => ({ text: piece, lang })));
  }

  function show() {
    label.textContent = speaking ? go.dataset.hold : at ? go.dataset.again : begin;
    stop.hidden = !speaking && !at;
  }
  function next() {
    if (!speaking) return;
    if (at >= lines.length) {
      finish();
      return;
    }
    const mine = turn;
    const line = new SpeechSynthesisUtterance(lines[at].text);
    line.lang = lines[at].lang;
    line.voice = voice(line.lang) || voice(document.documentElement.lang);
    line.rate = document.documentElement.classList.contains("large") ? 0.85 : 1;
    const done = () => {
      if (mine !== turn) return;
      at += 1;
      next();
    };
    line.addEventListener("end", done);
    line.addEventListener("error", (event) => {
      if (mine !== turn) return;
      if (event.error === "not-allowed") finish();
      else done();
    });
    speech.speak(line);
  }
  function hush() {
    turn += 1;
    speaking = false;
    speech.cancel();
  }
  function finish() {
    hush();
    at = 0;
    if (document.activeElement === stop) go.focus();
    show();
  }

  go.addEventListener("click", () => {
    // Held and gone on from the beginning of the line: speechSynthesis.pause() never wakes again on many phones.
    if (speaking) hush();
    else {
      hush();
      if (!at) lines = read();
      speaking = true;
      next();
    }
    show();
  });
  stop.addEventListener("click", finish);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && speaking) finish();
  });
  window.addEventListener("pagehide", hush);
  if (speech.addEventListener) speech.addEventListener("voiceschanged", offer);
  offer();
})();
