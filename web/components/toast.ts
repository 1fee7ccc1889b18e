// Short messages at the foot of the page. The shell brings the live region, so that screen readers say them.
import { text } from "./texts.ts";

export type Mood = "plain" | "bad";

// Stays 6 seconds, and as long as somebody points at it or reads it; a bad one stays until it is closed.
export function toast(message: string, mood: Mood = "plain"): void {
  const region = document.querySelector("[data-toasts]");
  if (!region) return;
  const line = document.createElement("p");
  line.className = mood === "bad" ? "toast bad" : "toast";
  const words = document.createElement("span");
  words.textContent = message;
  const close = document.createElement("button");
  close.className = "round";
  close.type = "button";
  close.setAttribute("aria-label", text("close"));
  close.textContent = "✕";
  close.addEventListener("click", () => line.remove());
  line.append(words, close);
  region.append(line);
  if (mood === "bad") return;
  const leave = (): void => {
    if (line.matches(":hover, :focus-within")) setTimeout(leave, 2000);
    else line.remove();
  };
  setTimeout(leave, 6000);
}
