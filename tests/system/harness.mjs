// The real binary, started by tests: one data directory, one port, one process each; everything is gone afterwards.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(fileURLToPath(new URL("../..", import.meta.url)));
export const binary = process.env.PREAU_BINARY ?? join(root, "build/release/preau");
export const password = "correct-horse-battery";

export function temporaryDirectory() {
  const directory = mkdtempSync(join(tmpdir(), "preau-test."));
  process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

// Runs `preau ARGUMENTS` to its end.
export function preau(args, { input, env } = {}) {
  const done = spawnSync(binary, args, { input, encoding: "utf8", env: { ...process.env, ...env }, timeout: 120_000 });
  if (done.error) throw done.error;
  return { status: done.status, out: done.stdout, err: done.stderr };
}

// A demonstration school in a new directory; answers the directory and what the command printed.
export function demoSchool(directory = join(temporaryDirectory(), "data"), args = []) {
  const made = preau(["demo", "--data", directory, "--password", password, ...args]);
  if (made.status !== 0) throw new Error(`preau demo: ${made.status}\n${made.out}\n${made.err}`);
  return { directory, printed: made.out };
}

// A new empty database on the tests' cluster, as a libpq connection string.
export function freshPostgres(name) {
  const base = process.env.PREAU_TEST_PG;
  assert.ok(base, "PREAU_TEST_PG is missing: ./do test starts the cluster");
  execFileSync("psql", [base, "-qc", `DROP DATABASE IF EXISTS ${name}`, "-c", `CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`]);
  return base.replace(/dbname=\S+/, `dbname=${name}`);
}

export function freePort() {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.on("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });
}

export class Server {
  // `env`, `args`: for the process; `publicPort`: of a proxy that browsers come through; answers when /healthz does.
  static async start(directory, { env = {}, args = [], port, publicPort } = {}) {
    const server = new Server();
    server.port = port ?? (await freePort());
    server.origin = `http://localhost:${publicPort ?? server.port}`;
    server.directory = directory;
    server.log = "";
    server.process = spawn(
      binary,
      ["serve", "--data", directory, "--listen", `127.0.0.1:${server.port}`, "--public-url", server.origin, ...args],
      { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] },
    );
    server.exited = new Promise((gone) => server.process.on("exit", (code, signal) => gone({ code, signal })));
    for (const stream of [server.process.stdout, server.process.stderr]) {
      stream.on("data", (text) => (server.log = (server.log + text).slice(-20_000)));
      stream.unref();
    }
    server.process.unref(); // a test that fails before it stops its server must fail, not hang
    const kill = () => server.process.kill("SIGKILL");
    process.on("exit", kill);
    server.exited.then(() => process.off("exit", kill));
    const giveUp = Date.now() + 30_000;
    for (;;) {
      if (server.process.exitCode !== null) throw new Error(`preau serve ended: ${server.log}`);
      try {
        if ((await server.request("GET", "/healthz")).status === 200) return server;
      } catch {
        // Not listening yet.
      }
      if (Date.now() > giveUp) throw new Error(`preau serve does not answer: ${server.log}`);
      await new Promise((next) => setTimeout(next, 25));
    }
  }

  async stop() {
    this.process.ref();
    this.process.kill("SIGTERM");
    const { code, signal } = await this.exited;
    if (code !== 0) throw new Error(`preau serve ended with ${code ?? signal}:\n${this.log}`);
  }

  async kill() {
    this.process.ref();
    this.process.kill("SIGKILL");
    await this.exited;
  }

  // One request; the Host header may name the content origin, the connection goes to the loopback all the same.
  request(method, path, { headers = {}, body, host } = {}) {
    return new Promise((answered, failed) => {
      const request = http.request(
        { host: "127.0.0.1", port: this.port, method, path, headers: { host: host ?? `localhost:${this.port}`, ...headers } },
        (response) => {
          const chunks = [];
          response.on("data", (chunk) => chunks.push(chunk));
          response.on("error", failed);
          response.on("end", () => {
            const bytes = Buffer.concat(chunks);
            answered({
              status: response.statusCode,
              headers: response.headers,
              bytes,
              text: () => bytes.toString("utf8"),
              json: () => JSON.parse(bytes.toString("utf8")),
            });
          });
        },
      );
      request.on("error", failed);
      // A connection that ends in the middle of both directions may say neither "end" nor "error".
      request.on("close", () => failed(new Error(`${method} ${path}: the connection closed without a whole answer`)));
      if (body !== undefined) request.end(body);
      else request.end();
    });
  }

  // Headers of HTTP Basic for an account, by an app password made through the command line.
  basic(login, args = []) {
    const made = preau(["user", "app-password", login, "--data", this.directory, ...args]);
    if (made.status !== 0) throw new Error(made.err);
    const secret = made.out.trim().split(/\s+/).at(-1);
    return { authorization: `Basic ${Buffer.from(`${login}:${secret}`).toString("base64")}` };
  }
}

// The code of an authenticator application (RFC 6238) for a key as the page shows it, base 32.
export function totp(key, moment = Date.now()) {
  let bits = "";
  for (const letter of key.replace(/\s/g, "")) bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0");
  const secret = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(moment / 30_000)));
  const digest = createHmac("sha1", secret).update(counter).digest();
  return String((digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

// Headers of an administrator who has set up a second factor and shown it: the cookie of a session, and the origin.
export async function asAdministrator(server, login = "admin") {
  const cookies = new Map();
  const headers = () => ({ origin: server.origin, cookie: [...cookies].map((pair) => pair.join("=")).join("; ") });
  const post = async (path, form = {}) => {
    const answer = await server.request("POST", path, {
      headers: { ...headers(), "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(form).toString(),
    });
    for (const line of answer.headers["set-cookie"] ?? []) cookies.set(...line.split(";")[0].split(/=(.*)/s).slice(0, 2));
    return answer;
  };
  assert.equal((await post("/signin", { login, password })).status, 303);
  assert.equal((await post("/account/totp/begin")).headers.location, "/account/totp");
  const page = (await server.request("GET", "/account/totp", { headers: headers() })).text();
  const confirmed = await post("/account/totp", { code: totp(page.match(/<code class="key">([^<]+)/)[1]) });
  assert.equal(confirmed.status, 200, confirmed.text());
  return headers();
}

// "http://localhost:1/s/TOKEN" printed by `preau demo`, by the words before it.
export function linkIn(text, label = "") {
  const line = text.split("\n").find((candidate) => candidate.includes(label) && candidate.includes("/s/"));
  return line?.match(/\/s\/[A-Za-z0-9_-]+/)?.[0];
}
