// What the bar's menus gain with script. They are <details>: they open, close and are announced without any, on every
// browser that we name; `popover` would need a replacement on Safari 15 and Chrome 109. Added here: Escape and a press
// elsewhere close an open menu, opening one closes the others, arrows walk through its entries.
const menus = (): HTMLDetailsElement[] => [...document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")];

function close(menu: HTMLDetailsElement, takeFocus: boolean): void {
  menu.open = false;
  if (takeFocus) menu.querySelector("summary")?.focus();
}

function walk(menu: HTMLDetailsElement, step: 1 | -1): void {
  const entries = [...menu.querySelectorAll<HTMLElement>(".panel a[href], .panel button:not([disabled])")];
  const at = entries.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 ? (step > 0 ? 0 : entries.length - 1) : (at + step + entries.length) % entries.length;
  entries[next]?.focus();
}

document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target as Node)) close(menu, false);
});

document.addEventListener("keydown", (event) => {
  const inside = (event.target as Element).closest?.<HTMLDetailsElement>("details.menu[open]");
  if (event.key === "Escape") for (const menu of menus()) close(menu, menu === inside);
  if (!inside || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
  event.preventDefault();
  walk(inside, event.key === "ArrowDown" ? 1 : -1);
});

document.addEventListener("focusout", (event) => {
  const menu = (event.target as Element).closest?.<HTMLDetailsElement>("details.menu[open]");
  if (menu && event.relatedTarget instanceof Node && !menu.contains(event.relatedTarget)) close(menu, false);
});

export {};
