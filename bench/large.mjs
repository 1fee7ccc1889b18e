// 10 GB up and down through one connection: how much the server's memory grows.
import http from "node:http";
import { Server, demoSchool, goal, machine, residentMegabytes, syncLatency } from "./_bench.mjs";

machine();
const size = Number(process.env.PREAU_BENCH_BYTES ?? 10 * 2 ** 30);
const { directory } = demoSchool();
const server = await Server.start(directory);
const headers = server.basic("teacher");
const mine = (await server.request("GET", "/api/files", { headers })).json().folder;
const rest = residentMegabytes(server.process.pid);
console.log(`disk fdatasync ${(syncLatency(directory) * 1000).toFixed(2)} ms`);

const block = Buffer.alloc(1 << 20, "préau");
let begin = Date.now();
const made = await new Promise((answered, failed) => {
  const request = http.request(
    { port: server.port, host: "127.0.0.1", method: "PUT", path: `/api/files/${mine.id}/children/large.bin`, headers: { ...headers, host: `localhost:${server.port}`, "content-length": size } },
    (response) => {
      let text = "";
      response.on("data", (part) => (text += part));
      response.on("end", () => (response.statusCode === 201 ? answered(JSON.parse(text)) : failed(new Error(text))));
    },
  );
  request.on("error", failed);
  let left = size;
  const pump = () => {
    while (left > 0) {
      const part = left >= block.length ? block : block.subarray(0, left);
      left -= part.length;
      if (!request.write(part)) return request.once("drain", pump);
    }
    request.end();
  };
  pump();
});
console.log(`up: ${(size / 2 ** 20 / ((Date.now() - begin) / 1000)).toFixed(0)} MB/s, durable and hashed`);
begin = Date.now();
const received = await new Promise((answered, failed) => {
  http
    .get({ port: server.port, host: "127.0.0.1", path: `/api/files/${made.id}/content`, headers: { ...headers, host: `localhost:${server.port}` } }, (response) => {
      let bytes = 0;
      response.on("data", (part) => (bytes += part.length));
      response.on("end", () => answered(bytes));
    })
    .on("error", failed);
});
console.log(`down: ${(received / 2 ** 20 / ((Date.now() - begin) / 1000)).toFixed(0)} MB/s, ${received === size ? "whole" : `only ${received} bytes`}`);
const grown = residentMegabytes(server.process.pid, "VmHWM") - rest;
goal("memory grown at its highest", grown.toFixed(0), 64, grown < 64 && received === size, " MB");
await server.stop();
