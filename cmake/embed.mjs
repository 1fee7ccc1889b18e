// embed.mjs OUTPUT SYMBOL ROOT FILES… : writes a C++ file that holds the files as string literals.
// Not #embed: ccache 4.7 does not see through it and would answer stale objects.
import { readFileSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";

const [output, symbol, root, ...files] = process.argv.slice(2);
const literal = (bytes) => {
  const lines = [];
  let line = "";
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === 0x22 || byte === 0x5c) line += "\\" + String.fromCharCode(byte);
    else if (byte >= 0x20 && byte < 0x7f && byte !== 0x3f) line += String.fromCharCode(byte);
    else line += "\\" + byte.toString(8).padStart(3, "0"); // three octal digits never swallow what follows
    if (line.length > 100 || byte === 0x0a) { lines.push(`    "${line}"`); line = ""; }
  }
  if (line || !lines.length) lines.push(`    "${line}"`);
  return lines.join("\n");
};
let text = `// Made by cmake/embed.mjs.\n#include "base/embedded.hpp"\n\nnamespace preau::embedded {\nnamespace {\nconstexpr EmbeddedFile files[] = {\n`;
for (const file of files) {
  const bytes = readFileSync(file);
  text += `  {"${relative(resolve(root), resolve(file))}", std::string_view{\n${literal(bytes)}, ${bytes.length}}},\n`;
}
if (!files.length) text += `  {"", ""},\n`;
text += `};\n}\nstd::span<const EmbeddedFile> ${symbol}() { return {files, ${files.length}}; }\n}\n`;
writeFileSync(output, text);
