// Restarts while people work: the sockets are held by the supervisor, so no request fails; and what a crash leaves.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import http from "node:http";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Server, binary, demoSchool, freePort, preau, temporaryDirectory } from "./harness.mjs";

// One request; a kept connection that the server had closed meanwhile is no answer but an invitation to ask again, as every
// HTTP client does for idempotent requests (RFC 9112 §9.3.1). Anything else that is not an answer is a failure.
function ask(agent, port, path, tries = 3) {
  return new Promise((answered, failed) => {
    const request = http.get({ agent, host: "127.0.0.1", port, path, headers: { host: `localhost:${port}` } }, (response) => {
      response.on("error", failed);
      response.on("end", () => answered(response.statusCode));
      response.resume();
    });
    request.on("error", (error) => {
      const stale = request.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE");
      if (stale && tries > 0) ask(false, port, path, tries - 1).then(answered, failed);
      else failed(error);
    });
  });
}

describe("a supervised server", () => {
  let directory, port, supervisor, log = "";
  const holder = () => Number(execFileSync("cat", [join(directory, "lock")], { encoding: "utf8" }));
  const answers = async () => {
    for (let left = 600; left > 0; left--) {
      if ((await ask(undefined, port, "/healthz").catch(() => 0)) === 200) return;
      await new Promise((next) => setTimeout(next, 25));
    }
    assert.fail(`it does not answer: ${log}`);
  };
  before(async () => {
    ({ directory } = demoSchool(join(temporaryDirectory(), "data")));
    port = await freePort();
    supervisor = spawn(binary, ["supervise", "--data", directory, "--listen", `127.0.0.1:${port}`], { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [supervisor.stdout, supervisor.stderr]) stream.on("data", (text) => (log = (log + text).slice(-5_000)));
    process.on("exit", () => supervisor.kill("SIGKILL"));
    await answers();
  });
  after(async () => {
    const gone = new Promise((ended) => supervisor.on("exit", (code) => ended(code)));
    supervisor.kill("SIGTERM");
    assert.equal(await gone, 0, log);
  });

  it("restarts twice under load and fails no request", async () => {
    let stop = false;
    const statuses = new Map();
    const client = async (keepAlive) => {
      const agent = new http.Agent({ keepAlive, maxSockets: 1 });
      while (!stop) {
        const status = await ask(agent, port, "/signin").catch((error) => error.code);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
      agent.destroy();
    };
    const clients = [true, true, true, false, false].map(client);
    const processes = new Set([holder()]);
    for (let turn = 0; turn < 2; turn++) {
      const done = await new Promise((ended) => {
        const command = spawn(binary, ["restart", "--data", directory]);
        let text = "";
        for (const stream of [command.stdout, command.stderr]) stream.on("data", (part) => (text += part));
        command.on("exit", (code) => ended({ code, text }));
      });
      assert.equal(done.code, 0, done.text);
      processes.add(holder());
    }
    stop = true;
    await Promise.all(clients);
    assert.equal(processes.size, 3, "each restart is a new process");
    assert.deepEqual([...statuses.keys()], [200], JSON.stringify([...statuses]));
    assert.ok(statuses.get(200) > 50, "too few requests to prove anything");
  });

  it("comes back after a crash", async () => {
    const crashed = holder();
    process.kill(crashed, "SIGKILL");
    await answers();
    assert.notEqual(holder(), crashed);
  });

  it("restarts on SIGHUP", async () => {
    const before_ = holder();
    supervisor.kill("SIGHUP");
    for (let left = 600; left > 0 && holder() === before_; left--) await new Promise((next) => setTimeout(next, 25));
    await answers();
    assert.notEqual(holder(), before_);
  });
});

describe("what cannot be supervised", () => {
  it("a configuration that is wrong ends the supervisor with the server's own words", () => {
    const { directory } = demoSchool(join(temporaryDirectory(), "data"));
    const taken = preau(["supervise", "--data", directory, "--listen", "127.0.0.1:0"]);
    assert.equal(taken.status, 1);
    assert.match(taken.err, /needs a port/);
    const wrong = preau(["supervise", "--data", directory, "--listen", "no address:80"]);
    assert.equal(wrong.status, 1);
  });

  it("a server whose address nobody holds is not restarted by mistake", async () => {
    const { directory } = demoSchool(join(temporaryDirectory(), "data"));
    const server = await Server.start(directory);
    const refused = preau(["restart", "--data", directory]);
    assert.equal(refused.status, 1);
    assert.match(refused.err, /preau supervise/);
    assert.equal((await server.request("GET", "/healthz")).status, 200);
    await server.stop();
    assert.match(preau(["restart", "--data", directory]).err, /no server runs/);
  });
});
