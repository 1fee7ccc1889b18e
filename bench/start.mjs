// Start with a million items: until the first answer of the signed-in home, and what stays resident.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { Server, demoSchool, goal, machine, residentMegabytes, root, run, signIn } from "./_bench.mjs";
import { binary, freePort } from "../tests/system/harness.mjs";
import http from "node:http";

machine();
const count = Number(process.env.PREAU_BENCH_ITEMS ?? 1_000_000);
const { directory } = demoSchool();
const first = await Server.start(directory);
const space = (await first.request("GET", "/api/files", { headers: first.basic("teacher") })).json().folder.id;
const cookie = await signIn(first);
await first.stop();
console.log(run(join(root, "build/release/bench/fill_items"), [directory, String(count), space]).trim());

const answer = (port) =>
  new Promise((answered) => {
    http
      .get({ host: "127.0.0.1", port, path: "/", headers: { host: `localhost:${port}`, cookie } }, (response) => {
        let text = "";
        response.on("data", (part) => (text += part));
        response.on("end", () => answered(response.statusCode === 200 && text.includes("/account")));
      })
      .on("error", () => answered(false));
  });
const times = [];
let resident = 0;
for (let round = 0; round < 5; round++) {
  const port = await freePort();
  const begin = process.hrtime.bigint();
  const child = spawn(binary, ["serve", "--data", directory, "--listen", `127.0.0.1:${port}`, "--public-url", `http://localhost:${port}`], { stdio: "ignore" });
  while (!(await answer(port))) await new Promise((next) => setTimeout(next, 2));
  times.push(Number(process.hrtime.bigint() - begin) / 1e6);
  for (let page = 0; page < 50; page++) await answer(port);
  resident = Math.max(resident, residentMegabytes(child.pid));
  child.kill("SIGTERM");
  await new Promise((gone) => child.on("exit", gone));
}
console.log(`starts: ${times.map((time) => time.toFixed(0)).join(", ")} ms`);
const median = times.sort((a, b) => a - b)[2];
goal("first answer with a million items", median.toFixed(0), 300, median < 300, " ms");
goal("resident after 50 pages", resident.toFixed(0), 80, resident < 80, " MB");
