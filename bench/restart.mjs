// Restart under load: 1,000 requests a second in an open loop from 32 connections, three restarts, and how many requests failed. A
// request on a kept connection that had been closed meanwhile is asked again, as HTTP clients do, and counted apart.
import { spawn } from "node:child_process";
import http from "node:http";
import { join } from "node:path";
import { binary } from "../tests/system/harness.mjs";
import { demoSchool, goal, machine, pin, temporaryDirectory } from "./_bench.mjs";

const rate = 1000;
const seconds = 12;
const port = 8971;
machine();
const { directory } = demoSchool(join(temporaryDirectory(), "data"));
const supervisor = spawn(binary, ["supervise", "--data", directory, "--listen", `127.0.0.1:${port}`], { stdio: "ignore" });
process.on("exit", () => supervisor.kill("SIGKILL"));
pin(process.pid, 1);

const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
const counts = { answered: 0, failed: 0, again: 0 };
const waits = [];
function ask(began, tries = 3, pool = agent) {
  return new Promise((done) => {
    const request = http.get({ agent: pool, host: "127.0.0.1", port, path: "/signin", headers: { host: `localhost:${port}` } }, (response) => {
      response.on("error", () => done((counts.failed += 1)));
      response.on("end", () => {
        if (response.statusCode === 200) counts.answered += 1;
        else counts.failed += 1;
        waits.push(performance.now() - began);
        done();
      });
      response.resume();
    });
    request.on("error", (error) => {
      const stale = request.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE");
      if (!stale || tries === 0) {
        console.log(`failed: ${error.code} on a ${request.reusedSocket ? "kept" : "new"} connection`);
        return done((counts.failed += 1));
      }
      counts.again += 1;
      ask(began, tries - 1, false).then(done); // on a new connection: the other kept ones are as old
    });
  });
}
for (let left = 200; left > 0; left--) {
  const up = await new Promise((known) => http.get({ host: "127.0.0.1", port, path: "/healthz", headers: { host: `localhost:${port}` } }, (answer) => { answer.resume(); known(true); }).on("error", () => known(false)));
  if (up) break;
  await new Promise((next) => setTimeout(next, 50));
}
const restarts = (async () => {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((next) => setTimeout(next, 3000));
    await new Promise((done) => spawn(binary, ["restart", "--data", directory], { stdio: "ignore" }).on("exit", done));
  }
})();
const pending = [];
const begin = performance.now();
for (let sent = 0; sent < rate * seconds; ) {
  const due = Math.min(rate * seconds, Math.floor(((performance.now() - begin) / 1000) * rate));
  for (; sent < due; sent++) pending.push(ask(performance.now()));
  await new Promise((next) => setTimeout(next, 1));
}
await Promise.all([...pending, restarts]);
supervisor.kill("SIGTERM");
waits.sort((a, b) => a - b);
console.log(`${counts.answered} answered of ${rate * seconds}; asked again on a closed idle connection: ${counts.again}; longest wait ${waits.at(-1).toFixed(0)} ms, median ${waits[waits.length >> 1].toFixed(2)} ms`);
goal("failed requests in three restarts at 1,000 requests a second", counts.failed, 0, counts.failed === 0 && counts.answered === rate * seconds);
agent.destroy();
