// Archives as foreign readers see them (Info-ZIP, Python, libarchive), taken up again after a cut, and 100,000 files
// aborted half-way by a client that leaves: the server goes on and nothing leaks.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { demoSchool, Server, temporaryDirectory } from "./harness.mjs";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

function run(command, args, options = {}) {
  const done = spawnSync(command, args, { encoding: "utf8", maxBuffer: 64 << 20, env: { ...process.env, LC_ALL: "C.UTF-8" }, ...options });
  if (done.error) throw done.error;
  assert.equal(done.status, 0, `${command} ${args.join(" ")}\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

// 100,000 rows of one folder, made by SQL: uploading them would measure something else. All share one file's bytes.
const fill = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1] + "/main.db")
folder, sample = sys.argv[2], sys.argv[3]
alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
def number(text):
    value = 0
    for letter in text: value = value * 32 + alphabet.index(letter)
    return value
folder, sample = number(folder), number(sample)
owner, now = db.execute("SELECT owner, created_at FROM item WHERE id = ?", (folder,)).fetchone()
space = folder
while True:
    parent = db.execute("SELECT parent FROM item WHERE id = ?", (space,)).fetchone()[0]
    if parent == 0: break
    space = parent
blob, size, mtime, sha, kind = db.execute("SELECT blob, size, mtime, sha256, type FROM file WHERE item = ?", (sample,)).fetchone()
first = 1 << 20
ids = range(first, first + 100000)
db.executemany("INSERT INTO item (id, parent, kind, title, sort, owner, created_at, changed_at) VALUES (?, ?, 'file', ?, ?, ?, ?, ?)",
  ((i, folder, "photo %06d.jpg" % (i - first), "1%06d" % (i - first), owner, now, now) for i in ids))
db.executemany("INSERT INTO file (item, blob, size, mtime, sha256, type) VALUES (?, ?, ?, ?, ?, ?)",
  ((i, blob, size, mtime, sha, kind) for i in ids))
db.executemany("INSERT INTO blob_ref (blob, owner) VALUES (?, ?)", ((blob, i) for i in ids))
db.execute("UPDATE space_quota SET used = used + ? WHERE space = ?", (100000 * size, space))
db.commit()
`;

describe("archives", () => {
  let server;
  let teacher;
  let space;
  const work = temporaryDirectory();

  const api = async (method, path, body) => {
    const answer = await server.request(method, path, {
      headers: { ...teacher, ...(typeof body === "string" ? { "content-type": "application/json" } : {}) },
      body,
    });
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text().slice(0, 300)}`);
    return answer.json();
  };
  const folder = (parent, name) => api("POST", `/api/files/${parent}/folders`, JSON.stringify({ name }));
  const put = (parent, name, bytes) => api("PUT", `/api/files/${parent}/children/${encodeURIComponent(name)}`, bytes);
  const zip = (id, headers = {}) => server.request("GET", `/files/${id}/zip`, { headers: { ...teacher, ...headers } });

  before(async () => {
    const { directory } = demoSchool();
    server = await Server.start(directory);
    teacher = server.basic("teacher");
    space = (await api("GET", "/api/files")).folder.id;
  });
  after(() => server.stop());

  it("are read by Info-ZIP, by Python and by libarchive, and hold the same bytes", async () => {
    const top = await folder(space, "Voyage à Rome");
    const contents = new Map();
    for (const name of ["Jour 1", "Jour 2 – l’été"]) {
      const day = await folder(top.id, name);
      for (let i = 0; i < 12; i++) {
        const bytes = randomBytes(i * 40_000);
        await put(day.id, `é${i}.bin`, bytes);
        contents.set(`${name}/é${i}.bin`, sha256(bytes));
      }
    }
    await folder(top.id, "Vide");
    const answer = await zip(top.id);
    assert.equal(answer.status, 200);
    assert.equal(Number(answer.headers["content-length"]), answer.bytes.length);
    const file = join(work, "voyage.zip");
    writeFileSync(file, answer.bytes);

    run("unzip", ["-tq", file]);
    const listed = run("python3", [
      "-c",
      "import sys, zipfile, hashlib\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\nfor n in z.namelist(): print(n, hashlib.sha256(z.read(n)).hexdigest())",
      file,
    ]).trim().split("\n").map((line) => [line.slice(0, line.lastIndexOf(" ")), line.slice(line.lastIndexOf(" ") + 1)]);
    const found = new Map(listed);
    for (const [name, digest] of contents) assert.equal(found.get(name), digest, name);
    assert.ok(found.has("Vide/"));
    assert.equal(found.size, contents.size + 3);

    const place = join(work, "voyage");
    mkdirSync(place);
    run("bsdtar", ["-xf", file, "-C", place]);
    for (const [name, digest] of contents) assert.equal(sha256(readFileSync(join(place, name))), digest, name);
    assert.deepEqual(readdirSync(join(place, "Vide")), []);
    const minutesAgo = (Date.now() - statSync(join(place, "Jour 1/é1.bin")).mtimeMs) / 60_000;
    assert.ok(Math.abs(minutesAgo) < 10, "the time of the file is that of its upload");

    // Taken up again after a cut: the rest fits what came before, as long as nothing changed.
    const half = Math.floor(answer.bytes.length / 2);
    const rest = await zip(top.id, { range: `bytes=${half}-`, "if-range": answer.headers.etag });
    assert.equal(rest.status, 206);
    assert.ok(Buffer.concat([answer.bytes.subarray(0, half), rest.bytes]).equals(answer.bytes));
    await put(top.id, "un de plus.txt", "x");
    const whole = await zip(top.id, { range: `bytes=${half}-`, "if-range": answer.headers.etag });
    assert.equal(whole.status, 200);
  });

  it("of 100,000 files may be left half-way again and again: no descriptor, no memory stays, and the next one is whole", async () => {
    const many = await folder(space, "Photos");
    const sample = await put(many.id, "zz modèle.jpg", randomBytes(300));
    await server.stop();
    run("python3", ["-c", fill, server.directory, many.id, sample.id]);
    server = await Server.start(server.directory, { port: server.port });
    const descriptors = () => readdirSync(`/proc/${server.process.pid}/fd`).length;
    const resident = () => Number(readFileSync(`/proc/${server.process.pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]) / 1024;

    const abort = (after) =>
      new Promise((left, failed) => {
        const request = http.get(
          { host: "127.0.0.1", port: server.port, path: `/files/${many.id}/zip`, headers: { ...teacher, host: `localhost:${server.port}` } },
          (response) => {
            let bytes = 0;
            response.on("data", (chunk) => {
              bytes += chunk.length;
              if (bytes > after) response.destroy();
            });
            response.on("error", () => {});
            response.on("close", () => left(bytes));
          },
        );
        request.on("error", failed);
      });
    await abort(5_000_000); // what is kept open and allocated once is there now
    const before = { descriptors: descriptors(), resident: resident() };
    for (let round = 0; round < 3; round++) assert.ok((await abort(10_000_000)) > 10_000_000);
    let now = descriptors();
    for (let tries = 0; now > before.descriptors && tries < 100; tries++) {
      await new Promise((next) => setTimeout(next, 50));
      now = descriptors();
    }
    assert.ok(now <= before.descriptors, `${before.descriptors} descriptors before, ${now} after`);
    const grown = resident() - before.resident;
    assert.ok(grown < 120, `${grown.toFixed(0)} MB more than after the first one`); // under ASan freed memory is held back

    const answer = await zip(many.id);
    assert.equal(answer.bytes.length, Number(answer.headers["content-length"]));
    const file = join(work, "photos.zip");
    writeFileSync(file, answer.bytes);
    run("unzip", ["-tq", file]);
    assert.equal(run("python3", ["-c", "import sys, zipfile; print(len(zipfile.ZipFile(sys.argv[1]).namelist()))", file]).trim(), "100001");
  });
});
