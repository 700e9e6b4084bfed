// Map picker: division boundaries drawn from GeoJSON, no tiles from anywhere; fills the two coordinate fields.

import { icon, island, script, style } from "./load.js";

const PLACES = 6;

async function boundaries(element) {
  const inline = island(element.dataset.boundaries);
  if (inline || !element.dataset.boundariesUrl) return inline;
  const answer = await fetch(element.dataset.boundariesUrl);
  return answer.ok ? answer.json() : null;
}

function pin(L, sprite) {
  const holder = document.createElement("div");
  holder.append(icon(sprite, "map-pin"));
  return L.divIcon({ className: "sz-map-pin", html: holder.firstChild.outerHTML, iconSize: [36, 36], iconAnchor: [18, 34] });
}

/** Bring one picker to life. */
export async function connect(element) {
  const [shapes] = await Promise.all([boundaries(element), style(element.dataset.style), script(element.dataset.library)]);
  const L = window.L;
  const longitude = document.querySelector(element.dataset.longitude);
  const latitude = document.querySelector(element.dataset.latitude);
  element.hidden = false;
  const map = L.map(element, { attributionControl: false, zoomControl: false }).setView([27.6, 115.9], 6);
  L.control.zoom({ zoomInTitle: element.dataset.textIn, zoomOutTitle: element.dataset.textOut }).addTo(map);
  if (shapes) {
    const layer = L.geoJSON(shapes, { interactive: true, style: { weight: 1.5, fillOpacity: 0.85 } })
      .bindTooltip((shape) => shape.feature.properties?.name ?? "", { sticky: true }).addTo(map);
    map.fitBounds(layer.getBounds(), { padding: [8, 8] });
  }
  const marker = L.marker([0, 0], { icon: pin(L, element.dataset.sprite), keyboard: false });
  const show = () => {
    const point = [Number.parseFloat(latitude.value), Number.parseFloat(longitude.value)];
    if (point.every(Number.isFinite)) marker.setLatLng(point).addTo(map);
    else marker.remove();
  };
  map.on("click", ({ latlng }) => {
    longitude.value = latlng.lng.toFixed(PLACES);
    latitude.value = latlng.lat.toFixed(PLACES);
    longitude.dispatchEvent(new Event("change", { bubbles: true }));
    show();
  });
  longitude.addEventListener("change", show);
  latitude.addEventListener("change", show);
  show();
}
