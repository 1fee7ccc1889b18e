// build.mjs SOURCE_ROOT OUTPUT_FOLDER : styles, icons, fonts, images and components → OUTPUT_FOLDER/assets.
// Every file gets the hash of its content in its name, so that browsers may keep it for a year, and is compressed here
// once. manifest.json maps plain names ("base.css", "files/folder.js", "icons.svg") to the hashed ones.
import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [root, output] = process.argv.slice(2);
const finished = join(output, "assets");
const assets = `${finished}.new`; // takes its place in the end, so that a running server never sees half of it
const targets = ["chrome109", "safari15", "firefox115"];
const manifest = {};
const web = (path) => join(root, "web", path);

function walk(folder, wanted) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return walk(path, wanted);
      return wanted(entry.name) ? [path] : [];
    });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

// Writes "files/folder.js" as "files/folder-1a2b3c4d5e.js" with .br and .gz beside it where they pay.
function emit(name, content) {
  const bytes = Buffer.from(content);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const kind = extname(name);
  const hashed = `${name.slice(0, -kind.length)}-${hash}${kind}`;
  const path = join(assets, hashed);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  if (kind !== ".woff2" && kind !== ".png") {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }));
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  }
  if (manifest[name]) fail(`${name}: two files make this asset`);
  manifest[name] = hashed;
  return hashed;
}

// url("name") in a style sheet is an asset of ours.
function with_hashed_urls(css) {
  return css.replace(/url\("([^"]+)"\)/g, (whole, name) => {
    if (name.startsWith("data:")) return whole;
    return manifest[name] ? `url("/assets/${manifest[name]}")` : fail(`a style names ${name}, which is no asset`);
  });
}

async function styles() {
  for (const entry of ["base.css"]) {
    const path = web(`styles/${entry}`);
    const bundled = await build({
      entryPoints: [path], bundle: true, minify: true, write: false, target: targets, external: ["*.woff2", "*.svg"],
    });
    emit(entry, with_hashed_urls(bundled.outputFiles[0].text.replace(/url\(([^")]+)\)/g, 'url("$1")')));
  }
}

// The icons that pages name and those of icons.txt, as one sprite of symbols.
function icons() {
  const places = new Map();
  readFileSync(web("icons.txt"), "utf8").split("\n").forEach((line, i) => {
    const name = line.trim();
    if (name && !name.startsWith("#")) places.set(name, `web/icons.txt:${i + 1}`);
  });
  const pages = [...walk(join(root, "apps"), (name) => name.endsWith(".html")), ...walk(join(root, "libs"), (name) => name.endsWith(".html"))];
  for (const page of pages) {
    readFileSync(page, "utf8").split("\n").forEach((line, i) => {
      for (const [, name] of line.matchAll(/\{\{#icon\}\}\s*([a-z0-9-]+)\s*\{\{\/icon\}\}/g))
        if (!places.has(name)) places.set(name, `${relative(root, page)}:${i + 1}`);
    });
  }
  const symbols = [...places].sort().map(([name, place]) => {
    const path = join(root, "node_modules/@tabler/icons/icons/outline", `${name}.svg`);
    if (!existsSync(path)) fail(`${place}: Tabler has no icon called '${name}'`);
    const inside = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(readFileSync(path, "utf8"))[1];
    const drawn = inside.replace(/<path stroke="none"[^>]*\/>/g, "").replace(/\s*\n\s*/g, "").replace(/ \/>/g, "/>");
    return `<symbol id="${name}" viewBox="0 0 24 24">${drawn}</symbol>`;
  });
  emit("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>`);
  manifest.icons = [...places.keys()].sort();
}

// "apps/files/folder/folder.ts" → "files/folder.js"; only files that define an element are loaded by pages.
async function components() {
  const all = [...walk(join(root, "apps"), isScript), ...walk(join(root, "libs"), isScript)];
  const entries = all.filter((path) => readFileSync(path, "utf8").includes("customElements.define("));
  for (const path of [...entries, web("components/shell.ts")]) await component(path);
}

const emitted = new Map(); // path of a script → its hashed name, or the promise of it

function component(path) {
  if (!emitted.has(path)) emitted.set(path, bundle(path));
  return emitted.get(path);
}

async function bundle(path) {
  const parts = relative(root, path).split("/");
  const name = parts[0] === "web" ? "shell.js" : `${parts[1]}/${basename(path, ".ts")}.js`;
  const bundled = await build({
    entryPoints: [path], bundle: true, minify: true, write: false, format: "esm", target: targets, legalComments: "none",
    tsconfig: web("tsconfig.json"), logLevel: "silent", plugins: [on_demand],
  }).catch((error) => fail(error.errors.map((e) => `${e.location?.file}:${e.location?.line}: ${e.text}`).join("\n")));
  return emit(name, bundled.outputFiles[0].contents);
}

// import("./viewer.ts") is a file of its own, fetched when it is called for: one request, because it brings its own copy of the
// few small modules that it shares with the page. Such a module keeps no state and defines no element that the page has too.
const on_demand = {
  name: "on-demand",
  setup(bundler) {
    bundler.onResolve({ filter: /\.ts$/ }, async ({ kind, path, resolveDir }) => {
      if (kind !== "dynamic-import") return undefined;
      return { path: `/assets/${await component(join(resolveDir, path))}`, external: true };
    });
  },
};

function isScript(name) {
  return name.endsWith(".ts") && !name.endsWith(".d.ts") && !name.endsWith("_test.ts") && !name.endsWith(".test.ts");
}

rmSync(assets, { recursive: true, force: true });
mkdirSync(assets, { recursive: true });
for (const path of walk(web("fonts"), (name) => name.endsWith(".woff2"))) emit(basename(path), readFileSync(path));
for (const path of walk(web("images"), () => true)) emit(basename(path), readFileSync(path));
icons();
await styles();
await components();
writeFileSync(join(assets, "manifest.json"), JSON.stringify(manifest));
rmSync(finished, { recursive: true, force: true });
renameSync(assets, finished);
const files = walk(finished, () => true);
execFileSync("node", [join(root, "cmake/embed.mjs"), join(output, "embedded_assets.cpp"), "web_assets", finished, ...files]);
