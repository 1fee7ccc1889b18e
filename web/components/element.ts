// Elements from script: Trusted Types refuse markup from strings, so they are built.

// make("td", { class: "wide", "aria-label": "…" }, child, "text"). An attribute that is false or undefined is left out.
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name, attributes: Record<string, string | number | boolean | undefined> = {}, ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : String(value));
  element.append(...children);
  return element;
}

const svg = "http://www.w3.org/2000/svg";
let sprite = "";

// One of the sprite's icons; its name stands in web/icons.txt or on a page.
export function icon(name: string): SVGSVGElement {
  const drawing = document.createElementNS(svg, "svg");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  drawing.append(document.createElementNS(svg, "use"));
  setIcon(drawing, name);
  return drawing;
}

export function setIcon(drawing: Element, name: string): void {
  sprite ||= document.querySelector("svg.icon use")?.getAttribute("href")?.split("#")[0] ?? "";
  const use = drawing.firstElementChild!;
  const address = `${sprite}#${name}`;
  if (use.getAttribute("href") !== address) use.setAttribute("href", address); // setting it draws it anew, even if it is the same
}
