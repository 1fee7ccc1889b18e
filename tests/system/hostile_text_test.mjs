// What the sanitiser makes of the hostile corpus, in Chromium and without a CSP: no script runs, nothing is fetched but
// pictures, nothing leaves its place, and no link has a scheme that a browser would run.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, describe, it } from "node:test";
import { desktop, launch } from "./browser.mjs";

const made = spawnSync(process.env.PREAU_BINARY, [], { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
const outputs = JSON.parse(made.stdout);

// Everything that the vectors try to do ends in one of these.
const wires = `<script>
  window.tripped = [];
  for (const name of ["alert", "confirm", "prompt", "MsgBox"]) window[name] = () => window.tripped.push(name);
  addEventListener("error", (event) => event.message && window.tripped.push(event.message));
</script>`;

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

// Answers what happened: wires tripped, requests that were not for pictures.
async function show(body, enhance) {
  const context = await browser.newContext(desktop);
  const page = await context.newPage();
  const fetched = [];
  await context.route("**/*", (route) => {
    const request = route.request();
    if (request.url() === "http://texts.test/page") return route.fulfill({ contentType: "text/html; charset=utf-8", body: `<!doctype html><title>x</title>${wires}${body}` });
    if (request.resourceType() !== "image" && !request.url().endsWith("/favicon.ico")) fetched.push(`${request.resourceType()} ${request.url()}`);
    return route.abort();
  });
  page.on("dialog", (dialog) => (fetched.push("a dialog"), dialog.dismiss()));
  await page.goto("http://texts.test/page");
  const seen = enhance ? await page.evaluate(enhance, outputs) : undefined;
  // Handlers that wait: of the mouse, of focus, of time.
  await page.evaluate(async () => {
    for (const element of document.querySelectorAll("main *")) {
      for (const kind of ["mouseover", "focus", "click", "toggle", "pointerover", "animationstart"]) {
        const event = new Event(kind, { bubbles: true, cancelable: true });
        event.preventDefault();
        element.addEventListener("click", (click) => click.preventDefault(), { once: true });
        element.dispatchEvent(event);
      }
    }
    await new Promise((done) => setTimeout(done, 300));
  });
  const tripped = await page.evaluate(() => window.tripped);
  const address = page.url();
  await context.close();
  return { tripped, fetched, address, seen };
}

const inspect = () => {
  const wrong = [];
  // ":" is how Chromium calls the scheme of what is no address at all.
  const allowed = ["http:", "https:", "mailto:", "tel:", ":"];
  for (const section of document.querySelectorAll("main section"))
    if (section.parentElement.localName !== "main") wrong.push(`a section in ${section.parentElement.localName}`);
  for (const element of document.querySelectorAll("main section *")) {
    if (element.namespaceURI !== "http://www.w3.org/1999/xhtml") wrong.push(`<${element.localName}> of ${element.namespaceURI}`);
    if (["script", "style", "iframe", "object", "embed", "form", "input", "button", "link", "meta", "base", "svg", "math", "template"].includes(element.localName)) wrong.push(`<${element.localName}>`);
    for (const { name } of element.attributes) if (/^on|^id$|^name$|^style$|^srcset$|^target$|:/.test(name)) wrong.push(`${element.localName} ${name}`);
    if (element.localName === "a" && element.href && !allowed.includes(element.protocol)) wrong.push(element.href);
  }
  return { wrong, sections: document.querySelectorAll("main > section").length };
};

describe("hostile rich text in a browser", () => {
  it("is a corpus of well over two hundred tricks", () => {
    assert.equal(made.status, 0, made.stderr);
    assert.ok(outputs.length > 1000);
  });
  it("the wires are taut: raw tricks trip them", async () => {
    const { tripped, fetched } = await show("<main><img src=x onerror=alert(1)><iframe src=//evil.example></iframe><a onclick=alert(2)>x</a></main>");
    assert.deepEqual(tripped, ["alert", "alert"]);
    assert.equal(fetched.length, 1);
  });
  it("is harmless in a page from the server", async () => {
    const body = `<main>${outputs.map((html) => `<section>${html}</section>`).join("\n")}</main>`;
    const { tripped, fetched, address, seen } = await show(body, inspect);
    assert.deepEqual(tripped, []);
    assert.deepEqual(fetched, []);
    assert.equal(address, "http://texts.test/page");
    assert.deepEqual(seen.wrong, []);
    assert.equal(seen.sections, outputs.length, "a text ended the section that it stands in");
  });
  it("is harmless when a script inserts it, and says the same after a second parse", async () => {
    const { tripped, fetched, seen } = await show("<main></main>", (texts) => {
      const main = document.querySelector("main");
      const changed = [];
      for (const text of texts) {
        const section = document.createElement("section");
        section.innerHTML = text;
        const once = section.innerHTML;
        section.innerHTML = once;
        // Chromium itself loses the first line end of <pre> whenever it writes one.
        const settled = (html) => html.replace(/<pre>\n+/g, "<pre>");
        if (settled(section.innerHTML) !== settled(once)) changed.push(text);
        main.append(section);
      }
      return changed;
    });
    assert.deepEqual(tripped, []);
    assert.deepEqual(fetched, []);
    assert.deepEqual(seen, []);
  });
});
