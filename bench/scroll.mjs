// Scrolling through a folder of 10,000 entries in Chromium: frames a second and frames that came late, beside the peer: the same rows
// as one plain static table with the same style sheet. Both are scrolled by the same distance at each frame, to the end.
import { desktop, launch, signIn } from "../tests/system/browser.mjs";
import { fillFolder } from "../tests/system/many_files.mjs";
import { Server, demoSchool, goal, machine, password } from "./_bench.mjs";

machine();
const many = 10_000;
const { directory } = demoSchool();
const server = await Server.start(directory);
const headers = server.basic("teacher");
const own = (await server.request("GET", "/api/files", { headers })).json().folder.id;
const made = await server.request("POST", `/api/files/${own}/folders`, { headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify({ name: "Grand dossier" }) });
const folder = made.json().id;
await fillFolder(server, headers, folder, many);
const browser = await launch();
const context = await browser.newContext(desktop);
const page = await context.newPage();
await signIn(page, server.origin, "teacher", password);

// Runs in the page. A frame is late when it came more than half a frame after its time (60 a second).
async function scroll({ pixels, frames }) {
  const deltas = [];
  const frame = () => new Promise((next) => requestAnimationFrame(next));
  await frame();
  let last = await frame();
  for (let i = 0; i < frames; i++) {
    scrollBy(0, pixels);
    const now = await frame();
    deltas.push(now - last);
    last = now;
  }
  const sorted = [...deltas].sort((a, b) => a - b);
  const late = deltas.filter((delta) => delta > 25).length;
  return { perSecond: (1000 * frames) / deltas.reduce((sum, delta) => sum + delta, 0), late, p99: sorted[Math.floor(frames * 0.99)], reached: scrollY };
}

async function measure(name, prepare) {
  const runs = [];
  for (let run = 0; run < 3; run++) {
    const shown = await prepare();
    const result = await page.evaluate(scroll, { pixels: 600, frames: 900 });
    runs.push({ ...result, ...shown });
  }
  const best = runs.sort((a, b) => b.perSecond - a.perSecond)[1]; // the median of three
  console.log(`${name}: ${best.perSecond.toFixed(1)} frames a second, ${best.late} of 900 late, p99 ${best.p99.toFixed(1)} ms, ${best.elements} elements, shown after ${best.ms.toFixed(0)} ms`);
  return best;
}

console.log(`${await browser.version()}, ${desktop.viewport.width} × ${desktop.viewport.height}, 600 pixels a frame, 900 frames, median of 3 runs`);
let rows = "";
const ours = await measure("folder of 10,000 entries", async () => {
  const begin = performance.now();
  await page.goto(`${server.origin}/files/${folder}`);
  await page.waitForSelector("table.live tr[data-index]");
  return { ms: performance.now() - begin, elements: await page.evaluate(() => document.querySelectorAll("*").length) };
});
// The peer: what the server writes without script, ten thousand times.
const reader = await browser.newContext({ ...desktop, javaScriptEnabled: false });
await reader.addCookies(await context.cookies());
const plain = await reader.newPage();
await plain.goto(`${server.origin}/files/${folder}`);
const html = await plain.content();
rows = html.match(/<tbody>([\s\S]*)<\/tbody>/)[1];
await page.route("**/static-table", (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body: html.replace(/<script[\s\S]*?<\/script>/g, "").replace(rows, rows.repeat(many / 100)) }));
const peer = await measure("plain table of 10,000 rows", async () => {
  const begin = performance.now();
  await page.goto(`${server.origin}/static-table`);
  return { ms: performance.now() - begin, elements: await page.evaluate(() => document.querySelectorAll("*").length) };
});
goal("frames a second while scrolling", ours.perSecond.toFixed(1), 59, ours.perSecond >= 59);
goal("late frames, of the plain table's", `${ours.late} against ${peer.late}`, "no more", ours.late <= peer.late + 9);
await browser.close();
await server.stop();
