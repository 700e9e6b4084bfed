// Forms: the CSRF header for htmx, no double sending, plain words when the network fails, masked values on request;
// what a person types while the server draws the form anew is put back into it.

import { toast } from "./toast.js";

function token() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

function busy(form, on) {
  for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) {
    if (on) button.setAttribute("aria-busy", "true");
    else button.removeAttribute("aria-busy");
  }
  form.toggleAttribute("data-sending", on);
}

async function reveal(form) {
  const place = form.closest(".sz-masked").querySelector("[data-masked]");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.title);
    place.textContent = body.value;
    form.remove();
  } catch (error) {
    toast(error.message || document.body.dataset.textFailed, "red");
  }
}

const TYPED = "input[id]:not([type=hidden], [type=file]), textarea[id], select[id]";
const sent = new WeakMap();

function entered(place) {
  return new Map([...place.querySelectorAll(TYPED)].map((field) => [field.id, field.matches("[type=checkbox], [type=radio]") ? field.checked : field.value]));
}

/** Carry over into the new form what was entered since the old one was sent. */
function carryOver(event) {
  const { target, xhr, shouldSwap } = event.detail;
  const before = sent.get(xhr);
  if (!before || !shouldSwap || !target.isConnected) return;
  const late = [...entered(target)].filter(([id, value]) => before.has(id) && before.get(id) !== value);
  if (late.length) document.addEventListener("htmx:afterSwap", () => putBack(late), { once: true });
}

/** Enter values again, and let the last one on which the form depends have its effect. */
function putBack(values) {
  const fields = values.map(([id, value]) => {
    const field = document.getElementById(id);
    if (field && typeof value === "boolean") field.checked = value;
    else if (field) field.value = value;
    return field;
  });
  const live = fields.filter((field) => field?.hasAttribute("hx-post")).at(-1);
  if (live) setTimeout(() => live.dispatchEvent(new Event("change", { bubbles: true })));
}

/** Follow every form of the page, present and future. */
export function connect(root) {
  root.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = token(); });
  root.addEventListener("htmx:beforeSend", (event) => sent.set(event.detail.xhr, entered(event.detail.target)));
  root.addEventListener("htmx:beforeSwap", carryOver);
  root.addEventListener("htmx:sendError", () => toast(document.body.dataset.textOffline, "red"));
  root.addEventListener("htmx:responseError", () => toast(document.body.dataset.textFailed, "red"));
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog") return;
    if (form.matches("[data-reveal]")) {
      event.preventDefault();
      reveal(form);
    } else if (form.hasAttribute("data-sending")) {
      event.preventDefault();
    } else if (!event.defaultPrevented && form.method === "post") {
      setTimeout(() => busy(form, true));
    }
  });
  root.addEventListener("htmx:afterRequest", (event) => { if (event.target.matches?.("form")) busy(event.target, false); });
  addEventListener("pageshow", () => root.querySelectorAll("form[data-sending]").forEach((form) => busy(form, false)));
}
