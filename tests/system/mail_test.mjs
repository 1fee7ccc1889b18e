// Mail and the audit journal of the real binary: a teacher sends a link, a family receives it by a real SMTP server and
// comes in by it; the journal says so and is checked from the command line.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { Server, demoSchool, preau, temporaryDirectory } from "./harness.mjs";

const until = async (what, condition) => {
  const giveUp = Date.now() + 20_000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > giveUp) throw new Error(`${what} did not happen`);
    await new Promise((next) => setTimeout(next, 50));
  }
};

// STARTTLS with a certificate of its own authority, and a password.
class Relay {
  static async start(port = 0) {
    const relay = new Relay();
    const folder = temporaryDirectory();
    relay.certificate = join(folder, "cert.pem");
    const key = join(folder, "key.pem");
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", relay.certificate], { stdio: "ignore" });
    relay.letters = [];
    relay.server = new SMTPServer({
      cert: readFileSync(relay.certificate), key: readFileSync(key),
      onAuth: ({ username, password }, session, done) => (username === "preau" && password === "s3cret" ? done(null, { user: username }) : done(new Error("no"))),
      onRcptTo: ({ address }, session, done) => done(address.startsWith("nobody@") ? Object.assign(new Error("5.1.1 no such user"), { responseCode: 550 }) : null),
      onData: (stream, session, done) =>
        simpleParser(stream).then((mail) => {
          relay.letters.push({ mail, to: session.envelope.rcptTo.map(({ address }) => address), secure: session.secure });
          done();
        }, done),
    });
    relay.server.on("error", () => {});
    await new Promise((listening) => relay.server.listen(port, "127.0.0.1", listening));
    relay.port = relay.server.server.address().port;
    return relay;
  }
  stop() {
    return new Promise((closed) => this.server.close(closed));
  }
}

describe("mail of the real server", () => {
  let relay, server, directory, headers, link, item;
  before(async () => {
    relay = await Relay.start();
    ({ directory } = demoSchool());
    writeFileSync(join(directory, "preau.toml"), `[mail]
smtp_url = "smtp://localhost:${relay.port}"
user = "preau"
password = "s3cret"
from = "Préau <preau@ecole.test>"
require_tls = true
ca_file = "${relay.certificate}"
`);
    server = await Server.start(directory);
    headers = { ...server.basic("teacher"), "content-type": "application/json" };
    const list = (await server.request("GET", "/api/files", { headers })).json();
    item = list.items.find(({ name }) => name === "Volcans").id;
    const made = await server.request("POST", `/api/sharing/items/${item}/links`, { headers, body: JSON.stringify({ role: "view", label: "Familles" }) });
    assert.equal(made.status, 201, made.text());
    link = made.json();
  });
  after(async () => {
    await server.stop();
    await relay.stop();
  });
  const send = (to, message = "") =>
    server.request("POST", `/api/sharing/links/${link.id}/mail`, { headers, body: JSON.stringify({ to, message }) });

  it("brings a link to each family alone, and the link opens", async () => {
    const sent = await send(["anne@famille.test", "zoe@famille.test"], "Bonjour, voici les documents.\nÀ demain !");
    assert.equal(sent.status, 200, sent.text());
    assert.deepEqual(sent.json(), { sent: 2 });
    await until("two letters", () => relay.letters.length === 2);
    assert.deepEqual(relay.letters.map(({ to }) => to.join()).sort(), ["anne@famille.test", "zoe@famille.test"]);
    for (const { mail, secure } of relay.letters) {
      assert.ok(secure);
      assert.equal(mail.from.text, '"Préau" <preau@ecole.test>');
      assert.match(mail.subject, /partage «\sVolcans\s» avec vous$/);
      assert.ok(mail.text.includes("À demain !"));
      assert.ok(mail.replyTo.value[0].address.includes("@"), "the teacher gets the answers");
      assert.ok(!mail.headers.has("auto-submitted"));
      for (const words of [mail.text, mail.html]) assert.ok(words.includes(link.address), words);
      const address = new URL(mail.text.match(/http:\S+\/s\/\S+/)[0]);
      assert.equal(address.href, link.address);
      const opened = await server.request("GET", address.pathname);
      assert.equal(opened.status, 303);
      assert.equal(opened.headers.location, `/files/${item}`);
    }
  });

  it("remembers an address that does not exist and says so to the next who writes there", async () => {
    assert.equal((await send(["nobody@famille.test"])).status, 200);
    const refused = await until("the bounce", async () => {
      const again = await send(["nobody@famille.test"]);
      return again.status === 422 && again;
    });
    assert.match(refused.json().title ?? refused.text(), /nobody@famille\.test/);
  });

  it("keeps what is written while the relay is away, over a kill", async () => {
    const { port } = relay;
    const before_ = relay.letters.length;
    await relay.stop();
    assert.equal((await send(["tard@famille.test"])).status, 200);
    await until("a first try", () => server.log.includes("job failed: kind=mail.send"));
    await server.kill();
    const back = await Relay.start(port);
    const toml = readFileSync(join(directory, "preau.toml"), "utf8").replace(relay.certificate, back.certificate);
    writeFileSync(join(directory, "preau.toml"), toml);
    assert.equal(before_, relay.letters.length);
    relay = back;
    server = await Server.start(directory, { port: server.port });
    await until("the letter after its pause", () => relay.letters.some(({ to }) => to.includes("tard@famille.test")));
  });

  it("has it all in the journal, which verifies until somebody touches it", async () => {
    const text = await until("the seal", () => {
      const { status, out, err } = preau(["audit", "verify", "--data", directory]);
      assert.equal(status, 0, err);
      return /(\d+) entries/.test(out) && out;
    });
    assert.match(text, /The audit journal holds: \d+ entries/);
  });
});

describe("preau audit verify, without a server", () => {
  it("says where the journal was changed", async () => {
    const { directory } = demoSchool();
    const server = await Server.start(directory);
    await until("the journal's first entries", () => /holds: [1-9]/.test(preau(["audit", "verify", "--data", directory]).out));
    await server.stop();
    const good = preau(["audit", "verify", "--data", directory]);
    assert.equal(good.status, 0, good.err);
    execFileSync("sqlite3", [join(directory, "main.db"), "DELETE FROM audit_entry WHERE number = 3"]);
    const bad = preau(["audit", "verify", "--data", directory]);
    assert.equal(bad.status, 1);
    assert.match(bad.err, /entry 3 is missing/);
    rmSync(join(directory, "audit.head"), { force: true });
    assert.equal(preau(["audit", "verify", "--data", directory]).status, 1);
  });
});
