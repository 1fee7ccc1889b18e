// kill -9 in the middle of uploads and writes, with the shim that drops what was not synced: nothing acknowledged is lost.
// What the shim keeps is what a power cut would have kept; see unsynced.c.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Server, demoSchool, freshPostgres, temporaryDirectory } from "../system/harness.mjs";

const shim = process.env.PREAU_UNSYNCED;
const rounds = process.env.PREAU_DEEP ? 12 : 2;
const wanted = 100; // uploads, and as many folders

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

// Sends uploads and writes from eight clients at once and kills the server after `killAfter` acknowledgements.
async function storm(server, headers, space, killAfter) {
  const acknowledged = { files: new Map(), folders: [] };
  let next = 0;
  let dead = false;
  const client = async () => {
    while (!dead && next < 2 * wanted) {
      const number = next++;
      try {
        if (number % 2 === 0) {
          const bytes = randomBytes(1 + ((number * 7919) % 60_000));
          const answer = await server.request("PUT", `/api/files/${space}/children/file-${number}.bin`, { headers, body: bytes });
          if (answer.status === 201) acknowledged.files.set(answer.json().id, sha256(bytes));
        } else {
          const answer = await server.request("POST", `/api/files/${space}/folders`, {
            headers: { ...headers, "content-type": "application/json" },
            body: JSON.stringify({ name: `folder ${number}` }),
          });
          if (answer.status === 201) acknowledged.folders.push(answer.json().id);
        }
      } catch {
        return; // the connection died with the server
      }
      if (!dead && acknowledged.files.size + acknowledged.folders.length >= killAfter) {
        dead = true;
        server.process.kill("SIGKILL");
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, client));
  await server.kill();
  return acknowledged;
}

async function names(server, headers, folder) {
  const found = new Set();
  let after = "";
  do {
    const answer = await server.request("GET", `/api/files/${folder}${after}`, { headers });
    assert.equal(answer.status, 200, answer.text());
    const page = answer.json();
    for (const child of page.items) found.add(child.id);
    after = page.next ? `?after=${encodeURIComponent(page.next)}` : "";
  } while (after);
  return found;
}

for (const engine of ["sqlite", "postgres"])
  describe(`kill -9 on ${engine}`, () => {
    for (let round = 0; round < rounds; round++)
      it(`loses nothing acknowledged, round ${round + 1}`, async () => {
        assert.ok(existsSync(shim), `the shim is missing: ${shim}`);
        const work = temporaryDirectory();
        const directory = join(work, "data");
        const shadow = join(work, "shadow");
        const args = [];
        if (engine === "postgres") {
          const config = join(work, "preau.toml");
          writeFileSync(config, `database = "${freshPostgres(`preau_kill_${process.pid}_${round}`)}"\n`);
          args.push("--config", config);
        }
        demoSchool(directory, args);
        // What stands before the storm was synced by the process that made it.
        mkdirSync(shadow);
        cpSync(directory, shadow, { recursive: true });

        const server = await Server.start(directory, {
          args,
          env: { LD_PRELOAD: shim, PREAU_UNSYNCED_DIR: directory, PREAU_UNSYNCED_SHADOW: shadow },
        });
        const headers = server.basic("teacher");
        const mine = await server.request("GET", "/api/files", { headers });
        assert.equal(mine.status, 200, mine.text());
        const space = mine.json().folder.id;
        const acknowledged = await storm(server, headers, space, 60 + round * 31);
        assert.ok(acknowledged.files.size > 10 && acknowledged.folders.length > 10, "the storm was too short to prove anything");

        // The disk as a power cut leaves it.
        rmSync(directory, { recursive: true });
        cpSync(shadow, directory, { recursive: true });
        const again = await Server.start(directory, { args });
        const present = await names(again, headers, space);
        for (const folder of acknowledged.folders) assert.ok(present.has(folder), `folder ${folder} was acknowledged and is gone`);
        for (const [file, digest] of acknowledged.files) {
          assert.ok(present.has(file), `file ${file} was acknowledged and is gone`);
          const content = await again.request("GET", `/api/files/${file}/content`, { headers });
          assert.equal(content.status, 200, `file ${file}: ${content.status}`);
          assert.equal(sha256(content.bytes), digest, `file ${file} came back with other bytes`);
        }
        await again.stop();
      });
  });
