// The first page of a folder of 10³, 10⁴ and 10⁵ entries: time over HTTP on one core (closed loop, one connection, so that it
// is the time of one page), in each order, and how many queries it takes (bench/folder_bench.cpp counts them, on the same
// rows). The goal is 5 ms at 10⁴ with 100 rows, as the page shows them; 500 rows, as the script asks for them, are printed too.
import { join } from "node:path";
import { Server, demoSchool, goal, machine, openLoopRun, pin, residentMegabytes, root, run, signIn, temporaryDirectory } from "./_bench.mjs";

machine();
const { directory } = demoSchool(join(temporaryDirectory(), "data"));
let server = await Server.start(directory);
const folders = {};
for (const size of [1_000, 10_000, 100_000]) {
  const space = (await server.request("GET", "/api/files", { headers: server.basic("teacher") })).json().folder.id;
  const made = await server.request("POST", `/api/files/${space}/folders`, { headers: server.basic("teacher"), body: JSON.stringify({ name: `Folder of ${size}` }) });
  folders[size] = made.json().id;
}
await server.stop();
for (const [size, id] of Object.entries(folders)) console.log(run(join(root, "build/release/bench/folder_bench"), ["fill", directory, size, id]).trim());
for (const [size, id] of Object.entries(folders)) console.log(run(join(root, "build/release/bench/folder_bench"), ["measure", directory, size, id]).trim());
server = await Server.start(directory);
const cookie = await signIn(server);
pin(server.process.pid, 0);
let first = 0;
for (const [size, id] of Object.entries(folders)) {
  for (const [what, path] of [["page of 100", `/files/${id}`], ["list of 100", `/api/files/${id}?limit=100`], ["list of 500", `/api/files/${id}?limit=500`], ["list of 500 by size", `/api/files/${id}?limit=500&sort=size&order=desc`]]) {
    const half = openLoopRun(server.port, path, 20, { connections: 1, headers: { cookie }, duration: 3 });
    console.log(`${size} entries, ${what}: p50 ${(half.p50 / 1000).toFixed(2)} ms, p99 ${(half.p99 / 1000).toFixed(2)} ms`);
    if (size === "10000" && what === "list of 100") first = half.p50 / 1000;
  }
}
console.log(`server memory: ${residentMegabytes(server.process.pid).toFixed(0)} MB`);
goal("first page of a folder of 10,000 entries", first.toFixed(2), 5, first < 5, " ms");
await server.stop();
