// A folder of 10 GB as one archive, against nginx sending the same bytes as one plain file in the same minute: one loop
// each on core 0, curl on core 1. PREAU_BENCH_GB makes it smaller. Memory is looked at while it runs.
import { spawn } from "node:child_process";
import { closeSync, createReadStream, mkdirSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { Server, demoSchool, goal, machine, nginx, pin, residentMegabytes, run, temporaryDirectory } from "./_bench.mjs";
import { freePort } from "../tests/system/harness.mjs";

machine();
const work = temporaryDirectory();
const { bavail, bsize } = statfsSync(work);
const free = (bavail * bsize) / 1e9;
const gigabytes = Number(process.env.PREAU_BENCH_GB ?? (free > 25 ? 10 : Math.floor(free / 2.5)));
const fileBytes = 100_000_000;
const count = gigabytes * 10;
console.log(`free: ${free.toFixed(0)} GB; folder of ${count} files of 100 MB (${gigabytes} GB)`);

const { directory } = demoSchool(join(work, "data"));
const server = await Server.start(directory, { args: ["--threads", "1"] }).catch(() => Server.start(directory));
const headers = server.basic("teacher");
const space = (await server.request("GET", "/api/files", { headers })).json().folder.id;
const folder = (
  await server.request("POST", `/api/files/${space}/folders`, { headers: { ...headers, "content-type": "application/json" }, body: '{"name":"Films"}' })
).json().id;

// The peer's file is the archive itself, so that both send the very same bytes.
const source = join(work, "source.bin");
const begun = Date.now();
for (let i = 0; i < count; i++) {
  const piece = randomBytes(1 << 20);
  const out = openSync(source, "w");
  for (let written = 0; written < fileBytes; written += piece.length) writeSync(out, piece, 0, Math.min(piece.length, fileBytes - written));
  closeSync(out);
  const status = await new Promise((answered, failed) => {
    const request = http.request(
      { host: "127.0.0.1", port: server.port, method: "PUT", path: `/api/files/${folder}/children/film%20${i}.bin`, headers: { ...headers, host: `localhost:${server.port}`, "content-length": fileBytes } },
      (response) => response.resume().on("end", () => answered(response.statusCode)),
    );
    request.on("error", failed);
    createReadStream(source).pipe(request);
  });
  if (status !== 201) throw new Error(`upload ${i}: ${status}`);
}
rmSync(source);
console.log(`uploaded in ${((Date.now() - begun) / 1000).toFixed(0)} s`);

const take = (url, output, extra = []) =>
  new Promise((done, failed) => {
    const args = ["-c", "1", "curl", "-sS", "--fail", "-o", output, "-w", "%{size_download} %{time_total}", ...extra, url];
    const child = spawn("taskset", args, { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.on("data", (chunk) => (text += chunk));
    child.on("exit", (code) => {
      if (code !== 0) return failed(new Error(`curl ${url}: ${code}`));
      const [bytes, seconds] = text.split(" ").map(Number);
      done({ bytes, seconds, rate: bytes / seconds / 1e6 });
    });
  });

const zipUrl = `${server.origin}/files/${folder}/zip`;
const asTeacher = ["-H", `authorization: ${headers.authorization}`];
mkdirSync(join(work, "www"));
const archive = join(work, "www/archive.zip");
await take(zipUrl, archive, asTeacher);
run("bsdtar", ["-tf", archive]);
console.log("archive read by libarchive: whole");

pin(server.process.pid, 0);
const port = await freePort();
const peer = await nginx(work, port);
console.log(`peer healthy: ${peer.version}, sendfile on, log off, one worker, the same bytes as one file`);
const ratios = [];
const resident = [];
for (let round = 0; round < 3; round++) {
  const theirs = await take(`http://127.0.0.1:${port}/archive.zip`, "/dev/null");
  const watch = setInterval(() => resident.push(residentMegabytes(server.process.pid)), 100);
  const ours = await take(zipUrl, "/dev/null", asTeacher);
  clearInterval(watch);
  if (ours.bytes !== theirs.bytes) throw new Error(`${ours.bytes} bytes against ${theirs.bytes}: no claim`);
  ratios.push(ours.rate / theirs.rate);
  console.log(`nginx: ${theirs.rate.toFixed(0)} MB/s; preau: ${ours.rate.toFixed(0)} MB/s; ratio ${(ours.rate / theirs.rate).toFixed(2)}`);
}
peer.stop();
await server.stop();
const spread = Math.max(...resident) - Math.min(...resident);
console.log(`resident while sending: ${Math.min(...resident).toFixed(1)} to ${Math.max(...resident).toFixed(1)} MB`);
const ratio = ratios.sort()[1];
goal(`ZIP of ${gigabytes} GB, share of nginx`, ratio.toFixed(2), 0.5, ratio >= 0.5);
goal("ZIP: memory grows while sending, MB", spread.toFixed(1), 16, spread <= 16);
