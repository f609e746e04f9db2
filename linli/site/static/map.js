/* Quiet maps: MapLibre where WebGL 2 is, Leaflet where it is not, and where neither loads the list beside remains.

   Read templates/pieces/maps.jinja first: it says which data-… attributes stand on the element. */
(() => {
  "use strict";
  const TONES = { waiting: "#525a60", hand: "#1a5a96", overdue: "#a5301b", done: "#276739", refused: "#8a1f45", carried: "#7a4f00" };
  const GROUND = "#eeece7";
  const AREA = "#f8f6f1";
  const LINE = "#9a9384";
  const INK = "#1e2529";
  const ACCENT = "#0f6b6b";
  const FONTS = '"PingFang SC","HarmonyOS Sans SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif';
  const EMPTY = { type: "FeatureCollection", features: [] };

  const loading = new Map();
  function script(address) {
    if (!loading.has(address)) {
      loading.set(address, new Promise((done, failed) => {
        const element = document.createElement("script");
        element.src = address;
        element.onload = done;
        element.onerror = failed;
        document.head.append(element);
      }));
    }
    return loading.get(address);
  }
  function style(address) {
    if (document.querySelector(`link[href="${address}"]`)) return;
    const element = document.createElement("link");
    element.rel = "stylesheet";
    element.href = address;
    document.head.append(element);
  }
  async function geojson(address) {
    if (!address) return EMPTY;
    const answer = await fetch(address, { headers: { Accept: "application/geo+json, application/json" } });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return answer.json();
  }
  function strongEnough() {
    try { return Boolean(document.createElement("canvas").getContext("webgl2")); } catch { return false; }
  }
  function around(...collections) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    const take = (place) => {
      if (typeof place[0] !== "number") return place.forEach(take);
      box[0] = Math.min(box[0], place[0]); box[1] = Math.min(box[1], place[1]);
      box[2] = Math.max(box[2], place[0]); box[3] = Math.max(box[3], place[1]);
    };
    for (const collection of collections) for (const feature of collection.features) if (feature.geometry) take(feature.geometry.coordinates);
    return Number.isFinite(box[0]) ? box : null;
  }
  /** The same signs as in lists: colour and shape together. */
  function sign(tone, size) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = size;
    const pen = canvas.getContext("2d");
    const middle = size / 2;
    const half = size * 0.34;
    const colour = TONES[tone] || TONES.waiting;
    const path = new Path2D();
    if (tone === "overdue") { path.moveTo(middle, middle - half); path.lineTo(middle + half, middle + half * 0.8); path.lineTo(middle - half, middle + half * 0.8); path.closePath(); }
    else if (tone === "carried") { path.moveTo(middle, middle - half); path.lineTo(middle + half, middle); path.lineTo(middle, middle + half); path.lineTo(middle - half, middle); path.closePath(); }
    else if (tone === "refused") { path.moveTo(middle - half * 0.7, middle - half * 0.7); path.lineTo(middle + half * 0.7, middle + half * 0.7); path.moveTo(middle + half * 0.7, middle - half * 0.7); path.lineTo(middle - half * 0.7, middle + half * 0.7); }
    else path.arc(middle, middle, half * 0.85, 0, Math.PI * 2);
    pen.lineJoin = pen.lineCap = "round";
    pen.strokeStyle = "#fff"; pen.lineWidth = size * 0.26; pen.stroke(path);
    pen.fillStyle = tone === "overdue" || tone === "done" ? colour : "#fff";
    if (tone !== "refused") pen.fill(path);
    pen.strokeStyle = colour; pen.lineWidth = size * 0.11; pen.stroke(path);
    if (tone === "hand") { pen.fillStyle = colour; pen.beginPath(); pen.arc(middle, middle, half * 0.85, -Math.PI / 2, Math.PI / 2); pen.fill(); }
    return canvas;
  }
  function words(properties, texts) {
    const box = document.createElement("div");
    box.className = "map-popup";
    const title = document.createElement("strong");
    title.textContent = properties.title || properties.name || "";
    box.append(title);
    if (properties.word) { const line = document.createElement("span"); line.textContent = properties.word; box.append(line); }
    if (properties.url && /^[/#]/.test(properties.url)) { const link = document.createElement("a"); link.href = properties.url; link.textContent = texts.open; box.append(link); }
    return box;
  }
  function showRow(element, id) {
    const beside = element.closest(".beside-map");
    if (!beside) return;
    for (const row of beside.querySelectorAll("[data-map-row]")) {
      const it = row.dataset.mapRow === String(id);
      row.classList.toggle("at", it);
      if (it) row.scrollIntoView({ block: "nearest" });
    }
  }
  const escaped = (text) => { const element = document.createElement("span"); element.textContent = text; return element.innerHTML; };

  // --- MapLibre -------------------------------------------------------------------------------------------------
  async function strong(element, options) {
    style(element.dataset.maplibreCss);
    await script(element.dataset.maplibre);
    const gl = window.maplibregl;
    if (!gl.getWorkerUrl()) gl.setWorkerUrl(new URL(element.dataset.maplibreWorker, location.href).href);
    const texts = element.dataset;
    const where = options.box ? { bounds: options.box, fitBoundsOptions: { padding: 24, maxZoom: 17 } } : { center: options.center, zoom: options.zoom };
    const map = new gl.Map({
      container: element,
      style: {
        version: 8,
        sources: options.basemap ? { base: { type: "raster", tiles: [options.basemap], tileSize: 256 } } : {},
        layers: [{ id: "ground", type: "background", paint: { "background-color": GROUND } }, ...(options.basemap ? [{ id: "base", type: "raster", source: "base", paint: { "raster-saturation": -0.8, "raster-opacity": 0.7 } }] : [])],
      },
      localIdeographFontFamily: FONTS,
      attributionControl: { compact: false, customAttribution: escaped(texts.note || "") },
      dragRotate: false, pitchWithRotate: false, touchPitch: false, fadeDuration: 0,
      cooperativeGestures: !options.picking && window.matchMedia("(pointer: coarse)").matches,
      keyboard: !options.picking,
      locale: {
        "NavigationControl.ZoomIn": texts.zoomIn, "NavigationControl.ZoomOut": texts.zoomOut, "Map.Title": element.dataset.label,
        "CooperativeGesturesHandler.MobileHelpText": texts.twoFingers, "Popup.Close": texts.close, "AttributionControl.ToggleAttribution": texts.note,
        "AttributionControl.MapFeedback": texts.note, "Marker.Title": element.dataset.label,
      },
      ...where,
    });
    map.touchZoomRotate.disableRotation();
    map.addControl(new gl.NavigationControl({ showCompass: false }), "top-right");
    await new Promise((done) => map.once("load", done));
    map.addSource("outlines", { type: "geojson", data: options.outlines });
    map.addLayer({ id: "areas", type: "fill", source: "outlines", paint: { "fill-color": ["match", ["get", "tone"], ...Object.entries(TONES).flat(), AREA], "fill-opacity": ["match", ["get", "tone"], Object.keys(TONES), 0.22, options.basemap ? 0 : 1] } });
    map.addLayer({ id: "lines", type: "line", source: "outlines", paint: { "line-color": LINE, "line-width": ["case", ["boolean", ["get", "strong"], false], 2, 1] } });
    map.addLayer({ id: "names", type: "symbol", source: "outlines", filter: ["!=", ["get", "label"], false], layout: { "text-field": ["coalesce", ["get", "name"], ""], "text-size": 13, "text-max-width": 7, "text-padding": 6 }, paint: { "text-color": "#525a60", "text-halo-color": "#fff", "text-halo-width": 1.4 } });
    for (const tone of Object.keys(TONES)) { const drawn = sign(tone, 56); map.addImage(tone, drawn.getContext("2d").getImageData(0, 0, 56, 56), { pixelRatio: 2 }); }
    if (options.hexagons) {
      map.addSource("hexagons", { type: "geojson", data: options.cells });
      map.addLayer({ id: "cells", type: "fill", source: "hexagons", paint: { "fill-color": ACCENT, "fill-opacity": ["interpolate", ["linear"], ["get", "heat"], 0, 0.12, 1, 0.78] } }, "names");
      map.addLayer({ id: "cell-edges", type: "line", source: "hexagons", paint: { "line-color": ["case", ["get", "late"], TONES.overdue, "#fff"], "line-width": ["case", ["get", "late"], 2, 0.6] } }, "names");
      let asked = Math.round(map.getZoom() * 2);
      map.on("zoomend", async () => {
        const now = Math.round(map.getZoom() * 2);
        if (now === asked) return;
        asked = now;
        try { map.getSource("hexagons").setData(await geojson(`${options.hexagons}&zoom=${map.getZoom().toFixed(1)}`)); } catch (error) { console.warn(error); }
      });
      map.on("click", "cells", (event) => { new gl.Popup({ closeButton: true, maxWidth: "16rem" }).setLngLat(event.lngLat).setDOMContent(words(event.features[0].properties, texts)).addTo(map); });
    }
    map.addSource("points", { type: "geojson", data: options.points, cluster: options.points.features.length > 200, clusterMaxZoom: 15, clusterRadius: 44, clusterProperties: { overdue: ["+", ["case", ["==", ["get", "tone"], "overdue"], 1, 0]] } });
    map.addLayer({ id: "heaps", type: "circle", source: "points", filter: ["has", "point_count"], paint: { "circle-color": "#fff", "circle-radius": ["step", ["get", "point_count"], 15, 50, 19, 500, 24], "circle-stroke-width": 2.5, "circle-stroke-color": ["case", [">", ["get", "overdue"], 0], TONES.overdue, "#525a60"] } });
    map.addLayer({ id: "heap-counts", type: "symbol", source: "points", filter: ["has", "point_count"], layout: { "text-field": ["to-string", ["get", "point_count"]], "text-size": 13, "text-allow-overlap": true }, paint: { "text-color": INK } });
    map.addLayer({ id: "points", type: "symbol", source: "points", filter: ["!", ["has", "point_count"]], layout: { "icon-image": ["coalesce", ["image", ["coalesce", ["get", "tone"], "waiting"]], ["image", "waiting"]], "icon-allow-overlap": true, "symbol-sort-key": ["match", ["get", "tone"], "overdue", 2, "waiting", 0, 1] } });

    const popup = new gl.Popup({ closeButton: true, maxWidth: "16rem" });
    const tell = (feature, place) => { popup.setLngLat(place).setDOMContent(words(feature.properties, texts)).addTo(map); showRow(element, feature.properties.id); };
    if (!options.picking) {
      map.on("click", async (event) => {
        const found = map.queryRenderedFeatures(event.point, { layers: ["points", "heaps", "areas"] })[0];
        if (!found) return;
        if (found.layer.id === "heaps") {
          const zoom = await map.getSource("points").getClusterExpansionZoom(found.properties.cluster_id);
          map.easeTo({ center: found.geometry.coordinates, zoom });
        } else if (found.layer.id === "points") tell(found, found.geometry.coordinates);
        else if (found.properties.url) tell(found, event.lngLat);
      });
      for (const layer of ["points", "heaps"]) {
        map.on("mouseenter", layer, () => { map.getCanvas().style.cursor = "pointer"; });
        map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; });
      }
    }
    let pin = null;
    return {
      go: (lon, lat) => map.jumpTo({ center: [lon, lat], zoom: Math.max(map.getZoom(), options.zoom) }),
      resize: () => map.resize(),
      tapped: (then) => map.on("click", (event) => then(event.lngLat.lng, event.lngLat.lat)),
      pin: (lon, lat, dragged) => {
        if (!pin) {
          pin = new gl.Marker({ color: ACCENT, draggable: true });
          pin.on("dragend", () => { const at = pin.getLngLat(); dragged(at.lng, at.lat); });
        }
        pin.setLngLat([lon, lat]).addTo(map);
      },
      unpin: () => { if (pin) pin.remove(); pin = null; },
      nudge: (lon, lat, x, y) => { const at = map.project([lon, lat]); const to = map.unproject([at.x + x, at.y + y]); return [to.lng, to.lat]; },
      middle: () => { const at = map.getCenter(); return [at.lng, at.lat]; },
    };
  }

  // --- Leaflet --------------------------------------------------------------------------------------------------
  async function plain(element, options) {
    style(element.dataset.leafletCss);
    await script(element.dataset.leaflet);
    const L = window.L;
    const texts = element.dataset;
    if (!options.picking) { element.setAttribute("role", "region"); element.setAttribute("aria-label", texts.label); }
    const map = L.map(element, { preferCanvas: true, zoomControl: false, keyboard: !options.picking, zoomAnimation: false, fadeAnimation: false });
    map.attributionControl.setPrefix(false).addAttribution(escaped(texts.note || ""));
    L.control.zoom({ position: "topright", zoomInTitle: texts.zoomIn, zoomOutTitle: texts.zoomOut }).addTo(map);
    if (options.box) map.fitBounds([[options.box[1], options.box[0]], [options.box[3], options.box[2]]], { padding: [24, 24], maxZoom: 17 });
    else map.setView([options.center[1], options.center[0]], options.zoom);
    if (options.basemap) L.tileLayer(options.basemap, { opacity: 0.7 }).addTo(map);
    L.geoJSON(options.outlines, {
      interactive: !options.picking,
      style: ({ properties }) => ({ color: LINE, weight: properties.strong ? 2 : 1, fillColor: TONES[properties.tone] || AREA, fillOpacity: TONES[properties.tone] ? 0.22 : options.basemap ? 0 : 1 }),
      onEachFeature: (feature, layer) => { if (feature.properties.url) layer.bindPopup(() => words(feature.properties, texts)); },
    }).addTo(map);
    if (options.outlines.features.length <= 60) {
      for (const feature of options.outlines.features) {
        if (!feature.properties.name || feature.properties.label === false) continue;
        const box = around({ features: [feature] });
        const name = document.createElement("span");
        name.className = "map-name";
        name.textContent = feature.properties.name;
        L.marker([(box[1] + box[3]) / 2, (box[0] + box[2]) / 2], { interactive: false, keyboard: false, icon: L.divIcon({ className: "map-name-frame", html: name, iconSize: [0, 0] }) }).addTo(map);
      }
    }
    if (options.hexagons) {
      const cells = L.geoJSON(options.cells, {
        style: ({ properties }) => ({ color: properties.late ? TONES.overdue : "#fff", weight: properties.late ? 2 : 0.6, fillColor: ACCENT, fillOpacity: 0.12 + 0.66 * properties.heat }),
        onEachFeature: (feature, layer) => layer.bindPopup(() => words(feature.properties, texts)),
      }).addTo(map);
      map.on("zoomend", async () => {
        try { const fresh = await geojson(`${options.hexagons}&zoom=${map.getZoom()}`); cells.clearLayers(); cells.addData(fresh); } catch (error) { console.warn(error); }
      });
    }
    const icons = Object.fromEntries(Object.keys(TONES).map((tone) => [tone, L.icon({ iconUrl: sign(tone, 56).toDataURL(), iconSize: [28, 28] })]));
    for (const { geometry, properties } of options.points.features) {
      L.marker([geometry.coordinates[1], geometry.coordinates[0]], { icon: icons[properties.tone] || icons.waiting, alt: properties.title || "", title: properties.title || "" })
        .bindPopup(() => words(properties, texts)).on("popupopen", () => showRow(element, properties.id)).addTo(map);
    }
    let pin = null;
    return {
      go: (lon, lat) => map.setView([lat, lon], Math.max(map.getZoom(), options.zoom)),
      resize: () => map.invalidateSize(),
      tapped: (then) => map.on("click", (event) => then(event.latlng.lng, event.latlng.lat)),
      pin: (lon, lat, dragged) => {
        if (!pin) {
          pin = L.marker([lat, lon], { draggable: true, icon: L.icon({ iconUrl: sign("done", 72).toDataURL(), iconSize: [36, 36] }), alt: element.dataset.label });
          pin.on("dragend", () => { const at = pin.getLatLng(); dragged(at.lng, at.lat); });
        }
        pin.setLatLng([lat, lon]).addTo(map);
      },
      unpin: () => { if (pin) pin.remove(); pin = null; },
      nudge: (lon, lat, x, y) => { const to = map.containerPointToLatLng(map.latLngToContainerPoint([lat, lon]).add([x, y])); return [to.lng, to.lat]; },
      middle: () => { const at = map.getCenter(); return [at.lng, at.lat]; },
    };
  }

  async function draw(element) {
    const given = element.dataset;
    element.hidden = false; // Its place is kept while it loads, so that the list does not jump.
    const [outlines, points, cells] = await Promise.all([geojson(given.outlines), geojson(given.points), geojson(given.hexagons && `${given.hexagons}&zoom=${Number(given.zoom) || 13}`)]);
    const center = given.center ? given.center.split(",").map(Number) : null;
    const bounds = given.bounds ? given.bounds.split(",").map(Number) : null;
    const box = bounds || (center ? null : around(outlines.features.length ? outlines : cells, points));
    if (!box && !center) throw new Error("the map has nothing to show");
    const options = { outlines, points, cells, hexagons: given.hexagons || "", center, box, zoom: Number(given.zoom) || 13, basemap: given.basemap, picking: given.mapMode === "pick" };
    const kind = strongEnough() ? strong : plain;
    const made = await kind(element, options);
    element.dataset.mapReady = kind === strong ? "maplibre" : "leaflet";
    element.linliMap = made;
    return made;
  }
  function give(element) {
    // The list beside says all the map would: without a map nobody is told of a fault they cannot mend.
    return draw(element).catch((error) => { element.hidden = true; console.warn(error); return null; });
  }

  // --- To say where ---------------------------------------------------------------------------------------------
  function picker(root) {
    const find = (name) => root.querySelector(`[data-pick-${name}]`);
    const [lon, lat, here, open, clear, text] = ["lon", "lat", "here", "open", "clear", "words"].map(find);
    const element = root.querySelector("[data-map]");
    let map = null;

    const placed = () => lon.value !== "" && lat.value !== "";
    function put(x, y, move, device) {
      lon.value = x.toFixed(6);
      lat.value = y.toFixed(6);
      text.textContent = text.dataset.pickFound;
      clear.hidden = false;
      if (map) { map.pin(x, y, put); if (move) map.go(x, y); }
      root.dispatchEvent(new CustomEvent("placed", { bubbles: true, detail: { lon: x, lat: y, device: device === true } }));
    }
    async function unfold() {
      if (!element) return; // 大字: there is no map, only where the device is.
      open.setAttribute("aria-expanded", "true");
      if (map) { element.hidden = false; map.resize(); return; }
      map = await give(element);
      if (!map) { open.hidden = true; return; }
      map.tapped((x, y) => put(x, y));
      if (placed()) put(Number(lon.value), Number(lat.value), true);
    }
    if (open) open.addEventListener("click", () => {
      if (open.getAttribute("aria-expanded") === "true") { element.hidden = true; open.setAttribute("aria-expanded", "false"); } else unfold();
    });
    here.addEventListener("click", () => {
      const denied = () => { text.textContent = text.dataset.pickDenied; unfold(); };
      if (!navigator.geolocation) { denied(); return; }
      navigator.geolocation.getCurrentPosition(async ({ coords }) => { await unfold(); put(coords.longitude, coords.latitude, true, true); }, denied, { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
    });
    clear.addEventListener("click", () => {
      lon.value = lat.value = "";
      if (map) map.unpin();
      clear.hidden = true;
      text.textContent = text.dataset.pickCleared;
      here.focus();
    });
    if (element) element.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-16, 0], ArrowRight: [16, 0], ArrowUp: [0, -16], ArrowDown: [0, 16] }[event.key];
      if (!map || (!step && event.key !== "Enter")) return;
      event.preventDefault();
      if (!placed()) put(...map.middle());
      else if (step) put(...map.nudge(Number(lon.value), Number(lat.value), ...step));
    });
    if (placed()) clear.hidden = false;
    for (const hidden of root.querySelectorAll(".script-only")) hidden.hidden = false;
    root.classList.add("ready");
  }

  function begin(root) {
    for (const each of root.querySelectorAll("[data-pick]")) if (!each.classList.contains("ready")) picker(each);
    for (const element of root.querySelectorAll('[data-map]:not([data-map-mode="pick"])')) {
      if (element.linliBegun) continue;
      element.linliBegun = true;
      give(element);
    }
  }
  begin(document);
  document.addEventListener("htmx:afterSettle", (event) => begin(event.target));
})();
