// Resumable uploads by a foreign client (npm tus-js-client) against the real binary: paused, cut, the server killed with
// SIGKILL in the middle, many at once; and by hand what that client does not do.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import http from "node:http";
import { after, before, describe, it } from "node:test";
import * as tus from "tus-js-client";
import { asAdministrator, demoSchool, Server } from "./harness.mjs";

const megabyte = 1024 * 1024;
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

describe("resumable uploads", () => {
  let server;
  let teacher;
  let space;

  before(async () => {
    const { directory } = demoSchool();
    server = await Server.start(directory);
    teacher = server.basic("teacher");
    space = (await server.request("GET", "/api/files", { headers: teacher })).json().folder.id;
  });
  after(() => server.stop());

  const endpoint = () => `http://127.0.0.1:${server.port}/api/files/${space}/uploads`;
  const headers = () => ({ ...teacher, Host: `localhost:${server.port}` });

  // An upload by the foreign client; `options.atProgress` is called as bytes go out.
  function upload(bytes, filename, options = {}) {
    let started;
    const done = new Promise((resolve, reject) => {
      started = new tus.Upload(bytes, {
        endpoint: endpoint(),
        headers: headers(),
        metadata: { filename, filetype: "application/octet-stream", ...options.metadata },
        chunkSize: options.chunkSize ?? megabyte,
        retryDelays: options.retryDelays ?? null,
        uploadUrl: options.uploadUrl ?? null,
        storeFingerprintForResuming: false,
        onProgress: (sent) => options.atProgress?.(started, sent),
        onChunkComplete: (_, accepted) => options.atChunk?.(started, accepted),
        onError: reject,
        onSuccess: ({ lastResponse }) => resolve({ item: lastResponse.getHeader("Preau-Item"), url: started.url }),
      });
      started.start();
    });
    return { done, started };
  }

  const content = async (item) => (await server.request("GET", `/api/files/${item}/content`, { headers: teacher })).bytes;
  const path = (url) => new URL(url, `http://127.0.0.1:${server.port}`).pathname;
  const head = (url) => server.request("HEAD", path(url), { headers: { ...teacher, "Tus-Resumable": "1.0.0" } });

  it("sends a file in parts, and one of no byte", async () => {
    const bytes = randomBytes(5 * megabyte + 17);
    const { item } = await upload(bytes, "Été à la mer.bin").done;
    assert.equal(sha256(await content(item)), sha256(bytes));
    const empty = await upload(Buffer.alloc(0), "vide.txt").done;
    assert.equal((await content(empty.item)).length, 0);
  });

  it("goes on after a pause", async () => {
    const bytes = randomBytes(8 * megabyte);
    let paused;
    const pause = new Promise((resolve) => (paused = resolve));
    const { started } = upload(bytes, "pause.bin", {
      atChunk: (one, accepted) => {
        if (accepted >= 3 * megabyte) paused(one.abort());
      },
    });
    await pause;
    const offset = Number((await head(started.url)).headers["upload-offset"]);
    assert.ok(offset >= 3 * megabyte && offset < bytes.length, `paused at ${offset}`);
    let first;
    const { item } = await upload(bytes, "pause.bin", {
      uploadUrl: started.url,
      atProgress: (_, sent) => (first ??= sent),
    }).done;
    assert.ok(first >= offset, "nothing is sent twice");
    assert.equal(sha256(await content(item)), sha256(bytes));
  });

  it("keeps what arrived when the line is cut in the middle of a part", async () => {
    const bytes = randomBytes(6 * megabyte);
    const created = await server.request("POST", `/api/files/${space}/uploads`, {
      headers: {
        ...teacher,
        "Tus-Resumable": "1.0.0",
        "Upload-Length": bytes.length,
        "Upload-Metadata": `filename ${Buffer.from("coupé.bin").toString("base64")}`,
      },
    });
    assert.equal(created.status, 201);
    const address = created.headers.location;
    await new Promise((gone) => {
      const request = http.request({
        host: "127.0.0.1",
        port: server.port,
        method: "PATCH",
        path: address,
        headers: {
          ...headers(),
          "Tus-Resumable": "1.0.0",
          "Upload-Offset": 0,
          "Content-Type": "application/offset+octet-stream",
          "Content-Length": bytes.length,
        },
      });
      request.on("error", () => {});
      request.on("close", gone);
      request.write(bytes.subarray(0, 2 * megabyte), () => setTimeout(() => request.destroy(), 300));
    });
    let offset = 0;
    for (let tries = 0; offset === 0 && tries < 100; ++tries) {
      offset = Number((await head(address)).headers["upload-offset"]);
      if (offset === 0) await new Promise((next) => setTimeout(next, 50));
    }
    assert.equal(offset, 2 * megabyte);
    const { item } = await upload(bytes, "coupé.bin", { uploadUrl: `http://127.0.0.1:${server.port}${address}` }).done;
    assert.equal(sha256(await content(item)), sha256(bytes));
  });

  it("loses no acknowledged byte when the server is killed in the middle, and the client goes on by itself", async () => {
    const bytes = randomBytes(24 * megabyte);
    let acknowledged = 0;
    let killed;
    const { started, done } = upload(bytes, "tué.bin", {
      chunkSize: 2 * megabyte,
      retryDelays: [500, 1000, 2000, 4000, 4000],
      atChunk: (_, accepted) => {
        acknowledged = accepted;
        if (accepted < 8 * megabyte || killed) return;
        killed = (async () => {
          await server.kill();
          const before = acknowledged;
          server = await Server.start(server.directory, { port: server.port });
          const offset = Number((await head(started.url)).headers["upload-offset"]);
          return { before, offset };
        })();
      },
    });
    const { item } = await done;
    const { before, offset } = await killed;
    assert.ok(before >= 8 * megabyte);
    assert.ok(offset >= before, `acknowledged ${before}, after the restart ${offset}`);
    assert.equal(sha256(await content(item)), sha256(bytes));
  });

  it("takes many at once, folders included", async () => {
    const all = await Promise.all(
      Array.from({ length: 8 }, async (_, number) => {
        const bytes = randomBytes(2 * megabyte + number);
        const { item } = await upload(bytes, `${number}.bin`, { metadata: { path: "Voyage/Photos" } }).done;
        return sha256(await content(item)) === sha256(bytes);
      }),
    );
    assert.ok(all.every(Boolean));
    const folder = (await server.request("GET", `/api/files/${space}`, { headers: teacher })).json();
    assert.equal(folder.items.filter(({ name }) => name === "Voyage").length, 1);
  });

  it("does not keep a part whose checksum does not fit", async () => {
    const created = await server.request("POST", `/api/files/${space}/uploads`, {
      headers: {
        ...teacher,
        "Tus-Resumable": "1.0.0",
        "Upload-Length": 6,
        "Upload-Metadata": `filename ${Buffer.from("somme.txt").toString("base64")}`,
      },
    });
    const part = (offset, body, of) =>
      server.request("PATCH", created.headers.location, {
        body,
        headers: {
          ...teacher,
          "Tus-Resumable": "1.0.0",
          "Upload-Offset": offset,
          "Upload-Checksum": `sha256 ${createHash("sha256").update(of).digest("base64")}`,
          "Content-Type": "application/offset+octet-stream",
        },
      });
    assert.equal((await part(0, "abc", "abX")).status, 460);
    assert.equal((await head(created.headers.location)).headers["upload-offset"], "0");
    assert.equal((await part(0, "abc", "abc")).status, 204);
    assert.equal((await part(3, "def", "def")).status, 204);
  });

  it("says how long an upload may rest, and takes it away when asked", async () => {
    const { started } = upload(randomBytes(3 * megabyte), "abandon.bin", { atChunk: (one) => one.abort() });
    for (let tries = 0; !started.url && tries < 100; ++tries) await new Promise((next) => setTimeout(next, 20));
    const day = Date.parse((await head(started.url)).headers["upload-expires"]) - Date.now();
    assert.ok(day > 23 * 3600_000 && day <= 24 * 3600_000 + 1000);
    await tus.Upload.terminate(started.url, { headers: headers(), retryDelays: null });
    assert.equal((await head(started.url)).status, 404);
  });

  it("refuses beyond the quota before the client sends a byte", async () => {
    const admin = await asAdministrator(server);
    const quota = { ...admin, "content-type": "application/json" };
    const set = await server.request("PUT", `/api/files/spaces/${space}/quota`, { headers: quota, body: '{"limit":1000}' });
    assert.equal(set.status, 200);
    const sent = await new Promise((answered, failed) => {
      const request = http.request({
        host: "127.0.0.1",
        port: server.port,
        method: "PUT",
        path: `/api/files/${space}/children/grand.bin`,
        headers: { ...headers(), "Content-Length": 50 * megabyte, Expect: "100-continue" },
      });
      let asked = false;
      request.on("continue", () => (asked = true));
      request.on("response", (response) => {
        response.resume();
        answered({ asked, status: response.statusCode });
        request.destroy();
      });
      request.on("error", failed);
      request.flushHeaders();
    });
    assert.deepEqual(sent, { asked: false, status: 507 });
    await assert.rejects(upload(randomBytes(2000), "grand.bin").done, /507/);
    await server.request("PUT", `/api/files/spaces/${space}/quota`, { headers: quota, body: '{"limit":null}' });
  });
});
