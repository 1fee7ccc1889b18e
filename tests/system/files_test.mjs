// The file service over the wire, against the real binary: what a script with an app password does, and what goes wrong.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Server, demoSchool, linkIn, temporaryDirectory } from "./harness.mjs";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest();

describe("files over the wire", () => {
  let server, headers, space, printed;
  before(async () => {
    const school = demoSchool();
    printed = school.printed;
    server = await Server.start(school.directory);
    headers = server.basic("teacher");
    space = (await server.request("GET", "/api/files", { headers })).json().folder.id;
  });
  after(() => server.stop());

  const put = (name, body, extra = {}, query = "") =>
    server.request("PUT", `/api/files/${space}/children/${encodeURIComponent(name)}${query}`, { headers: { ...headers, ...extra }, body });
  const listed = async () => {
    const names = [];
    for (let next = ""; next !== undefined; ) {
      const page = (await server.request("GET", `/api/files/${space}${next && `?after=${encodeURIComponent(next)}`}`, { headers })).json();
      names.push(...page.items.map((item) => item.name ?? item.title));
      next = page.next;
    }
    return names;
  };

  it("takes bytes and gives the same back, whole and in ranges", async () => {
    const bytes = randomBytes(300_000);
    const made = await put("données.bin", bytes, { "content-digest": `sha-256=:${sha256(bytes).toString("base64")}:` });
    assert.equal(made.status, 201, made.text());
    const path = `/api/files/${made.json().id}/content`;
    const whole = await server.request("GET", path, { headers });
    assert.equal(whole.status, 200);
    assert.ok(whole.bytes.equals(bytes));
    assert.match(whole.headers["content-disposition"], /^attachment/);
    assert.equal(whole.headers["x-content-type-options"], "nosniff");
    const part = await server.request("GET", path, { headers: { ...headers, range: "bytes=1000-1999" } });
    assert.equal(part.status, 206);
    assert.equal(part.headers["content-range"], "bytes 1000-1999/300000");
    assert.ok(part.bytes.equals(bytes.subarray(1000, 2000)));
    const beyond = await server.request("GET", path, { headers: { ...headers, range: "bytes=300000-" } });
    assert.equal(beyond.status, 416);
    const same = await server.request("GET", path, { headers: { ...headers, "if-none-match": whole.headers.etag } });
    assert.equal(same.status, 304);
  });

  it("keeps nothing of an upload whose checksum is wrong", async () => {
    const before_ = await listed();
    const refused = await put("faux.bin", "bytes", { "content-digest": `sha-256=:${sha256("others").toString("base64")}:` });
    assert.equal(refused.status, 422);
    assert.ok(refused.json().title.length > 10);
    assert.deepEqual(await listed(), before_);
  });

  it("keeps nothing of an upload that was cut off", async () => {
    const before_ = await listed();
    await new Promise((done) => {
      const socket = net.connect(server.port, "127.0.0.1", () => {
        const head = [`PUT /api/files/${space}/children/coupe.bin HTTP/1.1`, `Host: localhost:${server.port}`, `Authorization: ${headers.authorization}`, "Content-Length: 1000000", "", ""];
        socket.write(head.join("\r\n"));
        socket.write(randomBytes(100_000), () => setTimeout(() => socket.destroy(), 50));
      });
      socket.on("close", done);
      socket.on("error", done);
    });
    assert.equal((await server.request("GET", "/healthz")).status, 200);
    assert.deepEqual(await listed(), before_);
  });

  it("refuses names that are none, and paths that try to leave", async () => {
    const before_ = await listed();
    for (const name of ["", ".", "..", "../up", "a/b", "nul\0", "\u0007", "x".repeat(256), "\u202Egpj.exe"]) {
      const answer = await put(name, "x");
      assert.ok([400, 404, 405, 422].includes(answer.status), `${JSON.stringify(name)}: ${answer.status}`);
    }
    for (const raw of ["%2e%2e%2fup", "..%5cup%00", "%ff%fe", "%c0%ae"]) {
      const answer = await server.request("PUT", `/api/files/${space}/children/${raw}`, { headers, body: "x" });
      // A backslash is an ordinary letter of a name; what must not happen is a name with '/', NUL or broken text.
      assert.ok([400, 404, 422].includes(answer.status), `${raw}: ${answer.status}`);
    }
    assert.deepEqual(await listed(), before_);
  });

  it("knows that é and e + accent are one name, and that case makes two", async () => {
    assert.equal((await put("Été.txt".normalize("NFC"), "1")).status, 201);
    const twin = await put("Été.txt".normalize("NFD"), "2");
    assert.equal(twin.status, 409, twin.text());
    assert.equal((await put("ÉTÉ.txt", "3")).status, 201);
    const numbered = await put("Été.txt".normalize("NFD"), "4", {}, "?if_taken=number");
    assert.equal(numbered.status, 201);
    assert.ok((await listed()).includes("Été (2).txt".normalize("NFC")));
  });

  it("answers who has no right in their own words, and changes nothing", async () => {
    const before_ = await listed();
    const colleague = server.basic("colleague");
    const answer = await server.request("PUT", `/api/files/${space}/children/intrus.txt`, { headers: colleague, body: "x" });
    assert.equal(answer.status, 404); // not even that it exists
    const nobody = await server.request("PUT", `/api/files/${space}/children/intrus.txt`, { body: "x" });
    assert.equal(nobody.status, 401);
    assert.deepEqual(await listed(), before_);
    const french = await server.request("GET", `/api/files/${space}`, { headers: { ...colleague, "accept-language": "fr" } });
    const english = await server.request("GET", `/api/files/${space}`, { headers: { ...colleague, "accept-language": "en" } });
    assert.notEqual(french.json().title, english.json().title);
  });

  it("bounds headers and bodies", async () => {
    const large = await server.request("GET", "/", { headers: { "x-large": "x".repeat(20_000) } });
    assert.equal(large.status, 431);
    const long = await server.request("GET", `/${"x".repeat(10_000)}`);
    assert.equal(long.status, 414);
    const body = await server.request("POST", `/api/files/${space}/folders`, {
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify({ name: "x".repeat(100_000) }),
    });
    assert.equal(body.status, 413);
  });

  it("lets a link be used for what it is for, and for nothing else", async () => {
    const opened = await server.request("GET", linkIn(printed, "Volcans"));
    assert.equal(opened.status, 303);
    const cookie = opened.headers["set-cookie"].map((line) => line.split(";")[0]).join("; ");
    const folder = opened.headers.location;
    assert.equal((await server.request("GET", folder, { headers: { cookie } })).status, 200);
    const elsewhere = await server.request("GET", `/files/${space}`, { headers: { cookie } });
    assert.ok([403, 404].includes(elsewhere.status), `status ${elsewhere.status}`);
    assert.equal((await server.request("GET", "/s/AAAAAAAAAAAAAAAAAAAAAAAAAAA")).status, 404);
  });
});

describe("a full disk", () => {
  it("is said, keeps nothing of the upload, and hurts nothing else", async () => {
    const mount = join(temporaryDirectory(), "small");
    mkdirSync(mount);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", mount]);
    try {
      const { directory } = demoSchool(join(mount, "data"));
      const server = await Server.start(directory);
      const headers = server.basic("teacher");
      const space = (await server.request("GET", "/api/files", { headers })).json().folder.id;
      const fits = await server.request("PUT", `/api/files/${space}/children/petit.bin`, { headers, body: randomBytes(200_000) });
      assert.equal(fits.status, 201, fits.text());
      const large = await server.request("PUT", `/api/files/${space}/children/grand.bin`, { headers, body: randomBytes(40 << 20) });
      assert.equal(large.status, 507, large.text());
      assert.ok(large.json().title.length > 10);
      // The room of the failed upload is given back on the store's own thread, shortly after the answer.
      let again;
      for (let attempt = 0; attempt < 100 && again?.status !== 201; attempt++) {
        if (attempt) await new Promise((next) => setTimeout(next, 50));
        again = await server.request("PUT", `/api/files/${space}/children/apres.bin`, { headers, body: randomBytes(200_000) });
      }
      assert.equal(again.status, 201, "the room of the failed upload was not given back");
      const names = (await server.request("GET", `/api/files/${space}`, { headers })).json().items.map((item) => item.name ?? item.title);
      assert.ok(names.includes("petit.bin") && names.includes("apres.bin") && !names.includes("grand.bin"));
      await server.stop();
    } finally {
      execFileSync("umount", ["-l", mount]);
    }
  });
});

describe("a second database engine", () => {
  it("serves the same school from PostgreSQL", async () => {
    const base = process.env.PREAU_TEST_PG;
    assert.ok(base, "PREAU_TEST_PG is missing: ./do test starts the cluster");
    const name = `preau_system_${process.pid}`;
    execFileSync("psql", [base, "-qc", `CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`]);
    const work = temporaryDirectory();
    const config = join(work, "preau.toml");
    writeFileSync(config, `database = "${base.replace(/dbname=\S+/, `dbname=${name}`)}"\n`);
    const { directory } = demoSchool(join(work, "data"), ["--config", config]);
    const server = await Server.start(directory, { args: ["--config", config] });
    const headers = server.basic("teacher");
    const list = await server.request("GET", "/api/files", { headers });
    assert.equal(list.status, 200, list.text());
    assert.ok(list.json().items.length >= 2);
    const bytes = randomBytes(50_000);
    const made = await server.request("PUT", `/api/files/${list.json().folder.id}/children/pg.bin`, { headers, body: bytes });
    assert.equal(made.status, 201, made.text());
    assert.ok((await server.request("GET", `/api/files/${made.json().id}/content`, { headers })).bytes.equals(bytes));
    await server.stop();
    execFileSync("psql", [base, "-qc", `DROP DATABASE ${name}`]);
  });
});
