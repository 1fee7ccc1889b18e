// catalogues.mjs OUTPUT_FOLDER FILES.po…   merges every fr.po and en.po into fr.mo and en.mo
// catalogues.mjs --check FILES.po…         both languages complete, same plurals and placeholders, no key written twice
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

const [target, ...files] = process.argv.slice(2);
const languages = ["fr", "en"];
const filesOf = (language) => files.filter((file) => basename(file) === `${language}.po`);

function entriesOf(file) {
  const entries = [];
  let entry = null;
  let field = null;
  readFileSync(file, "utf8").split("\n").forEach((line, index) => {
    const match = /^(?:(msgid_plural|msgid|msgstr(?:\[\d\])?)\s+)?"(.*)"\s*$/.exec(line);
    if (!match) return;
    if (match[1] === "msgid") entries.push((entry = { file, line: index + 1, texts: {} }));
    if (match[1]) entry.texts[(field = match[1])] = "";
    entry.texts[field] += match[2];
  });
  return entries.filter(({ texts }) => texts.msgid);
}

function check() {
  const problems = [];
  const catalogues = languages.map((language) => {
    const byKey = new Map();
    for (const entry of filesOf(language).flatMap(entriesOf)) {
      const at = `${entry.file}:${entry.line}: ${entry.texts.msgid}`;
      if (byKey.has(entry.texts.msgid)) problems.push(`${at}: is also in ${byKey.get(entry.texts.msgid).file}`);
      byKey.set(entry.texts.msgid, entry);
      const texts = Object.entries(entry.texts).filter(([name]) => name.startsWith("msgstr"));
      if (texts.some(([, text]) => !text)) problems.push(`${at}: is empty`);
      if (entry.texts.msgid_plural && texts.length !== 2) problems.push(`${at}: needs msgstr[0] and msgstr[1]`);
    }
    return byKey;
  });
  const placeholders = ({ texts }) => {
    const all = Object.entries(texts).filter(([name]) => name.startsWith("msgstr")).map(([, text]) => text).join(" ");
    return [...new Set(all.match(/\{[^}]*\}/g) ?? [])].sort().join(" ");
  };
  languages.forEach((language, i) => {
    const [mine, other] = [catalogues[i], catalogues[1 - i]];
    for (const [key, entry] of mine) {
      const at = `${entry.file}:${entry.line}: ${key}`;
      const twin = other.get(key);
      if (!twin) problems.push(`${at}: is missing in ${languages[1 - i]}`);
      else if (i === 0 && placeholders(entry) !== placeholders(twin))
        problems.push(`${at}: placeholders differ: ${placeholders(entry)} and ${placeholders(twin)}`);
      else if (i === 0 && Boolean(entry.texts.msgid_plural) !== Boolean(twin.texts.msgid_plural))
        problems.push(`${at}: has plural forms in one language only`);
    }
  });
  if (catalogues.some((catalogue) => catalogue.size === 0)) problems.push("no catalogue was given");
  for (const problem of problems) console.error(problem);
  process.exit(problems.length ? 1 : 0);
}

function merge() {
  mkdirSync(target, { recursive: true });
  for (const language of languages) {
    const merged = execFileSync("msgcat", ["--use-first", "--no-wrap", ...filesOf(language)]);
    execFileSync("msgfmt", ["--check-format", "--check-domain", "--output-file", join(target, `${language}.mo`), "-"], { input: merged });
  }
}

target === "--check" ? check() : merge();
