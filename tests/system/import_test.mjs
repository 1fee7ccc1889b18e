// `preau import` of the real binary: beside a running server and without one; twice the same; braked; in bad encodings.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, after, describe, it } from "node:test";
import { Server, demoSchool, preau, temporaryDirectory } from "./harness.mjs";

const structures = "key;parent;kind;name;uai\nac;;academy;Académie de Lille;\nclg;ac;school;Collège Œuvrard;0590123A\n";
const people = (from, to) => {
  let text = "key;name;mail;functions\n";
  for (let i = from; i < to; i++) text += `p${i};Élodie Numéro${i};elodie.${i}@ac.test;0590123A:teacher\n`;
  return text;
};
const classes = "key;structure;name;year;teachers;pupils\n6b;0590123A;6e B;2026-2027;p1|p2;Lina Lemaire|Adam Aubert\n";

describe("preau import", () => {
  let directory, server, folder;
  before(async () => {
    ({ directory } = demoSchool());
    folder = temporaryDirectory();
    server = await Server.start(directory);
  });
  after(() => server.stop());
  const put = (name, bytes) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  const run = (...args) => preau(["import", ...args, "--data", directory]);

  it("shows what would change, then changes it, then has nothing to do", () => {
    const lists = [put("structures.csv", structures), put("people.csv", people(0, 30)), put("classes.csv", classes)];
    const dry = run(...lists, "--dry-run");
    assert.equal(dry.status, 0, dry.err);
    assert.match(dry.out, /people +30 new/);
    assert.match(dry.out, /Nothing was changed/);
    const done = run(...lists);
    assert.equal(done.status, 0, done.err);
    assert.match(done.out, /classes +1 new/);
    const again = run(...lists);
    assert.match(again.out, /people +0 new +0 changed +0 ended +30 unchanged/);
    // Whoever was imported is there for the running server at once.
    const link = preau(["user", "link", "elodie.numero1", "--data", directory]);
    assert.equal(link.status, 0, link.err);
  });

  it("reads the same list in other encodings as the same", () => {
    const text = people(0, 30);
    const latin = Buffer.from(text, "latin1");
    const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
    for (const bytes of [latin, wide, Buffer.from("\uFEFF" + text), text.replaceAll(";", "\t").replaceAll("\n", "\r\n")]) {
      const read = run(put("people.csv", bytes), "--dry-run");
      assert.match(read.out, /people +0 new +0 changed +0 ended +30 unchanged +0 refused/);
    }
  });

  it("stops before it ends too many, and tells which", () => {
    const short = put("people.csv", people(0, 5));
    const braked = run(short);
    assert.equal(braked.status, 1);
    assert.match(braked.err, /person: 25 of 30 in Collège Œuvrard/);
    assert.equal(run(short, "--rentree").status, 1, "September is for classes alone");
    assert.match(run(put("people.csv", people(0, 30)), "--dry-run").out, /30 unchanged/);
  });

  it("tells the line and the column of what it cannot read, and a million of them in good time", () => {
    const broken = put("people.csv", people(0, 30) + 'p31;Zoé "Lo" Roux;;0590123A:teacher\n');
    const told = run(broken, "--dry-run");
    assert.equal(told.status, 0, told.err);
    assert.match(told.out, /line 32, column 9/);
    const begin = Date.now();
    const million = run(put("people.csv", `key;name;functions\n${'x"y\n'.repeat(1_000_000)}`), "--dry-run");
    assert.match(million.out, /1000000 lines could not be read/);
    assert.match(million.out, /Nothing ends in the person list/);
    assert.ok(Date.now() - begin < 60_000);
  });

  it("refuses what is no list", () => {
    const picture = run(put("people.csv", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0])));
    assert.equal(picture.status, 1);
    assert.match(picture.err, /not a text/);
    const unnamed = run(put("list.csv", people(0, 1)));
    assert.equal(unnamed.status, 1);
    assert.match(unnamed.err, /must hold the word/);
  });
});
