// Passkey sign-ins a second on one core: a challenge is asked for, signed (ES256) by one of 32 devices and answered with a new,
// durable session, with its line in the journal. 32 connections in a closed loop; the devices sign on core 1. Beside it stands the disk's own fdatasync latency
// of the same minute: the goal is the lesser of 500 and half of connections ÷ (L × syncs per commit).
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import http from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Server, cpuSeconds, demoSchool, goal, machine, password, pin, preau, run, seconds, syncLatency, temporaryDirectory } from "./_bench.mjs";

const connections = 32;
const b64 = (bytes) => Buffer.from(bytes).toString("base64url");
const sha256 = (bytes) => createHash("sha256").update(bytes).digest();

// One keep-alive connection; cookies are kept as a browser keeps them.
class Browser {
  constructor(port) {
    this.port = port;
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    this.cookies = new Map();
  }
  send(method, path, body, type = "application/json") {
    return new Promise((answered, failed) => {
      const headers = {
        host: `localhost:${this.port}`, origin: `http://localhost:${this.port}`, accept: "application/json", "content-type": type,
        "content-length": Buffer.byteLength(body ?? ""), cookie: [...this.cookies].map((pair) => pair.join("=")).join("; "),
      };
      const request = http.request({ host: "127.0.0.1", port: this.port, agent: this.agent, method, path, headers }, (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("end", () => {
          for (const line of response.headers["set-cookie"] ?? []) {
            const pair = line.slice(0, line.indexOf(";"));
            this.cookies.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
          }
          answered({ status: response.statusCode, text: Buffer.concat(chunks).toString() });
        });
      });
      request.on("error", failed);
      request.end(body);
    });
  }
}

function clientData(type, challenge, port) {
  return JSON.stringify({ type, challenge, origin: `http://localhost:${port}`, crossOrigin: false });
}

// An authenticator that does not count, as synchronised passkeys do.
function device() {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x, y } = publicKey.export({ format: "jwk" });
  const credential = randomBytes(32);
  const bytes = (raw) => Buffer.concat([Buffer.from([0x58, raw.length]), raw]);
  const cose = Buffer.concat([Buffer.from([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21]), bytes(Buffer.from(x, "base64url")), Buffer.from([0x22]), bytes(Buffer.from(y, "base64url"))]);
  const head = (flags) => Buffer.concat([sha256("localhost"), Buffer.from([flags, 0, 0, 0, 0])]);
  const attested = Buffer.concat([head(0x45), Buffer.alloc(16), Buffer.from([0, 32]), credential, cose]);
  const text = (words) => Buffer.concat([Buffer.from([0x60 + words.length]), Buffer.from(words)]);
  const attestation = Buffer.concat([Buffer.from([0xa3]), text("fmt"), text("none"), text("attStmt"), Buffer.from([0xa0]), text("authData"), bytes(attested)]);
  return { credential, attestation, authenticator: head(5), key: privateKey.export({ format: "pem", type: "pkcs8" }) };
}

async function signIn(browser, { credential, authenticator, key }, port) {
  const options = JSON.parse((await browser.send("POST", "/signin/passkey/options", "{}")).text);
  const data = clientData("webauthn.get", options.challenge, port);
  const raw = Buffer.from(authenticator, "base64url");
  const answer = await browser.send("POST", "/signin/passkey", JSON.stringify({
    id: credential, clientDataJSON: b64(data), authenticatorData: authenticator, signature: b64(sign("sha256", Buffer.concat([raw, sha256(data)]), key)),
  }));
  if (answer.status !== 200) throw new Error(`passkey sign-in: ${answer.status} ${answer.text}`);
}

async function load(port, devices) {
  const until = Date.now() + seconds * 1000;
  const times = [];
  const loop = async (one) => {
    const browser = new Browser(port);
    while (Date.now() < until) {
      const begin = process.hrtime.bigint();
      await signIn(browser, one, port);
      times.push(Number(process.hrtime.bigint() - begin) / 1e6);
      browser.cookies.clear(); // as a browser that nobody is signed in with
    }
    browser.agent.destroy();
  };
  await Promise.all(devices.map(loop));
  times.sort((a, b) => a - b);
  console.log(JSON.stringify({ count: times.length, median: times[times.length >> 1], p99: times[Math.floor(times.length * 0.99)] }));
}

if (process.argv[2] === "load") {
  const { port, devices } = JSON.parse(process.argv[3]);
  await load(port, devices);
} else {
  machine();
  const { directory } = demoSchool(join(temporaryDirectory(), "data"));
  const server = await Server.start(directory);
  const devices = [];
  for (let i = 0; i < connections; i++) {
    const login = `person${i}`;
    const added = preau(["user", "add", login, "--mail", `${login}@example.org`, "--password-stdin", "--data", directory], { input: `${password}\n` });
    if (added.status !== 0) throw new Error(added.err);
    const browser = new Browser(server.port);
    await browser.send("POST", "/signin", new URLSearchParams({ login, password }).toString(), "application/x-www-form-urlencoded");
    const one = device();
    const options = JSON.parse((await browser.send("POST", "/account/passkeys/options", "{}")).text);
    const made = await browser.send("POST", "/account/passkeys", JSON.stringify({
      clientDataJSON: b64(clientData("webauthn.create", options.challenge, server.port)), attestationObject: b64(one.attestation), label: login,
    }));
    if (made.status !== 200) throw new Error(`registration: ${made.status} ${made.text}`);
    browser.agent.destroy();
    devices.push({ credential: b64(one.credential), authenticator: b64(one.authenticator), key: one.key });
  }
  pin(server.process.pid, 0);
  const latency = syncLatency(directory);
  const before = cpuSeconds(server.process.pid);
  const told = run("taskset", ["-c", "1", process.execPath, fileURLToPath(import.meta.url), "load", JSON.stringify({ port: server.port, devices })]);
  const cpu = cpuSeconds(server.process.pid) - before;
  const { count, median, p99 } = JSON.parse(told);
  const rate = count / seconds;
  const bound = 0.5 * (connections / latency);
  const wanted = Math.min(500, bound);
  console.log(`disk fdatasync L = ${(latency * 1000).toFixed(3)} ms; half of ${connections} ÷ L = ${bound.toFixed(0)}/s`);
  console.log(`${count} sign-ins in ${seconds} s, both requests: median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms; server CPU ${cpu.toFixed(1)} s, that is ${(count / cpu).toFixed(0)} for each second of it`);
  goal("passkey sign-ins a second on one core", Math.round(rate), Math.round(wanted), rate >= wanted);
  await server.stop();
}
