// What the benchmarks share: a server on core 0, the generator on core 1, a peer in the same minute, and the disk's own latency.
// Every figure is printed with how it was made (DESIGN §10).
import { spawn, spawnSync } from "node:child_process";
import { closeSync, fdatasyncSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { cpus } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Server, demoSchool, password, preau, temporaryDirectory } from "../tests/system/harness.mjs";

export { Server, demoSchool, password, preau, temporaryDirectory };
export const root = resolve(fileURLToPath(new URL("..", import.meta.url)));
export const openLoop = join(root, "build/release/bench/open_loop");
export const seconds = Number(process.env.PREAU_BENCH_SECONDS ?? 8);

export function run(command, args, options = {}) {
  const done = spawnSync(command, args, { encoding: "utf8", maxBuffer: 64 << 20, ...options });
  if (done.error) throw done.error;
  if (done.status !== 0) throw new Error(`${command} ${args.join(" ")}: ${done.status}\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

export function machine() {
  console.log(`machine: ${cpus().length} × ${cpus()[0].model.trim()}; server on core 0, generator on core 1`);
}
export const pin = (pid, core) => run("taskset", ["-a", "-cp", String(core), String(pid)]);

// CPU seconds of a process and all its threads.
export function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
// Resident memory in MB; of files and heap.
export function residentMegabytes(pid, field = "VmRSS") {
  return Number(readFileSync(`/proc/${pid}/status`, "utf8").match(new RegExp(`${field}:\\s+(\\d+)`))[1]) / 1024;
}

// Median of the disk's own fdatasync after a 4 kB write, in seconds.
export function syncLatency(directory) {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "latency");
  const descriptor = openSync(file, "w");
  const times = [];
  for (let i = 0; i < 200; i++) {
    const begin = process.hrtime.bigint();
    writeSync(descriptor, Buffer.alloc(4096, i), 0, 4096, i * 4096);
    fdatasyncSync(descriptor);
    times.push(Number(process.hrtime.bigint() - begin) / 1e9);
  }
  closeSync(descriptor);
  rmSync(file);
  return times.sort((a, b) => a - b)[100];
}

// Closed loop: as many as go through. Answers requests a second and bytes a second.
export function wrk(url, { connections = 32, headers = {}, script, duration = seconds } = {}) {
  const args = ["-c", "1", "wrk", "-t1", `-c${connections}`, `-d${duration}s`, "--latency"];
  for (const [name, value] of Object.entries(headers)) args.push("-H", `${name}: ${value}`);
  if (script) args.push("-s", script);
  const text = run("taskset", [...args, url]);
  const rate = Number(text.match(/Requests\/sec:\s+([\d.]+)/)[1]);
  const errors = text.match(/Non-2xx or 3xx responses: (\d+)/)?.[1] ?? text.match(/Socket errors:.*/)?.[0] ?? "0";
  const transfer = text.match(/Transfer\/sec:\s+([\d.]+)(\w+)/);
  const bytes = Number(transfer[1]) * { B: 1, KB: 1024, MB: 1 << 20, GB: 1 << 30 }[transfer[2]];
  return { rate, bytes, errors, text };
}

export function openLoopRun(port, path, rate, { connections = 64, headers = {}, duration = seconds } = {}) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return JSON.parse(run("taskset", ["-c", "1", openLoop, "127.0.0.1", String(port), path, String(rate), String(duration), String(connections), ...lines]));
}

// nginx as the peer: sendfile on, log off, same file.
export async function nginx(directory, port) {
  const configuration = join(directory, "nginx.conf");
  writeFileSync(
    configuration,
    `${process.getuid() === 0 ? "user root;" : ""} worker_processes 1; pid ${directory}/nginx.pid; error_log stderr crit; daemon off;
     events { worker_connections 1024; }
     http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
       server { listen 127.0.0.1:${port}; root ${directory}/www; } }`,
  );
  const child = spawn("taskset", ["-c", "0", "nginx", "-c", configuration, "-p", directory], { stdio: "inherit" });
  await new Promise((next) => setTimeout(next, 500));
  return { version: spawnSync("nginx", ["-v"], { encoding: "utf8" }).stderr.trim(), stop: () => child.kill("SIGTERM") };
}

// A session cookie of an account, for generators.
export async function signIn(server, login = "teacher") {
  const answer = await server.request("POST", "/signin", {
    headers: { origin: server.origin, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ login, password }).toString(),
  });
  if (answer.status !== 303) throw new Error(`sign-in: ${answer.status} ${answer.text()}`);
  return answer.headers["set-cookie"].map((line) => line.split(";")[0]).join("; ");
}

export function goal(name, measured, wanted, met, unit = "") {
  console.log(`${met ? "met    " : "MISSED "} ${name}: ${measured}${unit} (goal ${wanted}${unit})`);
  if (!met) process.exitCode = 1;
}
