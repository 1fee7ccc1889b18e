// Scrolling through a folder of 10,000 entries in Chromium: frames a second and frames that came late, beside the peer: the same rows
// as one plain static table with the same style sheet, of 2,000 rows: with 10,000 the browser does not show it within minutes. Both
// are scrolled by the same distance at each frame.
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

// The median of three runs.
async function measure(name, { pixels, frames }, prepare) {
  const runs = [];
  for (let run = 0; run < 3; run++) {
    const shown = await prepare();
    const result = await page.evaluate(scroll, { pixels, frames });
    runs.push({ ...result, ...shown });
  }
  const median = runs.sort((a, b) => b.perSecond - a.perSecond)[1];
  console.log(`${name}, ${pixels} pixels a frame: ${median.perSecond.toFixed(1)} frames a second, ${median.late} of ${frames} late, p99 ${median.p99.toFixed(1)} ms, ${median.elements} elements, shown after ${median.ms.toFixed(0)} ms`);
  return median;
}

const wheel = { pixels: 120, frames: 600 }; // a wheel turned without a pause: 7,200 pixels a second
const bar = { pixels: 600, frames: 780 }; // the scroll bar pulled from top to bottom in 13 seconds
const fewer = { pixels: 600, frames: 60 }; // of the peer, for which a frame takes a good part of a second

console.log(`${await browser.version()}, ${desktop.viewport.width} × ${desktop.viewport.height}, no graphics card, median of 3 runs`);
const plainRows = 2_000;
let rows = "";
const openFolder = async () => {
  const begin = performance.now();
  await page.goto(`${server.origin}/files/${folder}`);
  await page.waitForSelector("table.live tr[data-index]");
  const ms = performance.now() - begin;
  await page.waitForTimeout(4000); // what is fetched ahead is there
  return { ms, elements: await page.evaluate(() => document.querySelectorAll("*").length) };
};
const turned = await measure("folder of 10,000 entries", wheel, openFolder);
const pulled = await measure("folder of 10,000 entries", bar, openFolder);
// The peer: what the server writes without script, again and again.
const reader = await browser.newContext({ ...desktop, javaScriptEnabled: false });
await reader.addCookies(await context.cookies());
const plain = await reader.newPage();
await plain.goto(`${server.origin}/files/${folder}`);
const html = await plain.content();
rows = html.match(/<tbody>([\s\S]*)<\/tbody>/)[1];
await page.route("**/static-table", (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body: html.replace(/<script[\s\S]*?<\/script>/g, "").replace(rows, rows.repeat(plainRows / 100)) }));
const peer = await measure("plain table of 2,000 rows", fewer, async () => {
  const begin = performance.now();
  await page.goto(`${server.origin}/static-table`, { timeout: 120_000 });
  return { ms: performance.now() - begin, elements: await page.evaluate(() => document.querySelectorAll("*").length) };
});
goal("frames a second, by the wheel", turned.perSecond.toFixed(1), 59, turned.perSecond >= 59);
goal("frames a second, by the bar", pulled.perSecond.toFixed(1), 59, pulled.perSecond >= 59);
goal("frames a second by the bar, of the plain table's", `${pulled.perSecond.toFixed(1)} against ${peer.perSecond.toFixed(1)}`, "more", pulled.perSecond > peer.perSecond);
await browser.close();
await server.stop();
