// The desk's own comfort: the row at hand answers to t, a standard text goes into its field, an act opens beside the case,
// and Ctrl+Enter sends it.

function atHand(root) {
  const buttons = [...root.querySelectorAll("[data-take]")];
  if (!buttons.length) return;
  buttons[0].dataset.key = "t";
  root.addEventListener("focusin", (event) => {
    const own = event.target.closest("tr")?.querySelector("[data-take]");
    if (!own) return;
    buttons.forEach((button) => delete button.dataset.key);
    own.dataset.key = "t";
  });
}

function phrases(root) {
  root.querySelectorAll("[data-phrase]").forEach((button) => { button.hidden = false; });
}

function insert(event) {
  const button = event.target.closest?.("[data-phrase]");
  const field = button && document.getElementById(button.dataset.phrase);
  if (!field) return;
  field.value = `${field.value}${field.value ? "\n" : ""}${button.textContent.trim()}`;
  field.focus();
}

function copying(root) {
  root.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = !navigator.clipboard; });
}

function copied(event) {
  const button = event.target.closest?.("[data-copy]");
  const field = button && document.getElementById(button.dataset.copy);
  if (field) navigator.clipboard.writeText(field.value).then(() => button.classList.add("is-done"), () => field.select());
}

function opened(event) {
  const act = document.getElementById("act");
  if (!act || !document.querySelector(".of-case") || event.detail.target.id !== "act") return;
  phrases(act);
  (act.querySelector("[role=alert], input:not([type=hidden]), textarea, select, button[type=submit]") ?? act).focus();
}

function sendByKey(event) {
  const form = event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.closest?.("#act form");
  if (form) form.requestSubmit(form.querySelector("button[type=submit]:not([name])"));
}

atHand(document);
phrases(document);
copying(document);
document.addEventListener("click", insert);
document.addEventListener("click", copied);
document.addEventListener("keydown", sendByKey);
document.addEventListener("htmx:afterSettle", opened);
