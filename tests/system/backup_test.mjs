// A backup taken while people work, and the rehearsal of the bad day: everything that was acknowledged before it began is back,
// on both databases.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Server, binary, demoSchool, freshPostgres, password, preau, temporaryDirectory } from "./harness.mjs";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

function configurationFor(engine, work, name) {
  if (engine === "sqlite") return [];
  const config = join(work, `${name}.toml`);
  writeFileSync(config, `database = "${freshPostgres(`preau_${name}_${process.pid}`)}"\n`);
  return ["--config", config];
}

class Teacher {
  static async at(server) {
    const teacher = new Teacher();
    teacher.server = server;
    teacher.headers = server.basic("teacher");
    teacher.space = (await server.request("GET", "/api/files", { headers: teacher.headers })).json().folder.id;
    teacher.given = new Map(); // id → hash of what the server acknowledged
    return teacher;
  }
  async give(name, bytes = randomBytes(5_000)) {
    const answer = await this.server.request("PUT", `/api/files/${this.space}/children/${name}?if_taken=replace`, { headers: this.headers, body: bytes });
    assert.ok(answer.status === 201 || answer.status === 200, answer.text());
    this.given.set(answer.json().id, sha256(bytes));
    return answer.json().id;
  }
  // Uploads, replaces and throws away until told to stop, so that bytes come and go below the backup.
  work() {
    let stop = false;
    const done = (async () => {
      for (let turn = 0; !stop; turn++) {
        const id = await this.give(`pendant-${turn % 5}.bin`);
        if (turn % 7 === 6) await this.server.request("DELETE", `/api/files/${id}`, { headers: this.headers });
      }
    })();
    return () => {
      stop = true;
      return done;
    };
  }
}

async function holds(server, headers, given) {
  for (const [id, digest] of given) {
    const content = await server.request("GET", `/api/files/${id}/content`, { headers });
    assert.equal(content.status, 200, `file ${id}: ${content.status}`);
    assert.equal(sha256(content.bytes), digest, `file ${id} came back with other bytes`);
  }
}

function filesBelow(directory) {
  return readdirSync(directory, { recursive: true }).map((name) => join(directory, name)).filter((path) => statSync(path).isFile());
}
const bytesIn = (backup) => filesBelow(join(backup, "blobs")).filter((path) => !path.includes("incoming"));
const snapshotsIn = (backup) => readdirSync(join(backup, "snapshots")).sort();

for (const engine of ["sqlite", "postgres"])
  describe(`backup and restore on ${engine}`, () => {
    it("gives back what was acknowledged before it began, though people went on working", async () => {
      const work = temporaryDirectory();
      const [directory, backup, restored] = ["data", "backup", "restored"].map((name) => join(work, name));
      const args = configurationFor(engine, work, "source");
      demoSchool(directory, args);
      const server = await Server.start(directory, { args });
      const teacher = await Teacher.at(server);
      for (let number = 0; number < 12; number++) await teacher.give(`avant-${number}.bin`);
      const before = new Map(teacher.given);

      const endWork = teacher.work();
      const first = await new Promise((done) => {
        const command = spawn(binary, ["backup", "--data", directory, "--to", backup, ...args]);
        let text = "";
        for (const stream of [command.stdout, command.stderr]) stream.on("data", (part) => (text += part));
        command.on("exit", (status) => done({ status, text }));
      });
      await endWork();
      assert.equal(first.status, 0, first.text);
      const after = await teacher.give("apres.bin");

      // The second copies what is new and nothing else.
      const kept = new Map(bytesIn(backup).map((path) => [path, statSync(path).mtimeMs]));
      const second = preau(["backup", "--data", directory, "--to", backup, ...args]);
      assert.equal(second.status, 0, second.err);
      for (const [path, time] of kept) assert.equal(statSync(path).mtimeMs, time, `${path} was written again`);
      assert.ok(bytesIn(backup).length > kept.size);

      // The machine is lost.
      await server.kill();
      rmSync(directory, { recursive: true });
      const target = configurationFor(engine, work, "target");
      const [oldest, latest] = snapshotsIn(backup);
      assert.equal(preau(["restore", "--from", backup, "--verify"]).status, 0);
      const back = preau(["restore", "--from", backup, "--data", restored, "--verify", ...target]);
      assert.equal(back.status, 0, back.err);
      assert.match(back.out, new RegExp(latest));
      const again = await Server.start(restored, { args: target });
      await holds(again, again.basic("teacher"), new Map([...before, [after, teacher.given.get(after)]]));
      const signed = await again.request("POST", "/signin", {
        headers: { origin: again.origin, "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ login: "teacher", password }).toString(),
      });
      assert.equal(signed.status, 303);
      await again.stop();

      // The older moment is there as well: with what was given before, without what came later.
      const older = join(work, "older");
      const earlier = configurationFor(engine, work, "earlier");
      assert.equal(preau(["restore", "--from", backup, "--snapshot", oldest, "--data", older, ...earlier]).status, 0);
      const past = await Server.start(older, { args: earlier });
      const headers = past.basic("teacher");
      await holds(past, headers, before);
      assert.equal((await past.request("GET", `/api/files/${after}/content`, { headers })).status, 404);
      await past.stop();
    });
  });

describe("what goes wrong with backups", () => {
  const made = () => {
    const work = temporaryDirectory();
    const { directory } = demoSchool(join(work, "data"));
    const backup = join(work, "backup");
    const done = preau(["backup", "--data", directory, "--to", backup]);
    assert.equal(done.status, 0, done.err);
    return { work, directory, backup };
  };

  it("one damaged byte is found, named, and never restored", () => {
    const { work, backup } = made();
    const victim = bytesIn(backup)[0];
    const bytes = readFileSync(victim);
    bytes[0] ^= 1;
    writeFileSync(victim, bytes);
    const checked = preau(["restore", "--from", backup, "--verify"]);
    assert.equal(checked.status, 1);
    assert.ok(checked.err.includes(victim.split("/").at(-1)), checked.err);
    const restored = preau(["restore", "--from", backup, "--data", join(work, "restored")]);
    assert.equal(restored.status, 1, "bytes are hashed while they are copied");
    assert.ok(!existsSync(join(work, "restored/main.db")), "half an installation could be served");
  });

  it("damaged records and lists are found", () => {
    const { backup } = made();
    const [name] = snapshotsIn(backup);
    appendFileSync(join(backup, "snapshots", name, "blobs.txt"), "1 x\n");
    const checked = preau(["restore", "--from", backup, "--verify"]);
    assert.equal(checked.status, 1);
    assert.match(checked.err, /blobs\.txt is damaged/);
  });

  it("bytes that are damaged in the installation are said, and the rest is kept", () => {
    const { work, directory } = made();
    const victim = filesBelow(join(directory, "blobs"))[0];
    writeFileSync(victim, "other bytes");
    const other = join(work, "other");
    const done = preau(["backup", "--data", directory, "--to", other]);
    assert.equal(done.status, 1);
    assert.ok(done.err.includes(victim.split("/").at(-1)), done.err);
    assert.equal(snapshotsIn(other).length, 1);
    const restored = preau(["restore", "--from", other, "--data", join(work, "restored")]);
    assert.equal(restored.status, 1);
    assert.match(restored.err, /damaged already/);
    assert.ok(existsSync(join(work, "restored/main.db")));
  });

  it("a backup that was cut off counts for nothing and is tidied up by the next", () => {
    const { directory, backup } = made();
    const [name] = snapshotsIn(backup);
    rmSync(join(backup, "snapshots", name, "manifest.json"));
    assert.match(preau(["restore", "--from", backup, "--verify"]).err, /no whole snapshot/);
    assert.equal(preau(["backup", "--data", directory, "--to", backup]).status, 0);
    assert.equal(snapshotsIn(backup).length, 1);
  });

  it("keeps the latest snapshots and the bytes that they name", () => {
    const { directory, backup } = made();
    const orphan = join(backup, "blobs/00/00", `${"0".repeat(64)}.${"0".repeat(16)}`); // named by no snapshot any more
    mkdirSync(join(backup, "blobs/00/00"), { recursive: true });
    for (let turn = 0; turn < 3; turn++) assert.equal(preau(["backup", "--data", directory, "--to", backup]).status, 0);
    assert.equal(snapshotsIn(backup).length, 4);
    const bytes = bytesIn(backup);
    writeFileSync(orphan, "");
    assert.equal(preau(["backup", "--data", directory, "--to", backup, "--keep", "2"]).status, 0);
    assert.equal(snapshotsIn(backup).length, 2);
    assert.deepEqual(bytesIn(backup), bytes);
    assert.ok(!existsSync(orphan));
    assert.equal(preau(["restore", "--from", backup, "--verify"]).status, 0);
  });

  it("does not write over anything", () => {
    const { work, directory, backup } = made();
    const refused = preau(["restore", "--from", backup, "--data", directory]);
    assert.equal(refused.status, 1);
    assert.match(refused.err, /is not empty/);
    assert.match(preau(["restore", "--from", work]).err, /is no backup/);
    assert.match(preau(["restore", "--from", backup]).err, /say where to/);
    assert.match(preau(["restore", "--from", backup, "--snapshot", "gestern", "--verify"]).err, /there is no snapshot/);
    assert.match(preau(["backup", "--data", join(work, "nothing"), "--to", backup]).err, /there is no directory/);
  });
});
