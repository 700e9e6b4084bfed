// Forms that the server draws anew or saves while a person fills them in: what is typed meanwhile is carried over, and
// sending waits for what is still under way, so that the last word is the person's.

const TYPED = "input[id]:not([type=hidden], [type=file]), textarea[id], select[id]";
/** What each request found in the place that its answer will replace. */
const found = new WeakMap();
/** Requests under way by form, and the button with which the person has sent the form meanwhile. */
const busy = new Map();

function entered(place) {
  const value = (field) => (field.matches("[type=checkbox], [type=radio]") ? field.checked : field.value);
  return new Map([...place.querySelectorAll(TYPED)].map((field) => [field.id, value(field)]));
}

function departed({ detail: { elt, target, xhr } }) {
  found.set(xhr, entered(target));
  const form = elt.closest("form");
  if (!form) return;
  const state = busy.get(form) ?? { requests: 0, sent: false, submitter: null };
  state.requests += 1;
  busy.set(form, state);
  xhr.addEventListener("loadend", () => arrived(form, state));
}

function arrived(form, state) {
  state.requests -= 1;
  if (state.requests) return;
  busy.delete(form);
  if (state.sent) form.requestSubmit(state.submitter?.isConnected ? state.submitter : undefined);
}

function carryOver({ detail: { target, xhr, shouldSwap } }) {
  const before = found.get(xhr);
  if (!before || !shouldSwap || !target.isConnected) return;
  const late = [...entered(target)].filter(([id, value]) => before.has(id) && before.get(id) !== value);
  if (late.length) document.addEventListener("htmx:afterSwap", () => enter(late), { once: true });
}

/** Enter values again, and let the last one on which the form depends have its effect. */
function enter(values) {
  const fields = values.map(([id, value]) => {
    const field = document.getElementById(id);
    if (field && typeof value === "boolean") field.checked = value;
    else if (field) field.value = value;
    return field;
  });
  const live = fields.filter((field) => field?.hasAttribute("hx-post")).at(-1);
  if (live) setTimeout(() => live.dispatchEvent(new Event("change", { bubbles: true })));
}

/** Say whether sending a form has to wait; it is sent by itself once nothing is under way. */
export function wait({ target: form, submitter }) {
  const state = busy.get(form);
  if (!state) return false;
  Object.assign(state, { sent: true, submitter });
  return true;
}

/** Follow the requests of every form of the page, present and future. */
export function connect(root) {
  root.addEventListener("htmx:beforeSend", departed);
  root.addEventListener("htmx:beforeSwap", carryOver);
}
