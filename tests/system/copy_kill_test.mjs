// A large folder is being copied when the machine dies. After the restart the copy is completed, once: nothing is missing,
// nothing is doubled; and meanwhile the half-copied folder says that it is half copied.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Server, demoSchool, freshPostgres, temporaryDirectory } from "./harness.mjs";

const engines = {
  SQLite: () => [],
  PostgreSQL: () => {
    const config = join(temporaryDirectory(), "preau.toml");
    writeFileSync(config, `database = "${freshPostgres(`preau_copy_kill_${process.pid}`)}"\n`);
    return ["--config", config];
  },
};

for (const [engine, argumentsOf] of Object.entries(engines))
  describe(`a copy that is killed half-way, on ${engine}`, () => {
    let server, headers, space, args;
    before(async () => {
      args = argumentsOf();
      const { directory } = demoSchool(undefined, args);
      server = await Server.start(directory, { args });
      headers = server.basic("teacher", args);
      space = (await server.request("GET", "/api/files", { headers })).json().folder.id;
    });
    after(() => server.stop());

    const json = async (method, path, body) => {
      const answer = await server.request(method, path, { headers: { ...headers, "content-type": "application/json" }, body: body && JSON.stringify(body) });
      assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text()}`);
      return answer.json();
    };
    const folder = async (parent, name) => (await json("POST", `/api/files/${parent}/folders`, { name })).id;
    const copy = (item, to) => json("POST", "/api/files/copy", { items: [item], to });
    const state = (job) => json("GET", `/api/files/jobs/${job}`);
    const ended = async (job) => {
      for (let left = 3_000; left > 0; left--) {
        const now = await state(job);
        if (now.state !== "running") return now;
        await new Promise((next) => setTimeout(next, 50));
      }
      assert.fail("the copy does not end");
    };
    const children = async (id) => {
      const rows = [];
      for (let next = ""; next !== undefined && next !== null; ) {
        const page = await json("GET", `/api/files/${id}?limit=500${next && `&after=${encodeURIComponent(next)}`}`);
        rows.push(...page.items);
        next = page.next;
      }
      return rows;
    };
    // Every path below a folder, with the checksum of files: the same for what is the same.
    const tree = async (id, path = "") => {
      const lines = [];
      for (const row of await children(id)) {
        lines.push(`${path}/${row.name}${row.sha256 ? ` ${row.sha256}` : ""}`);
        if (row.kind === "folder") lines.push(...(await tree(row.id, `${path}/${row.name}`)));
      }
      return lines.sort();
    };

    it("is completed exactly once after the restart", async () => {
      // A tree grows quickest by copying it: each round doubles it.
      const top = await folder(space, "Année");
      const first = await folder(top, "Trimestre");
      for (let i = 0; i < 60; i++) {
        const made = await server.request("PUT", `/api/files/${first}/children/fiche-${i}.txt`, { headers, body: `fiche ${i}` });
        assert.equal(made.status, 201);
      }
      for (let round = 0; round < 5; round++) {
        const half = await folder(top, `Lot ${round}`);
        for (const row of await children(top)) {
          if (row.id === half) continue;
          const { job } = await copy(row.id, half);
          if (job) assert.equal((await ended(job)).state, "done");
        }
      }
      const wanted = await tree(top);
      assert.ok(wanted.length > 1_900, `${wanted.length} items`);

      const { job, done } = await copy(top, space);
      assert.ok(job, "so large a copy is a job");
      const target = done[0].id;
      let before;
      do before = await state(job); while (before.done < 200 && before.state === "running");
      await server.kill();
      assert.equal(before.state, "running", "it was over before it could be killed");
      assert.ok(before.done < before.total);

      server = await Server.start(server.directory, { args });
      const half = await state(job);
      assert.equal(half.state, "running");
      const marked = (await children(space)).find((row) => row.id === target);
      assert.match(marked.copying ?? "", /Copie en cours|Being copied/, "half a folder is not shown as a whole one");
      const now = await ended(job);
      assert.equal(now.state, "done");
      assert.equal(now.done, wanted.length + 1); // and itself
      assert.deepEqual(await tree(target), wanted);
      const whole = (await children(space)).filter((row) => row.name.startsWith("Année"));
      assert.equal(whole.length, 2);
      assert.ok(whole.every((row) => !row.copying));
    });
  });
