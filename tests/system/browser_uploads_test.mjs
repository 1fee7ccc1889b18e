// Uploads in the page of a folder over a bad line: cut in the middle, refused for a while, paused, given up and tried again; what
// comes from the clipboard; dropped folders with nothing in them. What is stored is compared byte by byte.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { dark, desktop, launch, looseSigns, open, phone, picture, settled, signIn } from "./browser.mjs";
import { CuttingProxy } from "./cutting_proxy.mjs";
import { Server, demoSchool, freePort, password, temporaryDirectory } from "./harness.mjs";

const megabyte = 1024 * 1024;
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

describe("uploads over a bad line", () => {
  let browser, server, proxy, headers, work;
  before(async () => {
    work = temporaryDirectory();
    const { directory } = demoSchool();
    proxy = await CuttingProxy.start(await freePort());
    server = await Server.start(directory, { publicPort: proxy.port });
    proxy.to(server.port);
    headers = server.basic("teacher");
    browser = await launch();
  });
  after(async () => {
    await browser.close();
    await proxy.down();
    await server.stop();
  });

  const api = async (path) => (await server.request("GET", path, { headers })).json();
  const folder = async (name) => {
    const space = (await api("/api/files")).folder.id;
    const made = await server.request("POST", `/api/files/${space}/folders`, { headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify({ name }) });
    return made.json().id;
  };
  const entries = async (id) => (await api(`/api/files/${id}?limit=500`)).items;
  const names = async (id) => (await entries(id)).map((item) => item.name);
  const bytesOf = async (id, name) => {
    const item = (await entries(id)).find((entry) => entry.name === name);
    assert.ok(item, `${name} is not in the folder`);
    return (await server.request("GET", `/api/files/${item.id}/content`, { headers })).bytes;
  };
  const visit = async (id, options = desktop) => {
    const context = await browser.newContext(options);
    const page = await open(context);
    await signIn(page, server.origin, "teacher", password);
    await page.goto(`${server.origin}/files/${id}`);
    await page.waitForSelector("table.live", { state: "attached" });
    await page.waitForTimeout(600); // what may be needed without a line has been fetched by then
    return page;
  };
  const row = (page, name) => page.locator(`tr[data-name="${name}"]`);
  const sending = (page) => page.locator("[data-sending]");
  // Chosen from the disk, as a person does: playwright hands large buffers over in no other way.
  const local = (name, bytes) => {
    const path = join(work, name);
    writeFileSync(path, bytes);
    return path;
  };
  const quiet = (page) => (page.problems = page.problems.filter((text) => !/ERR_(CONNECTION|EMPTY_RESPONSE|NETWORK|SOCKET)/.test(text)));

  it("goes on by itself after a cut, from where it stood, and stores every byte", async () => {
    const id = await folder("Coupure");
    const page = await visit(id);
    const bytes = randomBytes(24 * megabyte + 17);
    proxy.offsets = [];
    const cut = proxy.cutAfter(9 * megabyte);
    await page.setInputFiles("[data-files]", local("Film de la sortie.mp4", bytes));
    await cut;
    await page.waitForSelector("[data-sending].cut");
    assert.match(await sending(page).innerText(), /Coupure\s: l’envoi reprend tout seul dans un instant\./);
    assert.equal(await page.locator("[data-uploads] [data-overall]").isVisible(), true);
    await page.waitForTimeout(2500); // it tries, and is refused
    assert.ok((await sending(page).locator("progress").evaluate((bar) => bar.value)) > 0.2, "what has gone out stays visible");
    assert.doesNotMatch(await page.locator("[data-summary]").innerText(), /encore/, "no time is promised in a cut");
    assert.equal(await page.locator("[data-sending].cut").count(), 1, "it goes on waiting while nobody answers");
    assert.equal(await sending(page).locator("button:has-text('Réessayer')").isVisible(), false, "nobody needs to press anything");
    quiet(page);
    await picture(page, "upload-cut");
    await proxy.up();
    await row(page, "Film de la sortie.mp4").waitFor();
    await page.waitForFunction(() => document.querySelector("[data-uploads]").hidden);
    assert.equal(sha256(await bytesOf(id, "Film de la sortie.mp4")), sha256(bytes));
    assert.equal(proxy.offsets[0], 0);
    assert.ok(proxy.offsets.length > 1 && proxy.offsets.at(-1) > megabyte, `went on at ${proxy.offsets}: what had arrived was sent again`);
    quiet(page);
    await settled(page, "after a cut");
    await page.context().close();
  });

  it("stops trying after many cuts, says so, and goes on when asked", async () => {
    const id = await folder("Patience");
    const page = await visit(id);
    await page.clock.install();
    const bytes = randomBytes(12 * megabyte);
    const cut = proxy.cutAfter(4 * megabyte);
    await page.setInputFiles("[data-files]", local("Exposé.mp4", bytes));
    await cut;
    const again = sending(page).locator("button:has-text('Réessayer')");
    for (let tries = 0; tries < 40 && !(await again.isVisible()); tries++) {
      await page.clock.fastForward(31_000); // longer than any wait between two attempts
      await page.waitForTimeout(100);
    }
    assert.equal(await again.isVisible(), true, "it never gave up");
    assert.ok((await sending(page).locator(".problem").innerText()).length > 10, "it says why");
    quiet(page);
    await settled(page, "an upload that needs a hand");
    assert.deepEqual(await looseSigns(page), []);
    await picture(page, "upload-retry");
    await proxy.up();
    proxy.offsets = [];
    await again.click();
    await page.clock.resume();
    await row(page, "Exposé.mp4").waitFor();
    assert.ok(proxy.offsets[0] > 0, "what had arrived was sent again");
    assert.equal(sha256(await bytesOf(id, "Exposé.mp4")), sha256(bytes));
    await page.context().close();
  });

  it("pauses and goes on, or is given up without a trace", async () => {
    const id = await folder("Pause");
    const page = await visit(id);
    const bytes = randomBytes(20 * megabyte);
    proxy.delay = 15;
    await page.setInputFiles("[data-files]", local("Long.bin", bytes));
    await page.waitForFunction(() => document.querySelector("[data-sending] progress")?.value > 0.05);
    await page.click("[data-pause]");
    await page.waitForFunction(() => document.querySelector("[data-pause]").textContent === "Reprendre");
    assert.match(await page.locator("[data-summary]").innerText(), /En pause/);
    proxy.delay = 0; // what stands in the buffers of the line comes through; then there is silence
    await page.waitForTimeout(800);
    const before = proxy.sent;
    await page.waitForTimeout(1500);
    assert.ok(proxy.sent - before < 16 * 1024, `${proxy.sent - before} bytes are sent in a pause`);
    await settled(page, "a pause");
    await picture(page, "upload-paused");
    proxy.offsets = [];
    await page.click("[data-pause]");
    await row(page, "Long.bin").waitFor();
    assert.ok(proxy.offsets[0] > 0, "it began anew");
    assert.equal(sha256(await bytesOf(id, "Long.bin")), sha256(bytes));

    proxy.delay = 15;
    await page.setInputFiles("[data-files]", local("Trop.bin", randomBytes(20 * megabyte)));
    await page.waitForFunction(() => document.querySelector("[data-sending] progress")?.value > 0.05);
    await sending(page).filter({ hasText: "Trop.bin" }).locator("button:has-text('Annuler')").click();
    await sending(page).filter({ hasText: "Trop.bin" }).waitFor({ state: "detached" });
    proxy.delay = 0;
    assert.deepEqual(await names(id), ["Long.bin"]);
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("upload "))), []);
    await page.context().close();
  });

  it("is offered again after the page was closed, and then goes on from where it stood", async () => {
    const id = await folder("Fermée");
    const page = await visit(id);
    const bytes = randomBytes(16 * megabyte);
    const path = local("Mémoire.bin", bytes);
    proxy.delay = 15;
    await page.setInputFiles("[data-files]", path);
    await page.waitForFunction(() => document.querySelector("[data-sending] progress")?.value > 0.1);
    page.on("dialog", (dialog) => dialog.accept()); // "leave the page?"
    await page.goto(`${server.origin}/files/${id}`);
    proxy.delay = 0;
    const unfinished = page.locator("[data-unfinished]");
    await unfinished.waitFor();
    assert.match(await unfinished.innerText(), /Mémoire\.bin[\s\S]*Choisissez de nouveau ce fichier/);
    await settled(page, "an upload of an earlier visit");
    proxy.offsets = [];
    await page.setInputFiles("[data-files]", path);
    await row(page, "Mémoire.bin").waitFor();
    assert.equal(await unfinished.count(), 0);
    assert.ok(proxy.offsets[0] > 0, "it began anew");
    assert.equal(sha256(await bytesOf(id, "Mémoire.bin")), sha256(bytes));
    await page.context().close();
  });

  for (const [name, options] of Object.entries({ dark, phone }))
    it(`looks right while it waits: ${name}`, async () => {
      const page = await visit(await folder(`Attente ${name}`), options);
      const cut = proxy.cutAfter(3 * megabyte);
      await page.setInputFiles("[data-files]", [local("Un enregistrement de la chorale avec un nom bien trop long pour un téléphone.mp4", randomBytes(8 * megabyte)), local("b.txt", "b")]);
      await cut;
      await page.waitForSelector("[data-sending].cut");
      quiet(page);
      await settled(page, `a cut (${name})`);
      await picture(page, `upload-cut-${name}`);
      await proxy.up();
      await row(page, "b.txt").waitFor();
      await page.waitForFunction(() => document.querySelector("[data-uploads]").hidden);
      await page.context().close();
    });

  it("takes a picture from the clipboard", async () => {
    const id = await folder("Collage");
    const page = await visit(id);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.origin });
    await page.evaluate(async () => {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 8;
      canvas.getContext("2d").fillRect(0, 0, 8, 8);
      const blob = await new Promise((made) => canvas.toBlob(made, "image/png"));
      await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
    });
    await page.locator("body").press("Control+v");
    await row(page, "image.png").waitFor();
    assert.equal((await bytesOf(id, "image.png")).subarray(1, 4).toString(), "PNG");
    await page.waitForFunction(() => document.querySelector("[data-uploads]").hidden);
    // In a field the clipboard is the field's.
    await page.click("[data-new] summary");
    await page.locator("[data-new] input").press("Control+v");
    await page.waitForTimeout(300);
    assert.equal(await page.locator("[data-uploads]").isVisible(), false);
    assert.deepEqual(await names(id), ["image.png"]);
    await page.context().close();
  });

  it("keeps the empty folders of a folder that is dropped", async () => {
    const id = await folder("Glissé");
    const page = await visit(id);
    const top = join(work, "Séquence 2");
    for (const path of ["Photos/Vide", "Textes"]) mkdirSync(join(top, path), { recursive: true });
    writeFileSync(join(top, "Textes/plan.txt"), "plan");
    mkdirSync(join(work, "Rien"));
    const box = await page.locator("[data-none]").boundingBox();
    const client = await page.context().newCDPSession(page);
    const data = { items: [], files: [top, join(work, "Rien")], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"])
      await client.send("Input.dispatchDragEvent", { type, x: box.x + 60, y: box.y + 40, data });
    await row(page, "Rien").waitFor();
    await row(page, "Séquence 2").waitFor();
    await page.waitForFunction(() => document.querySelector("[data-uploads]").hidden);
    assert.deepEqual((await names(id)).sort(), ["Rien", "Séquence 2"]);
    const inside = async (parent, name) => (await entries(parent)).find((item) => item.name === name).id;
    const sequence = await inside(id, "Séquence 2");
    assert.deepEqual((await names(sequence)).sort(), ["Photos", "Textes"]);
    assert.deepEqual(await names(await inside(sequence, "Photos")), ["Vide"]);
    assert.deepEqual(await names(await inside(sequence, "Textes")), ["plan.txt"]);
    await settled(page, "dropped folders");
    await page.context().close();
  });
});
