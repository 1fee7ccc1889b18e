// 1 MB download, one core, against nginx serving the same bytes in the same minute; several rounds, the median ratio counts.
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Server, demoSchool, goal, machine, nginx, pin, temporaryDirectory, wrk } from "./_bench.mjs";
import { freePort } from "../tests/system/harness.mjs";

machine();
const work = temporaryDirectory();
const bytes = randomBytes(1 << 20);
mkdirSync(join(work, "www"));
writeFileSync(join(work, "www/file.bin"), bytes);
const { directory } = demoSchool(join(work, "data"));
const server = await Server.start(directory);
const headers = server.basic("teacher");
const mine = (await server.request("GET", "/api/files", { headers })).json().folder;
const made = (await server.request("PUT", `/api/files/${mine.id}/children/one.bin`, { headers, body: bytes })).json();
const path = `/api/files/${made.id}/content`;
const whole = await server.request("GET", path, { headers });
console.log(`same bytes: ${whole.bytes.equals(bytes)} (${whole.status})`);
pin(server.process.pid, 0);
const port = await freePort();
const peer = await nginx(work, port);
const theirs = Buffer.from(await (await fetch(`http://127.0.0.1:${port}/file.bin`)).arrayBuffer());
console.log(`peer healthy: ${peer.version}, sendfile on, log off, one worker; same bytes: ${theirs.equals(bytes)}`);
if (!theirs.equals(bytes)) throw new Error("the peer does not serve the file: no claim");
const ratios = [];
for (let round = 0; round < 3; round++) {
  const peers = wrk(`http://127.0.0.1:${port}/file.bin`, { duration: 4 });
  const ours = wrk(`${server.origin}${path}`, { headers, duration: 4 });
  ratios.push(ours.rate / peers.rate);
  console.log(`nginx: ${peers.rate.toFixed(0)}/s; preau: ${ours.rate.toFixed(0)}/s, errors ${ours.errors}; ratio ${(ours.rate / peers.rate).toFixed(2)}`);
}
peer.stop();
await server.stop();
const ratio = ratios.sort()[1];
goal("1 MB download, share of nginx", ratio.toFixed(2), 0.8, ratio >= 0.8);
