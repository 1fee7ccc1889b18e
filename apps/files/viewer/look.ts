// How a file is looked at, by its media type; what is not named here is taken home.
import type { Entry } from "../folder/entries.ts";

export interface Look {
  kind: "image" | "pdf" | "text" | "audio" | "video" | "none";
  address: string;
  whole?: string; // of a picture: the stored one, for full size
}

const shown = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"]); // by every browser we name

export function lookOf(entry: Entry): Look {
  const type = (entry.type ?? "").split(";")[0]!.trim();
  const inline = `/files/${entry.id}/inline`;
  if (shown.has(type)) return { kind: "image", address: inline };
  if (type === "application/pdf") return { kind: "pdf", address: inline };
  if (type.startsWith("text/")) return { kind: "text", address: inline };
  if (type.startsWith("audio/")) return { kind: "audio", address: inline };
  if (type.startsWith("video/")) return { kind: "video", address: inline };
  return { kind: "none", address: "" };
}
