// Process diagrams: the bpmn.io viewer, with the steps done and the present step lit.

import { script, style } from "./load.js";

const SMALLEST = 0.6;
const MARGIN = 80;
/** Room for the bpmn.io mark, which its licence wants to be seen. */
const MARK = 36;
const TALLEST = 420;

async function source(element) {
  const inline = document.querySelector(element.dataset.source);
  if (inline) return inline.content.textContent;
  const answer = await fetch(element.dataset.url);
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.text();
}

function light(canvas, registry, ids, marker) {
  for (const id of (ids || "").split(" ").filter(Boolean)) {
    if (registry.get(id)) canvas.addMarker(id, marker);
  }
}

/** Give the box the diagram's height; where it would become too small to read, keep it legible and show the present step. */
function frame(element, canvas, registry) {
  const { x: left, width, height } = canvas.viewbox().inner;
  const scale = Math.min(1, Math.max(SMALLEST, element.clientWidth / (width + MARGIN)));
  element.style.height = `${Math.min(TALLEST, height * scale + MARGIN + MARK)}px`;
  canvas.resized();
  canvas.zoom("fit-viewport", "auto");
  const now = registry.get((element.dataset.now || "").split(" ")[0]);
  if (canvas.zoom() < SMALLEST && now) {
    const [wide, high] = [element.clientWidth / SMALLEST, element.clientHeight / SMALLEST];
    const end = left + width + MARGIN / 2 - wide;
    const x = Math.max(left - MARGIN / 2, Math.min(now.x + now.width / 2 - wide / 2, end));
    canvas.viewbox({ x, y: now.y + now.height / 2 - high / 2 + MARK / 2, width: wide, height: high });
  }
}

/** Show one diagram. */
export async function connect(element) {
  const [xml] = await Promise.all([
    source(element), script(element.dataset.library), ...element.dataset.style.split(" ").map(style),
  ]);
  element.hidden = false;
  const viewer = new window.BpmnJS({ container: element });
  await viewer.importXML(xml);
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  light(canvas, registry, element.dataset.done, "is-done");
  light(canvas, registry, element.dataset.now, "is-now");
  frame(element, canvas, registry);
}
