// Uploader: files travel in pieces (tus 1.0) and go on after a lost connection. Each finished file becomes a hidden
// field with its id; without this script the plain file field is sent with the form.

import { script } from "./load.js";
import { toast } from "./toast.js";

const PIECE = 1024 * 1024;
const RETRIES = [0, 1000, 3000, 8000, 15000];

function csrf() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

function row(box, file) {
  const item = document.createElement("li");
  const name = Object.assign(document.createElement("span"), { textContent: file.name });
  const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
  bar.setAttribute("aria-label", file.name);
  const note = Object.assign(document.createElement("span"), { className: "sz-upload-note", textContent: box.dataset.textWait });
  const again = Object.assign(document.createElement("button"), { type: "button", className: "sz-link", textContent: box.dataset.textRetry, hidden: true });
  const remove = Object.assign(document.createElement("button"), { type: "button", className: "sz-link", textContent: box.dataset.textRemove });
  const acts = document.createElement("span");
  acts.append(again, remove);
  item.append(document.createElement("span"), name, acts, bar, note);
  return { item, name, bar, note, again, remove };
}

function message(error, fallback) {
  try {
    return JSON.parse(error.originalResponse.getBody()).title || fallback;
  } catch {
    return fallback;
  }
}

function finish(box, parts, answer) {
  const id = answer.getHeader("Shuzheng-File-Id");
  if (id) parts.name.append(Object.assign(document.createElement("input"), { type: "hidden", name: box.dataset.name, value: id }));
  parts.bar.remove();
  parts.item.classList.add("is-done");
  parts.note.textContent = box.dataset.textDone;
  box.dispatchEvent(new CustomEvent("shuzheng:uploaded", { bubbles: true, detail: { id } }));
}

function send(box, file) {
  const parts = row(box, file);
  box.querySelector("ul").append(parts.item);
  const upload = new window.tus.Upload(file, {
    endpoint: box.dataset.endpoint,
    chunkSize: PIECE,
    retryDelays: RETRIES,
    removeFingerprintOnSuccess: true,
    metadata: { filename: file.name, filetype: file.type },
    onBeforeRequest: (request) => { request.setHeader("X-CSRFToken", csrf()); request.setHeader("Accept", "application/json"); },
    onProgress: (sent, total) => {
      parts.bar.value = Math.round((sent / total) * 100);
      parts.note.textContent = `${box.dataset.textSent} ${parts.bar.value}%`;
    },
    onSuccess: ({ lastResponse }) => finish(box, parts, lastResponse),
    onError: (error) => {
      parts.item.classList.add("is-failed");
      parts.note.textContent = message(error, box.dataset.textFailed);
      parts.again.hidden = false;
    },
  });
  parts.again.addEventListener("click", () => {
    parts.again.hidden = true;
    parts.item.classList.remove("is-failed");
    upload.start();
  });
  parts.remove.addEventListener("click", () => { upload.abort(true).catch(() => {}); parts.item.remove(); });
  upload.findPreviousUploads().then(([earlier]) => {
    if (earlier) upload.resumeFromPreviousUpload(earlier);
    upload.start();
  });
}

/** Bring one uploader to life. */
export async function connect(box) {
  await script(box.dataset.library);
  const input = box.querySelector("input[type=file]");
  const take = (files) => {
    for (const file of [...files]) {
      if (file.size > Number(box.dataset.max)) toast(`${file.name}: ${box.dataset.textLarge}`, "red");
      else send(box, file);
    }
    if (files.length) input.required = false;
    input.value = "";
  };
  input.addEventListener("change", () => take(input.files));
  take(input.files); // chosen before this script arrived
  box.addEventListener("dragover", (event) => { event.preventDefault(); box.classList.add("is-over"); });
  box.addEventListener("dragleave", () => box.classList.remove("is-over"));
  box.addEventListener("drop", (event) => { event.preventDefault(); box.classList.remove("is-over"); take(event.dataTransfer.files); });
  for (const button of box.querySelectorAll("[data-upload-remove]")) {
    button.hidden = false;
    button.addEventListener("click", () => button.closest("li").remove());
  }
}
