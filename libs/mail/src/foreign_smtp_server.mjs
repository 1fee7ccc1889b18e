// An SMTP server that we did not write (npm smtp-server), and a reader of what it got (mailparser): for the tests.
// node foreign_smtp_server.mjs [port=N] [tls=CERT,KEY] [auth=USER,PASSWORD] [silent]
// The first line is the port, then one line of JSON per message. How it answers depends on the recipient:
//   busy@…     451 the first time, then taken        nobody@…   550 5.1.1
//   relay@…    554 5.7.1 relaying denied             content@…  554 after the content
//   hang@…     no answer at all
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";

const require = createRequire(process.env.PREAU_SOURCE_DIR + "/package.json");
const { SMTPServer } = require("smtp-server");
const { simpleParser } = require("mailparser");
const settings = Object.fromEntries(process.argv.slice(2).map((word) => word.split("=")));
const say = (line) => process.stdout.write(line + "\n");
const refusal = (code, text) => Object.assign(new Error(text), { responseCode: code });

const busy = new Set();
const recipient = (address, done) => {
  switch (address.toLowerCase().split("@")[0]) {
    case "busy":
      if (!busy.has(address)) {
        busy.add(address);
        return done(refusal(451, "4.2.1 come back later"));
      }
      return done();
    case "nobody": return done(refusal(550, "5.1.1 no such user here"));
    case "relay": return done(refusal(554, "5.7.1 relay access denied"));
    case "hang": return;
    default: return done();
  }
};

let connections = 0;
const take = async (stream, session, done) => {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  const raw = Buffer.concat(chunks);
  const { envelope } = session;
  if (envelope.rcptTo.some(({ address }) => address.startsWith("content@"))) return done(refusal(554, "no such words here"));
  const mail = await simpleParser(raw, { skipHtmlToText: true, skipTextToHtml: true });
  const header = (name) => String(mail.headers.get(name) ?? "");
  const lines = raw.toString("latin1").split("\r\n");
  say(JSON.stringify({
    envelope_from: envelope.mailFrom.address, envelope_to: envelope.rcptTo.map(({ address }) => address).join(","),
    from: mail.from?.text ?? "", from_name: mail.from?.value[0].name ?? "", to: mail.to?.value[0].address ?? "",
    to_name: mail.to?.value[0].name ?? "", reply_to: mail.replyTo?.value[0].address ?? "", reply_to_name: mail.replyTo?.value[0].name ?? "",
    subject: mail.subject ?? "", text: mail.text ?? "", html: mail.html || "", date: mail.date?.toISOString() ?? "",
    message_id: mail.messageId ?? "", auto_submitted: header("auto-submitted"), language: header("content-language"),
    type: mail.headers.get("content-type")?.value ?? "", mime: header("mime-version"),
    longest_line: Math.max(...lines.map((line) => line.length)), ascii: raw.every((byte) => byte < 128), bare: /[^\r]\n/.test(raw.toString("latin1")),
    header_names: lines.slice(0, lines.indexOf("")).filter((line) => !/^\s/.test(line)).map((line) => line.split(":")[0].toLowerCase()).sort().join(" "),
    secure: session.secure, user: session.user ?? "", hello: session.hostNameAppearsAs, connections,
  }));
  done();
};

const [cert, key] = (settings.tls ?? "").split(",");
const [user, password] = (settings.auth ?? "").split(",");
const server = "silent" in settings
  ? createServer(() => {}) // takes the connection and never says a word
  : new SMTPServer({
      ...(cert && { cert: readFileSync(cert), key: readFileSync(key) }),
      hideSTARTTLS: !cert,
      authOptional: !user,
      disabledCommands: user ? [] : ["AUTH"],
      logger: false,
      onConnect: (session, done) => { connections += 1; done(); },
      onAuth: (given, session, done) =>
        given.username === user && given.password === password ? done(null, { user }) : done(refusal(535, "5.7.8 wrong password")),
      onRcptTo: ({ address }, session, done) => recipient(address, done),
      onData: (stream, session, done) => take(stream, session, done).catch(done),
    });
server.on("error", () => {});
const listening = server.listen(Number(settings.port ?? 0), "127.0.0.1", () => say(String((listening.address ? listening : server.server).address().port)));
process.stdin.on("end", () => process.exit(0)).resume(); // when who started us is gone
