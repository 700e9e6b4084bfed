// Libraries are fetched only by pages that show the component which needs them.

const loading = new Map();

/** Load a classic script once; resolves when it has run. */
export function script(url) {
  return once(url, () => Object.assign(document.createElement("script"), { src: url, async: true }));
}

/** Load a style sheet once. */
export function style(url) {
  return once(url, () => Object.assign(document.createElement("link"), { rel: "stylesheet", href: url }));
}

function once(url, create) {
  if (!loading.has(url)) {
    loading.set(url, new Promise((resolve, reject) => {
      const element = create();
      element.onload = resolve;
      element.onerror = () => { loading.delete(url); element.remove(); reject(new Error(url)); };
      document.head.append(element);
    }));
  }
  return loading.get(url);
}

/** The data of a JSON island, or null. */
export function island(selector) {
  const element = selector && document.querySelector(selector);
  return element ? JSON.parse(element.textContent) : null;
}

/** Draw an icon of the sprite. */
export function icon(sprite, name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "sz-icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}
