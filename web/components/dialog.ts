// <dialog> as a question: opens, keeps the focus inside, answers what was pressed, gives the focus back.

// Resolves with the `value` of the button that closed it, or "" for Escape and a press outside.
export function ask(dialog: HTMLDialogElement): Promise<string> {
  const before = document.activeElement;
  dialog.returnValue = "";
  dialog.showModal();
  const outside = (event: MouseEvent): void => {
    if (event.target !== dialog) return; // the backdrop belongs to the dialog itself
    const box = dialog.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) dialog.close("");
  };
  dialog.addEventListener("mousedown", outside);
  return new Promise((resolve) => {
    dialog.addEventListener(
      "close",
      () => {
        dialog.removeEventListener("mousedown", outside);
        if (before instanceof HTMLElement) before.focus();
        resolve(dialog.returnValue);
      },
      { once: true },
    );
  });
}
