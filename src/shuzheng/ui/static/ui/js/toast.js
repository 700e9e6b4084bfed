// A short message that does not interrupt.

/** Show a message for some seconds; tone is green, amber, red or blue. */
export function toast(message, tone = "blue", seconds = 8) {
  const box = document.createElement("div");
  box.className = `sz-alert sz-tone-${tone}`;
  box.textContent = message;
  document.getElementById("toasts").append(box);
  setTimeout(() => box.remove(), seconds * 1000);
}
