// Short messages at the foot of the page. The shell brings the live region, so that screen readers say them.
import { text } from "./texts.ts";

export type Mood = "plain" | "bad";

export interface Action { // "Annuler": what was done can be taken back from here
  label: string;
  act: () => void;
}

// Stays 6 seconds (12 with an action), and as long as somebody points at it or reads it; a bad one stays until it is closed.
export function toast(message: string, mood: Mood = "plain", action?: Action): void {
  const region = document.querySelector("[data-toasts]");
  if (!region) return;
  const line = document.createElement("p");
  line.className = mood === "bad" ? "toast bad" : "toast";
  const words = document.createElement("span");
  words.className = "grow";
  words.textContent = message;
  line.append(words);
  if (action) line.append(actionButton(line, action));
  line.append(closeButton(line));
  region.append(line);
  if (mood === "bad") return;
  const leave = (): void => {
    if (line.matches(":hover, :focus-within")) setTimeout(leave, 2000);
    else line.remove();
  };
  setTimeout(leave, action ? 12_000 : 6000);
}

function actionButton(line: HTMLElement, { label, act }: Action): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button"; // its own ground: it reads on the toast in every theme
  button.textContent = label;
  button.addEventListener("click", () => {
    line.remove();
    act();
  });
  return button;
}

function closeButton(line: HTMLElement): HTMLElement {
  const close = document.createElement("button");
  close.className = "round";
  close.type = "button";
  close.setAttribute("aria-label", text("close"));
  close.textContent = "✕";
  close.addEventListener("click", () => line.remove());
  return close;
}
