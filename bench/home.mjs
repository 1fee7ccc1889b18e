// Portal home for a signed-in person, 20 tiles and 10 items, on one core: pages a second, and p99 at half of that.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Server, cpuSeconds, demoSchool, goal, machine, openLoopRun, pin, seconds, signIn, temporaryDirectory, wrk } from "./_bench.mjs";

machine();
const work = temporaryDirectory();
const config = join(work, "preau.toml");
const tile = (n) => `[[tile]]\nname_fr = "Service ${n}"\nname_en = "Service ${n}"\naddress = "https://service${n}.example.org/"\nicon = "apps"\nhue = "files"\n`;
writeFileSync(config, Array.from({ length: 19 }, (_, n) => tile(n + 1)).join(""));
const { directory } = demoSchool(join(work, "data"));
const server = await Server.start(directory, { args: ["--config", config] });
const cookie = await signIn(server);
const headers = server.basic("teacher");
const mine = (await server.request("GET", "/api/files", { headers })).json().folder;
for (let i = 0; i < 10; i++)
  await server.request("PUT", `/api/files/${mine.id}/children/page-${i}.txt`, { headers, body: `page ${i}` });
const page = (await server.request("GET", "/", { headers: { cookie } })).text();
console.log(`page: ${page.length} characters, ${new Set(page.match(/service\d+\.example/g)).size + 1} tiles, ${new Set(page.match(/page-\d/g)).size} items`);
pin(server.process.pid, 0);
wrk(`${server.origin}/`, { headers: { cookie }, duration: 2 });
const before = cpuSeconds(server.process.pid);
const closed = wrk(`${server.origin}/`, { headers: { cookie } });
const cpu = cpuSeconds(server.process.pid) - before;
console.log(`closed loop: 32 connections, ${seconds} s, server CPU ${cpu.toFixed(1)} s, errors ${closed.errors}`);
const half = openLoopRun(server.port, "/", closed.rate / 2, { headers: { cookie } });
console.log(`open loop at ${(closed.rate / 2).toFixed(0)}/s: ${JSON.stringify(half)}`);
goal("home pages a second on one core", Math.round(closed.rate), 8000, closed.rate >= 8000);
goal("home p99 at half of that", (half.p99 / 1000).toFixed(2), 5, half.p99 < 5000 && half.errors === 0, " ms");
await server.stop();
