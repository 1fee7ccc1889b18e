// One row of a folder as script draws it: the same cells as folder_row.html, one height, filled again and again while the list
// scrolls. In the view of tiles the cells are the same and the style sheet arranges them.
import { icon, make, setIcon } from "preau/element.ts";
import { size } from "preau/format.ts";
import type { Entry } from "./entries.ts";

export interface RowWords {
  select: string; // "Sélectionner %name%"
  actions: string; // "Actions pour %name%"
  star: string; // "Favori : %name%"
  by: string; // "Partagé par %name%"
  shortcutNamed: string; // "%name% (raccourci)"
}

export interface RowState {
  index: number;
  tiles: boolean;
  count: number;
  selected: boolean;
  current: boolean; // the one that Tab reaches
}

interface Parts {
  pick: HTMLInputElement;
  mark: HTMLElement;
  drawing: SVGSVGElement;
  badge: HTMLElement; // on the icon of a shortcut
  picture: HTMLImageElement;
  link: HTMLAnchorElement;
  stem: HTMLElement;
  ending: HTMLElement;
  line: HTMLElement;
  star: HTMLButtonElement;
  chip: HTMLAnchorElement;
  chipIcon: SVGSVGElement;
  chipText: HTMLElement;
  changed: HTMLElement;
  size: HTMLElement;
  more: HTMLButtonElement;
  cells: HTMLElement[];
}

const parts = new WeakMap<HTMLElement, Parts>();

export function createRow(favourites: boolean): HTMLElement {
  const drawing = icon("file");
  const badge = make("span", { class: "badge", hidden: true }, icon("arrow-up-right"));
  const chipText = make("span", { class: "clip" });
  const chipIcon = icon("lock");
  const own: Parts = {
    pick: make("input", { type: "checkbox", tabindex: -1 }),
    mark: make("span", { class: "mark" }, drawing, badge),
    drawing, badge,
    picture: make("img", { alt: "", loading: "lazy", decoding: "async", draggable: "false", hidden: true }),
    link: make("a", { draggable: "false" }),
    stem: make("span", { class: "clip" }),
    ending: make("span"),
    line: make("span", { class: "narrow-line soft small clip" }),
    star: make("button", { class: "round star", type: "button", tabindex: -1, "data-star": true, hidden: !favourites }, icon("star")),
    chip: make("a", { class: "chip", tabindex: -1 }, chipIcon, chipText),
    chipIcon, chipText,
    changed: make("td", { class: "wide soft nowrap changed" }),
    size: make("td", { class: "wide soft right nowrap number size" }),
    more: make("button", { class: "round", type: "button", tabindex: -1, "data-row-menu": true, "aria-haspopup": "menu" }, icon("dots")),
    cells: [],
  };
  own.link.append(own.stem, own.ending);
  own.picture.addEventListener("error", () => showPicture(own, "")); // no preview of this one after all
  own.cells = [
    make("td", { class: "pick" }, own.pick), make("td", { class: "sort" }, own.mark, own.picture),
    make("td", { class: "title" }, own.link, own.line), make("td", { class: "starred" }, own.star),
    make("td", { class: "wide who" }, own.chip), own.changed, own.size, make("td", { class: "more" }, own.more),
  ];
  const row = make("tr", {}, ...own.cells);
  parts.set(row, own);
  return row;
}

export function paintRow(row: HTMLElement, entry: Entry | undefined, state: RowState, words: RowWords): void {
  const own = parts.get(row)!;
  setRoles(row, own, state);
  if (!entry) return paintEmpty(row, own);
  row.dataset["id"] = entry.id;
  row.dataset["name"] = entry.name;
  row.dataset["index"] = String(state.index);
  row.className = entry.hue + (state.selected ? " selected" : "");
  row.draggable = true;
  const named = (text: string): string => text.replace("%name%", entry.name);
  own.pick.checked = state.selected;
  own.pick.setAttribute("aria-label", named(words.select));
  setIcon(own.drawing, entry.icon);
  own.badge.hidden = !entry.shortcut;
  own.mark.classList.toggle("shortcut", entry.shortcut ?? false);
  showPicture(own, state.tiles ? (entry.thumbnail ?? "") : "");
  own.link.href = entry.url;
  own.link.tabIndex = state.current ? 0 : -1;
  own.link.setAttribute("aria-label", entry.shortcut ? named(words.shortcutNamed) : entry.name); // its two halves are boxes, which would be read with a pause between
  own.link.title = entry.name.length > 24 ? entry.name : "";
  const dot = entry.kind === "file" ? entry.name.lastIndexOf(".") : -1;
  const cut = dot > 0 && entry.name.length - dot <= 6 ? dot : entry.name.length;
  own.stem.textContent = entry.name.slice(0, cut);
  own.ending.textContent = entry.name.slice(cut);
  own.line.textContent = entry.copying ? entry.copying : entry.shared_by ? `${words.by.replace("%name%", entry.shared_by)} · ${entry.changed}` : `${entry.audience.text} · ${entry.changed}`;
  own.line.classList.toggle("always", Boolean(entry.copying ?? entry.shared_by));
  own.star.setAttribute("aria-pressed", String(entry.favourite ?? false));
  own.star.setAttribute("aria-label", named(words.star));
  paintChip(own, entry);
  own.changed.textContent = entry.changed;
  own.size.textContent = entry.extent ?? (entry.size == null ? "" : size(entry.size));
  own.more.setAttribute("aria-label", named(words.actions));
}

function paintChip(own: Parts, entry: Entry): void {
  setIcon(own.chipIcon, entry.audience.icon);
  own.chipText.textContent = entry.audience.text;
  if (entry.may_manage) {
    own.chip.href = `/share/${entry.id}`;
    own.chip.dataset["share"] = entry.id;
  } else {
    own.chip.removeAttribute("href");
    delete own.chip.dataset["share"];
  }
}

// Not here yet: a grey line, shown by the style sheet after 300 ms only.
function paintEmpty(row: HTMLElement, own: Parts): void {
  row.className = "waiting";
  row.draggable = false;
  delete row.dataset["id"];
  delete row.dataset["index"];
  own.stem.textContent = "";
  own.ending.textContent = own.line.textContent = own.changed.textContent = own.size.textContent = "";
  own.link.removeAttribute("href");
  own.link.tabIndex = -1;
  showPicture(own, "");
}

function showPicture(own: Parts, address: string): void {
  if (own.picture.getAttribute("src") !== address) {
    if (address) own.picture.src = address;
    else own.picture.removeAttribute("src");
  }
  own.picture.hidden = !address;
  own.mark.hidden = Boolean(address);
}

// A grid of rows, or a list of tiles: where this one stands is said out loud, although its neighbours are not in the document.
function setRoles(row: HTMLElement, own: Parts, state: RowState): void {
  if (state.tiles) {
    row.setAttribute("role", "listitem");
    row.setAttribute("aria-posinset", String(state.index + 1));
    row.setAttribute("aria-setsize", String(state.count));
    row.removeAttribute("aria-rowindex");
    row.removeAttribute("aria-selected");
  } else {
    row.setAttribute("role", "row");
    row.setAttribute("aria-rowindex", String(state.index + 2)); // the head of the table is the first
    row.setAttribute("aria-selected", String(state.selected));
    row.removeAttribute("aria-posinset");
    row.removeAttribute("aria-setsize");
  }
  const role = state.tiles ? "presentation" : "gridcell";
  if (own.cells[0]!.getAttribute("role") !== role) for (const cell of own.cells) cell.setAttribute("role", role);
}
