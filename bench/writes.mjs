// Durable small writes through HTTP: create a folder, 64 connections, SQLite. The goal is the lesser of 5,000 a second and half of
// connections ÷ (L × syncs per commit), where L is the disk's own fdatasync latency of the same minute.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Server, cpuSeconds, demoSchool, goal, machine, seconds, syncLatency, temporaryDirectory, wrk } from "./_bench.mjs";

machine();
const work = temporaryDirectory();
const { directory } = demoSchool(join(work, "data"));
const server = await Server.start(directory);
const headers = server.basic("teacher");
const mine = (await server.request("GET", "/api/files", { headers })).json().folder;
const top = (await server.request("POST", `/api/files/${mine.id}/folders`, { headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify({ name: "bench" }) })).json();
const script = join(work, "post.lua");
writeFileSync(
  script,
  `local n = 0
   function init() wrk.headers["Content-Type"] = "application/json" end
   request = function()
     n = n + 1
     return wrk.format("POST", nil, nil, '{"name":"folder ' .. n .. '"}')
   end`,
);
const latency = syncLatency(directory);
const before = cpuSeconds(server.process.pid);
const done = wrk(`${server.origin}/api/files/${top.id}/folders`, { connections: 64, headers, script });
const cpu = cpuSeconds(server.process.pid) - before;
const bound = 0.5 * (64 / latency);
const wanted = Math.min(5000, bound);
console.log(`disk fdatasync L = ${(latency * 1000).toFixed(3)} ms; half of 64 ÷ L = ${bound.toFixed(0)}/s; server CPU ${cpu.toFixed(1)} s in ${seconds} s; errors ${done.errors}`);
goal("durable folders a second, 64 connections", Math.round(done.rate), Math.round(wanted), done.rate >= wanted && done.errors === "0");
await server.stop();
