// The machine dies in September: while the classes of a school are being closed, and while all that a list of links shows
// is being suspended. What was answered for is there after the restart; what was not is there as a whole or not at all;
// what was under way is completed, once.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Server, asAdministrator, demoSchool, freshPostgres, linkIn, temporaryDirectory } from "./harness.mjs";

const engines = {
  SQLite: () => [],
  PostgreSQL: () => {
    const config = join(temporaryDirectory(), "preau.toml");
    writeFileSync(config, `database = "${freshPostgres(`preau_september_${process.pid}`)}"\n`);
    return ["--config", config];
  },
};
const pause = (milliseconds) => new Promise((next) => setTimeout(next, milliseconds));
const classes = 60;
const links = 450; // three portions of the job

// Both at once: most of the time is spent waiting for the lease of the job that died.
describe("September", { concurrency: true }, () => {
  for (const [engine, argumentsOf] of Object.entries(engines))
    describe(`a September that is killed, on ${engine}`, { concurrency: 1 }, () => {
      let server, args, classLink, admin, year;
      const restart = async () => (server = await Server.start(server.directory, { args, port: server.port }));
      const send = (method, path, headers, body) =>
        server.request(method, path, { headers: { ...headers, "content-type": "application/json" }, body: body && JSON.stringify(body) });
      const json = async (...asked) => {
        const answer = await send(...asked);
        assert.ok(answer.status < 300, `${asked[0]} ${asked[1]}: ${answer.status} ${answer.text()}`);
        return answer.json();
      };
      const form = (path, fields) =>
        server.request("POST", path, {
          headers: { ...admin, accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
          body: new URLSearchParams(fields).toString(),
        });
      const openClasses = async () => {
        const ids = [];
        for (let next = ""; next !== null && next !== undefined; ) {
          const page = await json("GET", `/api${year}${next}`, admin);
          ids.push(...page.classes.map((one) => one.id));
          next = page.next ? `?after=${encodeURIComponent(page.next)}` : null;
        }
        return ids;
      };

      before(async () => {
        args = argumentsOf();
        const school = demoSchool(undefined, args);
        classLink = linkIn(school.printed, "class 6eB");
        server = await Server.start(school.directory, { args });
        admin = await asAdministrator(server);
        const people = await json("GET", "/api/admin/people?q=teacher", admin);
        const { functions } = await json("GET", `/api/admin/people/${people.people[0].id}`, admin);
        year = `/structures/${functions[0].structure}/year`;
      });
      after(() => server.stop());

      it("closes all of the classes or none, and what was answered for stays", async () => {
        const names = Array.from({ length: classes }, (_, i) => `Classe ${i + 1}`).join("\n");
        const opened = await form(`/api${year}/open`, { names, year: "2026-2027" });
        assert.equal(opened.status, 200, opened.text());
        const all = await openClasses();
        assert.equal(all.length, classes + 1);
        // Not waited for: the machine dies while it is being done, a little later each time.
        const body = new URLSearchParams([...all.map((id) => ["what", id]), ["year", "2025-2026"]]);
        for (const moment of [1, 8, 25]) {
          const answer = form(`/api${year}/close`, body).catch(() => null);
          await pause(moment);
          await server.kill();
          const acknowledged = (await answer)?.status === 200;
          await restart();
          const left = (await openClasses()).length;
          assert.ok(left === 0 || (left === all.length && !acknowledged), `${left} of ${all.length} are open`);
          if (left === 0) {
            const back = await form(`/api${year}/reopen`, new URLSearchParams(all.map((id) => ["what", id])));
            assert.equal(back.status, 200, back.text());
          }
        }
        const closed = await form(`/api${year}/close`, body);
        assert.equal(closed.status, 200, closed.text());
        await server.kill();
        await restart();
        assert.equal((await openClasses()).length, 0);
        assert.equal((await server.request("GET", classLink)).status, 410, "its families are told that the year has ended");
      });

      it("suspends all of a list once, with one letter to each owner, and takes it back", async () => {
        const teacher = server.basic("teacher", args);
        const space = (await json("GET", "/api/files", teacher)).folder.id;
        const folder = (await json("POST", `/api/files/${space}/folders`, teacher, { name: "Liens" })).id;
        for (let i = 0; i < links; i++) await json("POST", `/api/sharing/items/${folder}/links`, teacher, { may: "view", label: `n° ${i}`, until: "never" });
        const standing = async (show) => {
          const found = [];
          for (let next = ""; next !== null; ) {
            const page = await json("GET", `/api/admin/shown?show=${show}&login=teacher${next && `&before=${next}`}`, admin);
            found.push(...page.shown.map((row) => row.what));
            next = page.next ?? null;
          }
          return found;
        };
        const all = await standing("links");
        assert.ok(all.length >= links);
        const ended = async (sweep) => {
          for (let left = 1_200; left > 0; left--) {
            const now = await json("GET", `/api/admin/shown/sweeps/${sweep}`, admin);
            if (now.ended) return now;
            await pause(50);
          }
          assert.fail("it does not end");
        };
        // Answered for, and killed at once.
        const { sweep } = await json("POST", "/api/admin/shown/all?show=links&login=teacher", admin, { reason: "Adresses publiées" });
        await server.kill();
        await restart();
        assert.equal((await ended(sweep)).done, all.length);
        assert.deepEqual((await standing("suspended-links")).sort(), [...all].sort());
        assert.deepEqual(await standing("links"), []);
        const mails = (await server.request("GET", "/admin/mail", { headers: admin })).text();
        assert.equal(mails.match(/Vos liens de partage sont suspendus/g)?.length, 1);
        // Killed in the middle.
        const undo = (await json("POST", `/api/admin/shown/sweeps/${sweep}/undo`, admin, {})).sweep;
        for (let left = 400; left > 0 && !(await json("GET", `/api/admin/shown/sweeps/${undo}`, admin)).done; left--) await pause(2);
        await server.kill();
        await restart();
        assert.equal((await ended(undo)).done, all.length);
        assert.deepEqual((await standing("links")).sort(), [...all].sort());
      });
    });
});
