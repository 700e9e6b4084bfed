// Forms: the CSRF header for htmx, no double sending, plain words when the network fails, masked values on request.

import { connect as live, wait } from "./live.js";
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

/** Follow every form of the page, present and future. */
export function connect(root) {
  root.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = token(); });
  live(root);
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
      if (wait(event)) event.preventDefault();
      else setTimeout(() => busy(form, true));
    }
  });
  root.addEventListener("htmx:afterRequest", (event) => { if (event.target.matches?.("form")) busy(event.target, false); });
  addEventListener("pageshow", () => root.querySelectorAll("form[data-sending]").forEach((form) => busy(form, false)));
}
