// Rows dragged with the mouse onto folders, the path above the list, the side column. A target says so with data-drop-to
// (id of a folder) or data-drop-trash; rows of folders are targets by themselves. Ctrl copies, as in every file manager.
import type { Entry } from "./entries.ts";
import { counted, type Host } from "./host.ts";

export type DropVerb = "move" | "copy" | "trash";

const kind = "application/x-preau-items";

export function dragRows(host: Host, chosen: (id: string) => Entry[], dropped: (verb: DropVerb, items: Entry[], to: string, name: string) => void): void {
  const root = host.element;
  let carried: Entry[] = [];
  let marked: Element | null = null;
  const mark = (target: Element | null): void => {
    marked?.classList.remove("target");
    target?.classList.add("target");
    marked = target;
  };
  root.addEventListener("dragstart", (event) => {
    const row = (event.target as Element).closest?.<HTMLElement>("tr[data-id]");
    if (!row || !event.dataTransfer) return;
    carried = chosen(row.dataset["id"]!);
    event.dataTransfer.setData(kind, carried.map((entry) => entry.id).join(" "));
    event.dataTransfer.effectAllowed = carried.every((entry) => entry.may_edit) ? "copyMove" : "copy";
    const badge = badgeOf(carried.length === 1 ? carried[0]!.name : counted(host.words, "items", carried.length));
    event.dataTransfer.setDragImage(badge, 12, 12);
    setTimeout(() => badge.remove());
    root.classList.add("dragging");
  });
  root.addEventListener("dragend", () => {
    mark(null);
    carried = [];
    root.classList.remove("dragging");
  });
  root.addEventListener("dragover", (event) => {
    if (!carried.length) return;
    const target = targetOf(event.target as Element, carried, host);
    mark(target);
    if (!target || !event.dataTransfer) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = event.ctrlKey && target.dataset["dropTrash"] === undefined ? "copy" : "move";
  });
  root.addEventListener("drop", (event) => {
    const target = carried.length ? targetOf(event.target as Element, carried, host) : null;
    if (!target) return;
    event.preventDefault();
    const verb = target.dataset["dropTrash"] !== undefined ? "trash" : event.ctrlKey ? "copy" : "move";
    dropped(verb, carried, placeOf(target), target.dataset["name"] ?? target.textContent!.trim());
  });
}

function targetOf(under: Element, carried: Entry[], host: Host): HTMLElement | null {
  const target = under.closest<HTMLElement>("[data-drop-to], [data-drop-trash], tr[data-id]");
  if (!target) return null;
  if (!target.matches("tr")) return placeOf(target) === host.folder && host.folder ? null : target;
  const entry = host.entries().find(({ id }) => id === target.dataset["id"]);
  const into = entry?.kind === "folder" && entry.may_edit && !carried.includes(entry);
  return into ? target : null;
}

// A row's own id, what the target says, or the last part of where it leads; empty: one's own space.
function placeOf(target: HTMLElement): string {
  return target.dataset["id"] ?? (target.dataset["dropTo"] || (/^\/files\/(.+)$/.exec(target.getAttribute("href") ?? "")?.[1] ?? ""));
}

function badgeOf(text: string): HTMLElement {
  const badge = document.createElement("div");
  badge.className = "drag-badge";
  badge.textContent = text;
  document.body.append(badge);
  return badge;
}
