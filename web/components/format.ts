// Sizes, progress and durations as `web::Locale` writes them.
import { french, text } from "./texts.ts";

const units = french ? ["", "ko", "Mo", "Go", "To"] : ["", "kB", "MB", "GB", "TB"];

export function size(bytes: number): string {
  let unit = 0;
  let amount = bytes;
  for (; amount >= (unit === 0 ? 1000 : 999.5) && unit + 1 < units.length; unit++) amount /= 1000;
  if (unit === 0) return `${bytes}\u00a0${french ? (bytes < 2 ? "octet" : "octets") : bytes === 1 ? "byte" : "bytes"}`;
  const digits = amount >= 9.95 ? 0 : 1;
  const number = new Intl.NumberFormat(french ? "fr" : "en-GB", { maximumFractionDigits: digits }).format(amount);
  return `${number}\u00a0${units[unit]}`;
}

export function percent(done: number, total: number): string {
  const value = total > 0 ? Math.floor((done / total) * 100) : 0; // 100 % is said when it is so, not before
  return french ? `${value}\u00a0%` : `${value}%`;
}

// "62 % · 1,1 Go sur 1,8 Go · encore 3 min"; without a speed, without the rest.
export function progress(done: number, total: number, bytesPerSecond = 0): string {
  const parts = [percent(done, total), text("of", { part: size(done), whole: size(total) })];
  if (bytesPerSecond > 0 && done < total) parts.push(left((total - done) / bytesPerSecond));
  return parts.join(" · ");
}

function left(seconds: number): string {
  if (seconds < 60) return text("secondsLeft", { n: Math.max(1, Math.ceil(seconds)) });
  if (seconds < 3600) return text("minutesLeft", { n: Math.ceil(seconds / 60) });
  return text("hoursLeft", { n: Math.ceil(seconds / 3600) });
}
