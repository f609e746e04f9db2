/* Photographs before they are sent: shown, made smaller where the browser can, and dropped again with one tap.

   Redrawing also leaves the place and the camera's number behind. The server does all of this again: it trusts no one. */
(() => {
  "use strict";
  const LONGEST = 1920;
  const QUALITY = 0.85;

  async function smaller(file) {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type)) return file;
    try {
      const drawing = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONGEST / Math.max(drawing.width, drawing.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(drawing.width * scale);
      canvas.height = Math.round(drawing.height * scale);
      canvas.getContext("2d").drawImage(drawing, 0, 0, canvas.width, canvas.height);
      drawing.close();
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
      return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
    } catch {
      return file; // Not readable here: the server will say so in words.
    }
  }
  function put(input, files) {
    const bag = new DataTransfer();
    for (const file of files) bag.items.add(file);
    input.files = bag.files;
    input.linliFiles = files;
  }
  function show(input, list) {
    for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    list.replaceChildren(...input.linliFiles.map((file) => {
      const item = document.createElement("li");
      const image = document.createElement("img");
      image.src = URL.createObjectURL(file);
      image.alt = `${list.dataset.photoAlt} ${file.name}`;
      image.addEventListener("error", () => { // Not a picture this browser can show: its name stands there instead.
        const name = document.createElement("span");
        name.className = "photo-name";
        name.textContent = file.name;
        image.replaceWith(name);
      });
      const drop = document.createElement("button");
      drop.type = "button";
      drop.textContent = list.dataset.photoDrop;
      drop.addEventListener("click", () => { put(input, input.linliFiles.filter((one) => one !== file)); show(input, list); input.focus(); });
      item.append(image, drop);
      return item;
    }));
  }
  // The browser's own button speaks the browser's language; ours lies over it, and the pictures below say what was chosen.
  for (const face of document.querySelectorAll("[data-photo-face]")) {
    face.hidden = false;
    face.parentElement.classList.add("dressed");
  }
  document.addEventListener("change", async (event) => {
    const input = event.target;
    if (!input.matches || !input.matches("input[type=file][data-photo]")) return;
    const list = input.closest(".field").querySelector("[data-photo-list]");
    const most = Number(input.dataset.most || 3);
    // A second choice adds to the first: on a phone each photograph is taken one by one.
    const fresh = await Promise.all([...input.files].map(smaller));
    put(input, input.multiple ? [...(input.linliFiles || []), ...fresh].slice(0, most) : fresh.slice(0, 1));
    show(input, list);
  });
})();
