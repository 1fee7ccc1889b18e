// A TCP proxy on the loopback that stands for a bad line: it can be slow, cut every connection after so many bytes towards the
// server, refuse whoever comes while it is down, and let through again. Remembers what PATCH requests said on their way.
import { connect, createServer } from "node:net";

export class CuttingProxy {
  static async start(port) {
    const proxy = new CuttingProxy();
    proxy.port = port;
    proxy.sockets = new Set();
    proxy.left = Infinity; // bytes towards the server until the line is cut
    proxy.delay = 0; // ms per piece towards the server
    proxy.sent = 0;
    proxy.offsets = []; // of each PATCH: where the upload went on
    proxy.refused = 0;
    await proxy.up();
    return proxy;
  }

  // `server`: the port behind; said later, because the server must know this one first.
  to(server) {
    this.behind = server;
  }

  up() {
    this.listener = createServer((client) => this.serve(client));
    return new Promise((listening, failed) => this.listener.on("error", failed).listen(this.port, "127.0.0.1", listening));
  }

  // Cuts all and refuses, until up().
  down() {
    const closed = new Promise((done) => this.listener.close(done));
    for (const socket of this.sockets) socket.destroy();
    return closed;
  }

  // The connections that stand are cut once so many bytes more have gone to the server; then the proxy is down.
  cutAfter(bytes) {
    return new Promise((cut) => {
      this.left = bytes;
      this.cut = cut;
    });
  }

  serve(client) {
    const server = connect(this.behind, "127.0.0.1");
    const ends = [client, server];
    const close = () => ends.forEach((end) => end.destroy());
    for (const end of ends) {
      this.sockets.add(end);
      end.on("error", close);
      end.on("close", () => {
        this.sockets.delete(end);
        close();
      });
    }
    server.on("data", (piece) => client.write(piece));
    client.on("data", (piece) => {
      this.note(piece);
      this.sent += piece.length;
      if ((this.left -= piece.length) <= 0) {
        this.left = Infinity;
        // What came before the cut arrives: a line is cut behind a byte, not behind a request.
        server.write(piece, () => setTimeout(() => void this.down().then(this.cut), 50));
        return void client.pause();
      }
      client.pause();
      server.write(piece, () => setTimeout(() => client.resume(), this.delay));
    });
  }

  note(piece) {
    const head = piece.subarray(0, 4096).toString("latin1");
    if (!head.startsWith("PATCH ")) return;
    this.offsets.push(Number(/\r\nupload-offset: (\d+)\r\n/i.exec(head)?.[1]));
  }
}
