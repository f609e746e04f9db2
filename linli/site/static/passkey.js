// Says on the page why a passkey did not work; allauth's own scripts only tell the console.
(function () {
  const place = document.getElementById("passkey-trouble");
  if (!place) return;
  function say(sentence) {
    place.textContent = sentence;
    place.hidden = false;
  }
  document.addEventListener("allauth.error", function (event) {
    event.preventDefault();
    const name = event.detail && event.detail.exception && event.detail.exception.name;
    if (!window.PublicKeyCredential) say(place.dataset.notHere);
    else if (name === "InvalidStateError") say(place.dataset.twice);
    else say(place.dataset.cancelled);
  });
})();
