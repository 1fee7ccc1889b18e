// The menu of a row, by its button, the right mouse button or the keyboard: what can be done with it, or with all that are chosen.
import { icon, make } from "preau/element.ts";
import type { Entry } from "./entries.ts";
import { counted, type Host } from "./host.ts";

interface Choice {
  act: string;
  icon: string;
  word: string;
  href?: string;
  danger?: boolean;
}

const holds = (entry: Entry): boolean => entry.kind === "folder" || entry.kind === "handin";

function choices(host: Host, items: readonly Entry[]): Choice[] {
  const { words } = host;
  const only = items.length === 1 ? items[0] : undefined;
  const list: (Choice | false | null | undefined)[] = [
    only && { act: "open", icon: only.kind === "file" ? "eye" : "folder", word: words["open"]! },
    only?.kind === "file" && { act: "", icon: "info-circle", word: words["details"]!, href: only.url },
    only && holds(only) && { act: "", icon: "message", word: words["comments"]!, href: `/comments/${only.id}` },
    only && holds(only) && only.may_edit && { act: "", icon: "history", word: words["activity"]!, href: `/activity/${only.id}` },
    only?.kind === "file" ? { act: "", icon: "download", word: words["download"]!, href: `/files/${only.id}/download` }
      : !only?.shortcut && { act: "zip", icon: "download", word: words["zip"]! },
    only?.may_manage && { act: "share", icon: "share", word: words["share"]! },
    Boolean(only?.see_as) && { act: "see-as", icon: "eye-check", word: words["seeAs"]! },
    only?.may_edit && !only.shortcut && { act: "rename", icon: "pencil", word: words["rename"]! },
    items.every((entry) => entry.may_edit) && { act: "move", icon: "folder-symlink", word: words["move"]! },
    { act: "copy", icon: "copy", word: words["copy"]! },
    only && { act: "shortcut", icon: "arrow-guide", word: words["shortcut"]! },
    host.element.dataset["favourites"] !== undefined && only && { act: "star", icon: "star", word: words[only.favourite ? "unstar" : "starIt"]! },
    only && host.element.dataset["gathered"] === "shared" && { act: "hide", icon: "eye-off", word: words["hide"]! },
    only?.may_leave && { act: "leave", icon: "logout", word: words["leave"]! },
    only && { act: "select", icon: "checkbox", word: words["selectIt"]! },
    items.every((entry) => entry.may_edit) && { act: "trash", icon: "trash", word: words["toTrash"]!, danger: true },
  ];
  return list.filter((choice): choice is Choice => Boolean(choice));
}

// Answers nothing: `act` is called with what was chosen, `back` when it closes without.
export function openMenu(host: Host, items: Entry[], at: { x: number; y: number; end?: boolean }, act: (name: string) => void, back: () => void): void {
  document.querySelector("[data-open-menu]")?.remove();
  const label = items.length === 1 ? host.words["actions"]!.replace("%name%", items[0]!.name) : counted(host.words, "selected", items.length);
  const menu = make("div", { class: "panel floating", role: "menu", "aria-label": label, "data-open-menu": true });
  for (const choice of choices(host, items)) {
    const attributes = { role: "menuitem", tabindex: -1, class: choice.danger ? "danger" : undefined };
    const entry = choice.href
      ? make("a", { ...attributes, href: choice.href }, icon(choice.icon), choice.word)
      : make("button", { ...attributes, type: "button" }, icon(choice.icon), choice.word);
    if (choice.act) entry.dataset["choice"] = choice.act;
    menu.append(entry);
  }
  const entries = [...menu.children] as HTMLElement[];
  const close = new AbortController();
  const leave = (): void => {
    close.abort();
    menu.remove();
  };
  menu.addEventListener("click", (event) => {
    const chosen = (event.target as Element).closest<HTMLElement>("[role=menuitem]");
    if (!chosen) return;
    leave();
    if (chosen.dataset["choice"]) {
      back();
      act(chosen.dataset["choice"]);
    }
  });
  menu.addEventListener("keydown", (event) => {
    const index = entries.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: entries.length - 1 }[event.key];
    if (to !== undefined) entries[(to + entries.length) % entries.length]?.focus();
    else if (event.key === "Escape" || event.key === "Tab") {
      leave();
      back();
    } else {
      const letter = event.key.toLowerCase();
      const next = [...entries.slice(index + 1), ...entries].find((entry) => entry.textContent?.trim().toLowerCase().startsWith(letter));
      if (event.key.length !== 1 || event.key === " " || !next) return;
      next.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  });
  addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target as Node)) leave();
  }, { signal: close.signal });
  addEventListener("scroll", leave, { signal: close.signal, passive: true });
  host.element.append(menu);
  const { offsetWidth: width, offsetHeight: height } = menu;
  menu.style.left = `${Math.max(8, Math.min(at.end ? at.x - width : at.x, innerWidth - width - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(at.y, innerHeight - height - 8))}px`;
  entries[0]?.focus({ preventScroll: true });
}
