// Comments and activity on the page of a file, in Chromium: with and without script, by keyboard, offline, on a phone.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { dark, desktop, launch, looseSigns, open, phone, picture, settled, signIn } from "./browser.mjs";
import { Server, demoSchool, password } from "./harness.mjs";

describe("comments", () => {
  let browser, server, directory, file;
  before(async () => {
    ({ directory } = demoSchool());
    server = await Server.start(directory);
    browser = await launch();
    const headers = server.basic("teacher");
    const list = (await server.request("GET", "/api/files", { headers })).json();
    const folder = list.items.find((item) => item.name === "Volcans").id;
    const inside = (await server.request("GET", `/api/files/${folder}`, { headers })).json();
    file = inside.items.find((item) => item.kind === "file").url;
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  async function visit(options) {
    const context = await browser.newContext(options);
    const page = await open(context);
    await signIn(page, server.origin, "teacher", password);
    await page.goto(server.origin + file);
    return page;
  }

  it("are written, answered and settled without script", async () => {
    const page = await visit({ ...desktop, javaScriptEnabled: false });
    await page.fill("[data-composer] textarea", "La **légende** de la carte manque, <script>alert(1)</script>");
    await page.click("[data-composer] button.main");
    assert.match(page.url(), /\/files\/\w+#comment-\w+$/);
    assert.equal(await page.innerText(".said strong"), "légende");
    assert.match(await page.innerText(".said"), /<script>alert\(1\)<\/script>/);
    await page.click(".thread .answers summary");
    await page.fill(".thread .answers textarea", "Je l’ajoute ce soir.");
    await page.click(".thread .answers form button.main");
    assert.equal(await page.locator(".thread .answers .said").count(), 1);
    await page.click("form[action$='/resolve'] button");
    assert.equal(await page.locator(".thread.settled").count(), 1);
    await page.context().close();
  });

  it("are written in place with script, by keyboard, and lose nothing when the line is cut", async () => {
    const page = await visit(desktop);
    await page.evaluate(() => (window.stayed = true));
    await page.focus("[data-composer] textarea");
    await page.keyboard.type("Qui peut relire la page 2, demain");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector(".said")?.textContent.includes("page 2"));
    assert.equal(await page.evaluate(() => window.stayed), true, "the page stayed");
    assert.equal(await page.inputValue("[data-composer] textarea"), "");
    assert.equal(await page.evaluate(() => document.activeElement.localName), "item-comments");

    await page.context().setOffline(true);
    await page.fill("[data-composer] textarea", "Un long texte");
    await page.click("[data-composer] button.main");
    await page.waitForSelector(".toast.bad");
    assert.equal(await page.inputValue("[data-composer] textarea"), "Un long texte");
    await page.context().setOffline(false);
    page.problems = page.problems.filter((text) => !/ERR_INTERNET_DISCONNECTED/.test(text));

    // Another box, half written, stays as it is while this one is sent.
    await page.locator(".thread").first().locator(".answers > .quiet summary").click();
    await page.locator(".thread").first().locator(".answers > .quiet textarea").fill("à moitié");
    await page.click("[data-composer] button.main");
    await page.waitForFunction(() => document.querySelectorAll(".thread").length === 3);
    assert.equal(await page.locator(".answers > .quiet textarea").evaluateAll((all) => all.filter((box) => box.value === "à moitié").length), 1);

    // One's own is changed and deleted.
    const first = page.locator(".thread").first();
    await first.locator("summary", { hasText: "Modifier" }).click();
    await first.locator("form[action*='/comments/'] textarea[maxlength='4000']").first().fill("Un texte court");
    await first.getByRole("button", { name: "Enregistrer" }).click();
    await page.waitForFunction(() => document.querySelector(".said").textContent.includes("Un texte court"));
    await page.locator(".thread").first().locator("summary", { hasText: "Supprimer" }).click();
    await page.locator(".thread").first().getByRole("button", { name: "Supprimer ce commentaire" }).click();
    await page.waitForFunction(() => document.querySelectorAll(".thread").length === 2);
    await settled(page, "comments with script");
    await page.context().close();
  });

  for (const [name, options] of Object.entries({ desktop, dark, phone }))
    it(`look right: ${name}`, async () => {
      const page = await visit(options);
      await settled(page, `comments (${name})`);
      assert.deepEqual(await looseSigns(page), []);
      await picture(page, `comments-${name}`, true);
      await page.locator(".thread").first().locator(".answers > .quiet summary").click();
      await settled(page, `answering (${name})`);
      await picture(page, `comments-answering-${name}`, true);
      const id = file.split("/").at(-1);
      for (const path of [`/comments/${id}`, `/activity/${id}`]) {
        await page.goto(server.origin + path);
        await settled(page, `${path} (${name})`);
        await picture(page, `${path.split("/")[1]}-page-${name}`, true);
      }
      await page.context().close();
    });
});
