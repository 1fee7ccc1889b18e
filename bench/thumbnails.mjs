// 1,000 thumbnails of photos of 4 MB, as the server makes them (one sandboxed process each, stored with fsync, a row each),
// against vipsthumbnail run directly in the same minute: once a process per photo, two at a time, as a server without
// sandbox would call it; once a single process for all, which no server could afford on hostile bytes.
import { appendFileSync, copyFileSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { goal, machine, root, run, syncLatency, temporaryDirectory } from "./_bench.mjs";

machine();
const count = Number(process.env.PREAU_BENCH_PHOTOS ?? 1000);
const build = process.env.PREAU_BENCH_BUILD ?? join(root, "build/release");
const work = temporaryDirectory();
const photos = join(work, "photos");
mkdirSync(photos);
console.log(`${run("vips", ["--version"]).trim()}; disk fdatasync L = ${(syncLatency(work) * 1000).toFixed(3)} ms`);

// Gradients under noise, 12 megapixels; every copy has other bytes behind its end, so that none is found in the cache.
const seeds = 5;
for (let i = 0; i < seeds; i++) {
  const at = (name) => join(work, `${i}-${name}`);
  run("vips", ["gaussnoise", at("noise.v"), "4000", "3000", "--sigma", "26", "--mean", "0", "--seed", String(i + 1)]);
  run("vips", ["grey", at("grey.v"), "4000", "3000", "--uchar"]);
  run("vips", ["add", at("noise.v"), at("grey.v"), at("sum.v")]);
  run("vips", ["cast", at("sum.v"), at("band.v"), "uchar"]);
  run("vips", ["bandjoin", `${at("band.v")} ${at("band.v")} ${at("band.v")}`, at("rgb.v")]);
  run("vips", ["copy", at("rgb.v"), `${at("photo.jpg")}[Q=74]`]);
}
for (let i = 0; i < count; i++) {
  const photo = join(photos, `${i}.jpg`);
  copyFileSync(join(work, `${i % seeds}-photo.jpg`), photo);
  appendFileSync(photo, String(i).padStart(8, "0"));
}
const size = statSync(join(photos, "0.jpg")).size / 1e6;
console.log(`${count} photos of 4000 × 3000, ${size.toFixed(1)} MB`);

const names = readdirSync(photos).map((name) => join(photos, name));
function timed(command, args, input) {
  const begin = process.hrtime.bigint();
  run(command, args, { input });
  return Number(process.hrtime.bigint() - begin) / 1e9;
}
const format = ["--size", "400x400", "-o", "%s-thumb.webp[Q=80,strip]"];
const clean = () => readdirSync(photos).filter((name) => name.endsWith(".webp")).forEach((name) => rmSync(join(photos, name)));

const text = run(join(build, "bench/thumbnail_bench"), [work, photos, join(build, "preau-convert")]);
const ours = Number(text.match(/in ([\d.]+) s/)[1]);
console.log(`preview: ${ours.toFixed(1)} s, ${(count / ours).toFixed(1)} a second`);
const each = timed("xargs", ["-P", "2", "-n", "1", "vipsthumbnail", ...format], names.join("\n"));
clean();
const whole = timed("xargs", ["-n", String(count), "vipsthumbnail", ...format], names.join("\n"));
clean();
console.log(`vipsthumbnail, a process each, two at a time: ${each.toFixed(1)} s; one process for all: ${whole.toFixed(1)} s`);
goal("thumbnails against vipsthumbnail, a process each", each / ours, 0.8, each / ours >= 0.8);
goal("thumbnails against vipsthumbnail, one process for all", whole / ours, 0.8, whole / ours >= 0.8);
