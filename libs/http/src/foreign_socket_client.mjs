// A WebSocket client that we did not write (npm ws) against the server of the tests: MODE URL.
// Prints what happened, one line each; the test compares.
import { createRequire } from "node:module";
const WebSocket = createRequire(process.env.PREAU_SOURCE_DIR + "/package.json")("ws");
const [mode, url] = process.argv.slice(2);

const socket = new WebSocket(url, { perMessageDeflate: true });
const say = (line) => process.stdout.write(line + "\n");
const messages = []; // several may come in one turn of the loop
let wake = () => {};
socket.on("message", (data, binary) => { messages.push({ data, binary }); wake(); });
const next = async () => {
  while (!messages.length) await new Promise((resolve) => { wake = resolve; });
  return messages.shift();
};
socket.on("error", (error) => say("error " + error.message));
socket.on("close", (code, reason) => say(`closed ${code} ${reason}`));

const modes = {
  async echo() {
    socket.send("bonjour é");
    const text = await next();
    say(`${text.binary ? "binary" : "text"} ${text.data}`);
    const megabyte = Buffer.alloc(1024 * 1024, 7);
    socket.send(megabyte);
    const binary = await next();
    say(`${binary.binary ? "binary" : "text"} ${binary.data.equals(megabyte)}`);
    let pongs = 0;
    socket.on("pong", () => pongs++);
    socket.ping();
    for (let i = 0; i < 100; i++) socket.send(String(i));
    for (let i = 0; i < 100; i++) if (String((await next()).data) !== String(i)) say("out of order");
    say(`pongs ${pongs}`);
    socket.send("close");
  },
  async toolarge() { socket.send(Buffer.alloc(1024 * 1024 + 1)); },
  async flood() { socket.send("flood"); },
  async leave() { socket.close(1000); },
  async wait() { say("open"); },
};
socket.on("open", () => modes[mode]());
