// The command line, stable because scripts of others rely on it.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Server, demoSchool, password, preau, temporaryDirectory } from "./harness.mjs";

describe("preau without data", () => {
  it("prints its version", () => {
    const { status, out } = preau(["--version"]);
    assert.equal(status, 0);
    assert.match(out, /^preau \d+\.\d+\.\d+\n$/);
  });
  it("lists each route with method, pattern, access and source line", () => {
    const { status, out } = preau(["routes"]);
    assert.equal(status, 0);
    const line = out.split("\n").find((row) => /^GET\s+\/signin\s/.test(row));
    assert.match(line ?? "", /Guest/);
    assert.match(line ?? "", /apps\/portal\/\S+_routes\.cpp:\d+/);
  });
  it("says what to do about a mistake, on standard error, and fails", () => {
    for (const args of [
      ["serve"],
      ["serve", "--data", "/proc/nowhere"],
      ["serve", "--data", temporaryDirectory(), "--listen", "nonsense"],
      ["serve", "--data", temporaryDirectory(), "--config", "/nonexistent.toml"],
      ["user", "add", "Bad Name", "--mail", "x@example.org", "--data", temporaryDirectory()],
      ["user", "app-password", "nobody", "--data", temporaryDirectory()],
      ["unknown-verb"],
    ]) {
      const { status, out, err } = preau(args);
      assert.notEqual(status, 0, args.join(" "));
      assert.ok(err.trim().length > 10, `${args.join(" ")}: nothing on standard error`);
      assert.equal(out, "", args.join(" "));
    }
  });
});

for (const running of [false, true])
  describe(running ? "preau user, while the server runs" : "preau user, without a server", () => {
    let directory, server;
    before(async () => {
      ({ directory } = demoSchool());
      if (running) server = await Server.start(directory);
    });
    after(() => server?.stop());

    it("makes an account that signs in with its password", async () => {
      const added = preau(
        ["user", "add", "paul.martin", "--mail", "paul.martin@example.org", "--password-stdin", "--data", directory],
        { input: "a-long-password-indeed\n" },
      );
      assert.equal(added.status, 0, added.err);
      const own = server ?? (await Server.start(directory));
      const answer = await own.request("POST", "/signin", {
        headers: { origin: own.origin, "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ login: "paul.martin", password: "a-long-password-indeed" }).toString(),
      });
      assert.equal(answer.status, 303);
      assert.ok(String(answer.headers["set-cookie"]).includes("HttpOnly"));
      if (!server) await own.stop();
    });
    it("refuses a name that is taken and a bad password", () => {
      const taken = preau(["user", "add", "teacher", "--mail", "t@example.org", "--data", directory]);
      assert.equal(taken.status, 1);
      assert.match(taken.err, /teacher|taken|pris/i);
      const short = preau(["user", "add", "jo", "--mail", "jo@example.org", "--password-stdin", "--data", directory], { input: "short\n" });
      assert.equal(short.status, 1);
      assert.match(short.err, /12/);
    });
    it("prints a one-time link where no password is given", () => {
      const added = preau(["user", "add", "lea.petit", "--mail", "lea@example.org", "--data", directory]);
      assert.equal(added.status, 0, added.err);
      assert.match(added.out, /\/signin\/once\/[A-Za-z0-9_-]{22,}/);
    });
    it("prints an app password for HTTP Basic", async () => {
      const own = server ?? (await Server.start(directory));
      const answer = await own.request("GET", "/api/files", { headers: own.basic("colleague") });
      assert.ok([200, 303, 404].includes(answer.status), `status ${answer.status}`);
      const refused = await own.request("GET", "/api/files", {
        headers: { authorization: `Basic ${Buffer.from("colleague:wrong").toString("base64")}` },
      });
      assert.equal(refused.status, 401);
      if (!server) await own.stop();
    });
    it("makes the demonstration school only once", () => {
      const again = preau(["demo", "--data", directory, "--password", password]);
      assert.equal(again.status, 0, again.err);
      assert.ok(existsSync(join(directory, "main.db")));
    });
  });

describe("preau serve", () => {
  it("lets nobody else serve the same data", async () => {
    const { directory } = demoSchool();
    const server = await Server.start(directory);
    const second = preau(["serve", "--data", directory, "--listen", "127.0.0.1:0"]);
    assert.notEqual(second.status, 0);
    assert.match(second.err, /already|déjà|lock/i);
    await server.stop();
  });
  it("passes its own examination", async () => {
    const { directory } = demoSchool();
    const { status, out, err } = preau(["doctor", "--data", directory]);
    assert.equal(status, 0, out + err);
  });
});
