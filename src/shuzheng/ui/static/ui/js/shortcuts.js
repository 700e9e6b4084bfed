// Keyboard: any element with data-key="x" or data-key="g x" is pressed by that key; j and k walk through rows; ? shows all.

const EDITABLE = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]";
let pending = "";
let timer = 0;

function visible(element) {
  return element.getClientRects().length > 0;
}

function target(keys) {
  const scope = document.querySelector("dialog[open]") ?? document;
  return [...scope.querySelectorAll(`[data-key="${CSS.escape(keys)}"]`)].find(visible);
}

function press(element) {
  if (element.matches(EDITABLE)) element.focus();
  else element.click();
}

function walk(step) {
  const links = [...document.querySelectorAll("[data-rows] tr, .sz-items > li")]
    .map((row) => row.querySelector("a, button")).filter((link) => link && visible(link));
  if (!links.length) return;
  const here = links.findIndex((link) => link.closest("tr, li")?.contains(document.activeElement));
  links[Math.min(Math.max(here + step, 0), links.length - 1)].focus();
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.target.closest(EDITABLE)) return;
  if (event.key === "j" || event.key === "k") {
    if (!pending && !document.querySelector("dialog[open]")) return walk(event.key === "j" ? 1 : -1);
  }
  const keys = pending ? `${pending} ${event.key}` : event.key;
  const element = target(keys);
  clearTimeout(timer);
  pending = "";
  if (element) {
    event.preventDefault();
    press(element);
  } else if (document.querySelector(`[data-key^="${CSS.escape(event.key)} "]`)) {
    pending = event.key;
    timer = setTimeout(() => { pending = ""; }, 1200);
  }
}

function name(element) {
  const label = element.dataset.keyLabel || element.getAttribute("aria-label") || element.placeholder;
  if (label) return label;
  const copy = element.cloneNode(true);
  copy.querySelectorAll("kbd, .sz-count, svg").forEach((part) => part.remove());
  return copy.textContent.trim();
}

function fill(sheet) {
  const { textDown, textUp, textOpen } = sheet.dataset;
  const known = [["j", textDown], ["k", textUp], ["Enter", textOpen]];
  const found = [...document.querySelectorAll("[data-key]")].filter(visible).map((e) => [e.dataset.key, name(e)]);
  sheet.replaceChildren(...[...known, ...found].flatMap(([keys, text]) => {
    const term = document.createElement("dt");
    for (const key of keys.split(" ")) term.append(Object.assign(document.createElement("kbd"), { textContent: key }), " ");
    return [term, Object.assign(document.createElement("dd"), { textContent: text })];
  }));
}

/** Follow the keyboard of pages that have a shortcut sheet. */
export function connect(root) {
  const sheet = root.querySelector("[data-shortcuts]");
  if (!sheet) return;
  root.addEventListener("keydown", onKey);
  root.querySelector('[data-dialog="shortcuts"]')?.addEventListener("click", () => fill(sheet));
}
