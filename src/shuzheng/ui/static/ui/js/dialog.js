// Dialogs: <button data-dialog="id"> opens <dialog id="id">; a click on the backdrop closes it.

/** Follow every opener and dialog of the page. */
export function connect(root) {
  root.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      event.preventDefault();
      document.getElementById(opener.dataset.dialog)?.showModal();
    } else if (event.target.matches("dialog.sz-dialog")) {
      event.target.close();
    } else if (event.target.closest("[data-dialog-close]")) {
      event.target.closest("dialog").close();
    }
  });
}
