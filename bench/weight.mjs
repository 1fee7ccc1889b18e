// First visit with an empty cache, as a browser counts it: bytes on the wire (compressed, with heads) and requests. Favicon and sockets
// are not counted (DESIGN §10).
import { launch, signIn } from "../tests/system/browser.mjs";
import { linkIn } from "../tests/system/harness.mjs";
import { Server, demoSchool, goal, password } from "./_bench.mjs";

const { directory, printed } = demoSchool();
const server = await Server.start(directory);
const browser = await launch();

async function weigh(context, path) {
  const page = await context.newPage();
  const protocol = await context.newCDPSession(page);
  await protocol.send("Network.enable");
  await protocol.send("Network.setCacheDisabled", { cacheDisabled: true });
  let bytes = 0;
  const addresses = new Map();
  protocol.on("Network.requestWillBeSent", ({ requestId, request }) => addresses.set(requestId, request.url));
  protocol.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const address = addresses.get(requestId) ?? "";
    if (/favicon/.test(address) || address.startsWith("data:")) return addresses.delete(requestId);
    bytes += encodedDataLength;
  });
  await page.goto(server.origin + path, { waitUntil: "networkidle" });
  const requests = [...addresses.values()].filter((address) => !/favicon/.test(address) && !address.startsWith("data:"));
  for (const address of requests) console.log(`    ${address.replace(server.origin, "").replace(/\/s\/.*/, "/s/…")}`);
  await page.close();
  return { kilobytes: bytes / 1000, requests: requests.length };
}

const staff = await browser.newContext();
const entry = await staff.newPage();
await signIn(entry, server.origin, "teacher", password);
await entry.close();
const home = await weigh(staff, "/");
goal("home, first visit", home.kilobytes.toFixed(1), 60, home.kilobytes <= 60, " kB");
goal("home, requests", home.requests, 6, home.requests <= 6);
const parent = await browser.newContext();
const family = await weigh(parent, linkIn(printed));
goal("family's page, first visit", family.kilobytes.toFixed(1), 40, family.kilobytes <= 40, " kB");
await browser.close();
await server.stop();
