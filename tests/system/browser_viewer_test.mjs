// The viewer with what moves: sound and film that play, pictures that a finger turns over on a phone; comments and activity
// beside the picture; and the page of a file and of a folder, which lead to the same.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { dark, desktop, launch, looseSigns, open, phone, picture, settled, signIn } from "./browser.mjs";
import { Server, demoSchool, password } from "./harness.mjs";

// Two seconds of a quiet tone: 8-bit PCM, mono (RIFF WAVE).
function tone(seconds = 2, rate = 8000) {
  const samples = Buffer.alloc(seconds * rate);
  for (let i = 0; i < samples.length; i++) samples[i] = 128 + 20 * Math.sin((2 * Math.PI * 440 * i) / rate);
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

describe("the viewer", () => {
  let browser, server, headers, media;
  const json = () => ({ ...headers, "content-type": "application/json" });
  const put = async (parent, name, body) => (await server.request("PUT", `/api/files/${parent}/children/${encodeURIComponent(name)}`, { headers, body })).json().id;
  const visit = async (path, options = desktop) => {
    const context = await browser.newContext(options);
    const page = await open(context);
    await signIn(page, server.origin, "teacher", password);
    await page.goto(server.origin + path);
    return page;
  };
  const folderPage = async (options) => {
    const page = await visit(`/files/${media}`, options);
    await page.waitForSelector("table.live", { state: "attached" });
    return page;
  };
  const row = (page, name) => page.locator(`tr[data-name="${name}"]`);

  before(async () => {
    const { directory } = demoSchool();
    server = await Server.start(directory);
    browser = await launch();
    headers = server.basic("teacher");
    const space = (await server.request("GET", "/api/files", { headers })).json().folder.id;
    media = (await server.request("POST", `/api/files/${space}/folders`, { headers: json(), body: JSON.stringify({ name: "Médias" }) })).json().id;
    await put(media, "chorale.wav", tone());
    // Film and pictures are made by the browser itself.
    const page = await browser.newPage();
    const { film, pictures } = await page.evaluate(async () => {
      const canvas = document.createElement("canvas");
      canvas.width = 320;
      canvas.height = 180;
      const context = canvas.getContext("2d");
      const paint = (hue) => {
        context.fillStyle = `hsl(${hue} 60% 50%)`;
        context.fillRect(0, 0, 320, 180);
      };
      const base64 = async (blob) => {
        const bytes = new Uint8Array(await blob.arrayBuffer());
        let text = "";
        for (const byte of bytes) text += String.fromCharCode(byte);
        return btoa(text);
      };
      const pictures = [];
      for (const hue of [10, 120, 240]) {
        paint(hue);
        pictures.push(await base64(await new Promise((made) => canvas.toBlob(made, "image/png"))));
      }
      const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: "video/webm;codecs=vp8" });
      const pieces = [];
      recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
      const stopped = new Promise((done) => recorder.addEventListener("stop", done));
      recorder.start();
      for (let i = 0; i < 40; i++) {
        paint(i * 9);
        await new Promise((next) => setTimeout(next, 40));
      }
      recorder.stop();
      await stopped;
      return { film: await base64(new Blob(pieces, { type: "video/webm" })), pictures };
    });
    await page.close();
    await put(media, "éruption.webm", Buffer.from(film, "base64"));
    for (const [i, bytes] of pictures.entries()) await put(media, `photo ${i + 1}.png`, Buffer.from(bytes, "base64"));
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  for (const [name, selector] of [["chorale.wav", "audio"], ["éruption.webm", "video"]])
    it(`plays ${name}`, async () => {
      const page = await folderPage();
      await row(page, name).locator(".title a").click();
      const player = page.locator(`dialog.viewer ${selector}[controls]`);
      await player.waitFor();
      assert.equal(await player.getAttribute("aria-label"), name);
      assert.equal(await page.locator("dialog.viewer [data-details]").isVisible(), true);
      await player.evaluate((element) => {
        element.muted = true;
        return element.play();
      });
      await page.waitForFunction((which) => document.querySelector(`dialog.viewer ${which}`).currentTime > 0.2, selector);
      assert.equal(await player.evaluate((element) => element.error), null);
      if (selector === "video") assert.equal(await player.evaluate((element) => element.videoWidth), 320);
      await player.evaluate((element) => element.pause());
      await settled(page, `viewer of ${name}`);
      await picture(page, `viewer-${selector}`);
      // Its own page offers it too, in place.
      await page.goto(`${server.origin}${new URL(page.url()).pathname}`);
      await page.waitForFunction((which) => document.querySelector(`.preview ${which}[controls]`)?.readyState >= 1, selector);
      await settled(page, `page of ${name}`);
      await page.context().close();
    });

  it("turns over pictures under a finger, in both directions, and stops at the end", async () => {
    const page = await folderPage(phone);
    await row(page, "photo 1.png").locator(".title a").tap();
    const title = () => page.locator("dialog.viewer h2").textContent();
    await page.waitForFunction(() => document.querySelector(".viewer img.picture")?.naturalWidth > 0);
    const client = await page.context().newCDPSession(page);
    const swipe = async (from, to, drop = 0) => {
      const finger = (type, x, y) => client.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x, y }] });
      await finger("touchStart", from, 400);
      for (let step = 1; step <= 5; step++) await finger("touchMove", from + ((to - from) * step) / 5, 400 + (drop * step) / 5);
      await finger("touchEnd");
    };
    const shows = (name) => page.waitForFunction((wanted) => document.querySelector(".viewer h2")?.textContent === wanted, name);
    await swipe(300, 80);
    await shows("photo 2.png");
    await page.waitForFunction(() => document.querySelector(".viewer img.picture")?.naturalWidth > 0);
    await picture(page, "viewer-swiped");
    await swipe(300, 80);
    await shows("photo 3.png");
    await swipe(300, 80);
    await page.waitForTimeout(300);
    assert.equal(await title(), "photo 3.png", "there is none behind the last");
    await swipe(80, 300);
    await shows("photo 2.png");
    await swipe(200, 170);
    await swipe(200, 260, 250); // that is reading down, not turning over
    await page.waitForTimeout(300);
    assert.equal(await title(), "photo 2.png");
    await settled(page, "viewer after swipes");
    await page.context().close();
  });

  it("has the comments and the activity of the file beside it", async () => {
    const page = await folderPage();
    await row(page, "photo 1.png").locator(".title a").click();
    await page.locator("dialog.viewer").waitFor();
    await page.evaluate(() => (window.stayed = true));
    await page.keyboard.press("i");
    const beside = page.locator("dialog.viewer aside.about");
    await beside.locator("item-comments").waitFor();
    assert.match(await beside.locator(".activity").innerText(), /Camille Bernard/);
    await page.waitForFunction(() => customElements.get("item-comments"));
    await beside.locator("[data-composer] textarea").fill("Très belle photo, à **garder**");
    await beside.locator("[data-composer] button.main").click();
    await beside.locator(".said strong").waitFor();
    assert.equal(await page.evaluate(() => window.stayed), true, "the viewer stayed");
    assert.equal(await page.locator("dialog.viewer").isVisible(), true);
    // Letters in the field are not keys of the viewer.
    await beside.locator("[data-composer] textarea").pressSequentially("ici");
    assert.equal(await beside.isVisible(), true);
    assert.equal(await beside.locator("[data-composer] textarea").inputValue(), "ici");
    await settled(page, "comments in the viewer");
    assert.deepEqual(await looseSigns(page), []);
    await picture(page, "viewer-comments");
    await page.locator("dialog.viewer .after").click();
    await page.waitForFunction(() => document.querySelector(".viewer h2")?.textContent === "photo 2.png");
    await page.waitForFunction(() => document.querySelector(".viewer .about item-comments") && !document.querySelector(".viewer .about .said"));
    await page.context().close();
  });

  for (const [name, options] of Object.entries({ desktop, dark, phone }))
    it(`the page of a file says how full the space is and shares in place: ${name}`, async () => {
      const list = (await server.request("GET", `/api/files/${media}`, { headers })).json().items;
      const page = await visit(list.find((item) => item.name === "photo 2.png").url, options);
      await page.waitForFunction(() => document.querySelector("space-quota")?.hidden === false);
      assert.match(await page.locator("space-quota [data-words]").textContent(), /sur/);
      await settled(page, `page of a file (${name})`);
      await picture(page, `file-page-${name}`, true);
      await page.locator(".row a.button[data-share]").click();
      await page.locator("dialog[open] [data-share-panel]").waitFor();
      assert.match(page.url(), /\/files\//, "the page stayed");
      await settled(page, `sharing on the page of a file (${name})`);
      await page.context().close();
    });

  it("the page of a folder leads to its comments and its activity, with and without script", async () => {
    for (const script of [true, false]) {
      const page = await visit(`/files/${media}`, { ...desktop, javaScriptEnabled: script });
      await page.click("[data-about-menu] summary");
      if (script) await settled(page, "details of a folder");
      await page.click("[data-about-menu] a[href^='/comments/']");
      assert.match(await page.locator("main").innerText(), /Médias/);
      await page.fill("[data-composer] textarea", "Qui a d’autres photos");
      await page.click("[data-composer] button.main");
      await page.locator(".said").first().waitFor();
      await page.goto(`${server.origin}/files/${media}`);
      await page.click("[data-about-menu] summary");
      await page.click("[data-about-menu] a[href^='/activity/']");
      assert.match(await page.locator(".activity").innerText(), /Camille Bernard/);
      await page.context().close();
    }
  });
});
