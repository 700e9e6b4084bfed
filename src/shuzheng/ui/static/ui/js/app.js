// Entry point: brings the components on a page to life, and again those that htmx swaps in.
// Every component works without this file.

import { connect as forms } from "./forms.js";
import { connect as dialogs } from "./dialog.js";
import { connect as shortcuts } from "./shortcuts.js";

const COMPONENTS = {
  "[data-upload]": () => import("./upload.js"),
  "[data-map]": () => import("./map.js"),
  "[data-bpmn]": () => import("./bpmn.js"),
  "[data-chart]": () => import("./chart.js"),
};

async function enliven(root) {
  for (const [selector, load] of Object.entries(COMPONENTS)) {
    const found = [...root.querySelectorAll(`${selector}:not([data-alive])`)];
    if (!found.length) continue;
    found.forEach((element) => { element.dataset.alive = ""; });
    const { connect } = await load();
    found.forEach((element) => connect(element).catch((error) => console.warn(error)));
  }
  for (const button of root.querySelectorAll("[data-print]")) button.hidden = false;
}

forms(document);
dialogs(document);
shortcuts(document);
enliven(document);
document.addEventListener("htmx:load", (event) => enliven(event.detail.elt));
document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) print(); });
document.querySelector("[data-autofocus]")?.focus();
