// What the parts of the folder's page that are fetched on demand may ask of the page.
import type { Entry } from "./entries.ts";

export type Words = Record<string, string>; // filled by folder_words.html, in the reader's language

export interface Host {
  readonly element: HTMLElement;
  readonly words: Words;
  readonly folder: string; // id
  readonly mayEdit: boolean;
  entries(): readonly Entry[]; // what is loaded, in the order shown
  reach(length: number): Promise<void>; // loads on
  refresh(focus?: string): Promise<void>; // the list again as the server has it
  focusOn(id: string | undefined): void;
  say(text: string): void; // to screen readers
}

// "%n% éléments": the form for one where there is one. Not {n}: the server fills that in.
export function counted(words: Words, key: string, n: number, values: Record<string, string> = {}): string {
  const one = document.documentElement.lang === "en" ? n === 1 : n < 2;
  return fill(words[one ? `${key}One` : `${key}Many`] ?? "", { n: String(n), ...values });
}

export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/%(\w+)%/g, (whole, name: string) => values[name] ?? whole);
}
