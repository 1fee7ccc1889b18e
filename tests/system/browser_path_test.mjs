// The whole path, with a real browser: a teacher signs in, uploads the worksheet of the week and shares it by link and QR code; a
// parent without account opens it on a phone and hands back a photo; the teacher finds it; the link is withdrawn.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { desktop, launch, open, phone, picture, settled, signIn } from "./browser.mjs";
import { Server, demoSchool, linkIn, password, temporaryDirectory } from "./harness.mjs";

// A small real picture: 8 × 8 pixels, grey.
const photo = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAIAQAAAADsdIMmAAAAC0lEQVR4nGNgwAcAABgAARBwWOYAAAAASUVORK5CYII=", "base64");

describe("the whole path", () => {
  let browser, server, work, printed, link, folder;
  before(async () => {
    work = temporaryDirectory();
    const school = demoSchool(join(work, "data"));
    printed = school.printed;
    server = await Server.start(school.directory);
    browser = await launch();
    writeFileSync(join(work, "Fiche de la semaine.pdf"), "%PDF-1.4\nthe worksheet of the week\n");
    writeFileSync(join(work, "photo.png"), photo);
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  it("a teacher signs in, makes a folder, uploads with progress and shares it", async () => {
    const context = await browser.newContext(desktop);
    const page = await open(context);
    await page.goto(server.origin);
    await settled(page, "landing");
    await signIn(page, server.origin, "teacher", password);
    assert.match(await page.textContent("h1"), /Bonjour Camille/);
    await settled(page, "home");

    await page.goto(`${server.origin}/files`);
    await page.click("[data-new] > summary");
    await page.fill("[data-new] input[name=name]", "Semaine 48");
    await page.press("[data-new] input[name=name]", "Enter");
    await page.waitForSelector("h1:has-text('Semaine 48')"); // a new folder opens: one makes it to put something in
    await settled(page, "empty folder");
    await picture(page, "folder-empty");
    folder = new URL(page.url()).pathname;

    await page.setInputFiles("[data-upload] [data-files]", join(work, "Fiche de la semaine.pdf"));
    await page.waitForSelector("tr[data-name='Fiche de la semaine.pdf']");
    await settled(page, "folder with one file");

    await page.click("[data-about] a[data-share]:has-text('Partager')");
    const dialog = page.locator("dialog[open]");
    await dialog.waitFor();
    await settled(page, "share dialog, empty");
    const out = await dialog.locator("[data-close]").boundingBox();
    assert.ok(out.width >= 44 && out.height >= 44, "the way out is big enough for a thumb");
    assert.match(await dialog.locator("[data-close]").textContent(), /Fermer/);
    await dialog.locator("[data-new-link] > summary").click();
    // "See and hand in": the choice whose value says both.
    await dialog.locator("input[name=may][value*=deposit]").first().check();
    await dialog.locator("[data-new-link] input[name=label]").fill("6e B");
    await dialog.locator("form button.main").last().click();
    await dialog.locator("[data-address]").waitFor();
    link = await dialog.locator("[data-address]").inputValue();
    assert.match(link, new RegExp(`^${server.origin}/s/[A-Za-z0-9_-]{22,}$`));
    await dialog.locator("[data-qr] summary").click();
    await page.waitForFunction(() => {
      const code = document.querySelector("dialog [data-qr] img");
      return code?.complete && code.naturalWidth > 0;
    });
    await settled(page, "share dialog with a link");
    await picture(page, "share-dialog");
    await page.keyboard.press("Escape");
    await context.close();
  });

  it("a parent without account sees, downloads and hands in from a phone, and gets a receipt", async () => {
    const context = await browser.newContext({ ...phone, acceptDownloads: true });
    const page = await open(context);
    await page.goto(link);
    assert.ok(!page.url().includes("/s/"), "the secret stays in the address bar");
    await settled(page, "family's page");
    await picture(page, "family-phone", true);
    const download = page.waitForEvent("download");
    await page.click("a:has-text('Fiche de la semaine.pdf')");
    const file = await (await download).path();
    assert.match(readFileSync(file, "utf8"), /worksheet of the week/);

    // One thing to do at a time: first choose, then hand in. What was chosen is listed and can be taken out again.
    const chooser = page.locator("family-deposit input[type=file]");
    const send = page.locator("family-deposit form > button.main");
    const chosen = page.locator("family-deposit [data-chosen] li");
    assert.equal(await send.isVisible(), false);
    assert.equal(await page.locator("family-deposit .chooser.main").textContent().then((text) => text.trim()), "Prendre une photo ou choisir");
    await chooser.focus();
    const ring = await page.locator(".chooser").evaluate((label) => getComputedStyle(label).outlineStyle);
    assert.equal(ring, "solid", "the button shows the focus of the field that lies over it");
    await page.fill("input[name=first_name]", "Lina");
    await chooser.setInputFiles(join(work, "photo.png"));
    await chooser.setInputFiles(join(work, "Fiche de la semaine.pdf")); // one after the other, as a phone gives them
    await chooser.setInputFiles(join(work, "photo.png")); // twice the same is once
    assert.deepEqual(await chosen.locator("strong").allTextContents(), ["photo.png", "Fiche de la semaine.pdf"]);
    assert.match(await chosen.first().textContent(), /68\u00a0octets/);
    await chosen.first().locator(".mark img").waitFor();
    await settled(page, "family's page with files chosen");
    await picture(page, "family-chosen-phone", true);
    await chosen.nth(1).locator("button").click();
    assert.deepEqual(await chosen.locator("strong").allTextContents(), ["photo.png"]);
    assert.equal(await page.evaluate(() => document.activeElement?.closest("[data-chosen]") !== null), true, "focus got lost");
    await chosen.first().locator("button").click();
    assert.equal(await send.isVisible(), false);
    assert.equal(await chooser.evaluate((field) => document.activeElement === field), true, "nothing is left: back to choosing");
    await chooser.setInputFiles(join(work, "photo.png"));
    await Promise.all([page.waitForURL(/\/files\/receipts\//), send.click()]);
    assert.match(await page.textContent("main"), /Camille Bernard\) verra ce dépôt/);
    assert.match(await page.textContent("main"), /Lina – photo\.png/);
    await settled(page, "receipt");
    await picture(page, "receipt-phone", true);
    const receipt = page.url();

    // Who only sees does not see what others handed in.
    await page.goto(new URL(folder, server.origin).href);
    assert.doesNotMatch(await page.textContent("main"), /Lina – photo|Rendus/);
    await context.close();

    const later = await browser.newContext(phone);
    const again = await open(later);
    await again.goto(receipt);
    assert.match(await again.textContent("main"), /Lina – photo\.png/);
    await later.close();
  });

  it("hands in without script, by a plain form", async () => {
    const context = await browser.newContext({ ...phone, javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(link);
    const native = page.locator("family-deposit input[type=file]");
    assert.equal(await native.evaluate((field) => getComputedStyle(field).opacity), "1", "the name of what was chosen must be seen");
    assert.ok(await page.locator("family-deposit form > button.main").isVisible());
    await page.fill("input[name=first_name]", "Noé");
    await page.setInputFiles("family-deposit input[type=file]", join(work, "photo.png"));
    await page.click("family-deposit form button.main");
    await page.waitForURL(/\/files\/receipts\//);
    assert.match(await page.textContent("main"), /Noé – photo\.png/);
    await context.close();
  });

  it("the teacher finds both, withdraws the link, and the parent is told so", async () => {
    const staff = await browser.newContext(desktop);
    const page = await open(staff);
    await signIn(page, server.origin, "teacher", password);
    await page.goto(new URL(folder, server.origin).href);
    await page.click("a:has-text('Rendus')");
    await page.waitForSelector("a:has-text('Lina – photo.png')");
    await page.waitForSelector("a:has-text('Noé – photo.png')");
    await settled(page, "hand-ins");
    await picture(page, "hand-ins");

    const family = await browser.newContext(phone);
    const parent = await family.newPage();
    await parent.goto(link);
    const address = parent.url();
    await page.goto(`${server.origin}/share/${folder.split("/").at(-1)}`);
    await settled(page, "share page");
    await page.locator("details.disclosure:has(form[action$=revoke]) summary").first().click();
    await page.locator("form[action$=revoke] button").first().click();
    await page.waitForLoadState();
    assert.notEqual((await parent.goto(address)).status(), 200);
    const gone = await parent.goto(link);
    assert.equal(gone.status(), 410);
    await settled(Object.assign(parent, { problems: [] }), "withdrawn link");
    await picture(parent, "link-withdrawn-phone");
    await family.close();
    await staff.close();
  });

  it("throws away and brings back, renames, and survives the network", async () => {
    const context = await browser.newContext(desktop);
    const page = await open(context);
    await signIn(page, server.origin, "teacher", password);
    await page.goto(new URL(folder, server.origin).href);
    const row = page.locator("tr[data-name='Fiche de la semaine.pdf']");
    await row.locator("td a").first().focus();
    await page.keyboard.press("F2");
    await page.locator("[data-rename-dialog][open]").waitFor();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("Fiche 48.pdf");
    await page.keyboard.press("Enter");
    await page.waitForSelector("tr[data-name='Fiche 48.pdf']");
    await page.locator("tr[data-name='Fiche 48.pdf'] td a").first().focus();
    await page.keyboard.press("Delete");
    await page.waitForSelector("tr[data-name='Fiche 48.pdf']", { state: "detached" });
    await page.goto(`${server.origin}/files/trash`);
    assert.match(await page.textContent("main"), /Fiche 48\.pdf/);
    await settled(page, "trash");
    await picture(page, "trash");
    await page.locator("form[action*=restore] button").first().click();
    await page.goto(new URL(folder, server.origin).href);
    await page.waitForSelector("tr[data-name='Fiche 48.pdf']");

    // The part that sends is fetched while there is a line.
    await page.waitForFunction(() => performance.getEntriesByType("resource").some((entry) => entry.name.includes("upload-queue")));
    await context.setOffline(true);
    await page.setInputFiles("[data-upload] [data-files]", join(work, "photo.png"));
    const queued = page.locator("[data-queue] li");
    await queued.waitFor();
    await page.locator("[data-offline]").waitFor(); // the page says so, and what stands on it stays
    assert.equal(await page.locator("tr[data-name='Fiche 48.pdf']").count(), 1);
    await context.setOffline(false);
    await page.waitForSelector("tr[data-name='photo.png']"); // it went on by itself
    await context.close();
  });

  it("comes from the home to the open upload form", async () => {
    const context = await browser.newContext(desktop);
    const page = await open(context);
    await signIn(page, server.origin, "teacher", password);
    await page.click("a:has-text('Déposer un fichier')");
    const field = page.locator("[data-upload] [data-files]");
    await page.waitForFunction(() => document.querySelector("[data-upload]")?.open);
    await page.waitForFunction(() => document.activeElement?.matches("[data-upload] input[type=file]"));
    await settled(page, "open upload form");
    await field.setInputFiles(join(work, "photo.png"));
    await page.waitForSelector("tr[data-name='photo.png']");
    assert.equal(await page.locator("[data-upload]").evaluate((menu) => menu.open), false);
    await context.close();
  });

  it("shares from a phone, the dialog being the whole screen, with a password that families can type", async () => {
    const staff = await browser.newContext(phone);
    const page = await open(staff);
    await signIn(page, server.origin, "teacher", password);
    await page.goto(new URL(folder, server.origin).href);
    await page.click("[data-about] a[data-share]:has-text('Partager')");
    const dialog = page.locator("dialog[open]");
    await dialog.waitFor();
    const box = await dialog.boundingBox();
    assert.deepEqual([box.x, box.y, box.width, box.height].map(Math.round), [0, 0, phone.viewport.width, phone.viewport.height]);
    await dialog.locator("[data-new-link] > summary").click();
    await dialog.locator("[data-new-link] input[name=label]").fill("Avec mot de passe");
    await dialog.locator("[data-new-link] input[name=password]").fill("sesame");
    await dialog.locator("form button.main").last().click();
    await dialog.locator("[data-address]").last().waitFor();
    assert.ok(await dialog.locator("[data-close]").isVisible());
    await settled(page, "share dialog on a phone");
    await picture(page, "share-phone");
    const made = await dialog.locator("article:has-text('Avec mot de passe') [data-address]").boundingBox();
    assert.ok(made.y > 0 && made.y + made.height < phone.viewport.height, "the new link is in sight");
    const address = await dialog.locator("article:has-text('Avec mot de passe') [data-address]").inputValue();
    await dialog.locator("[data-close]").click();
    await dialog.waitFor({ state: "detached" });
    await staff.close();

    const family = await browser.newContext(phone);
    const parent = await open(family);
    await parent.goto(address);
    await parent.fill("input[name=password]", "not it");
    await parent.press("input[name=password]", "Enter");
    await parent.waitForSelector("[role=alert]");
    parent.problems = []; // 422 is what a wrong password answers
    await settled(parent, "wrong password of a link");
    await picture(parent, "link-password-wrong-phone");
    await parent.fill("input[name=password]", "sesame");
    await Promise.all([parent.waitForURL(/\/files\//), parent.press("input[name=password]", "Enter")]);
    await parent.waitForSelector("h1:has-text('Semaine 48')");
    await family.close();
  });

  it("works by keyboard alone", async () => {
    const context = await browser.newContext(desktop);
    const page = await open(context);
    const reach = async (selector, limit = 60) => {
      for (let step = 0; step < limit; step++) {
        await page.keyboard.press("Tab");
        if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
      }
      assert.fail(`${selector} cannot be reached with Tab`);
    };
    await page.goto(server.origin);
    await reach("a[href^='/signin']");
    await page.keyboard.press("Enter");
    await page.waitForURL(/signin/);
    await page.locator("input[name=login]").focus();
    await page.keyboard.type("teacher");
    await page.keyboard.press("Tab");
    await page.keyboard.type(password);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => !url.pathname.startsWith("/signin"));
    await reach("nav.services a, .services a");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/files/);
    await reach("[data-new] > summary");
    await page.keyboard.press("Enter");
    await reach("[data-new] input[name=name]");
    await page.keyboard.type("Au clavier");
    await page.keyboard.press("Enter");
    await page.waitForSelector("h1:has-text('Au clavier')");
    await page.goto(`${server.origin}/files`);
    await reach("tr[data-id] td a");
    await page.keyboard.press("End");
    await page.keyboard.press("Home");
    assert.equal(await page.evaluate(() => document.activeElement?.closest("tr[data-id]") !== null), true);
    await page.keyboard.press("Enter");
    await page.waitForSelector("h1");
    await reach("a[data-share]");
    await page.keyboard.press("Enter");
    await page.locator("dialog[open]").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.closest("dialog") !== null), true, "focus is not in the dialog");
    await page.keyboard.press("Escape");
    await page.locator("dialog[open]").waitFor({ state: "detached" });
    assert.equal(await page.evaluate(() => document.activeElement?.matches("a[data-share]")), true, "focus does not come back");
    await context.close();
  });

  it("speaks English throughout to who asks for it", async () => {
    const context = await browser.newContext({ ...phone, locale: "en-GB" });
    const page = await open(context);
    await page.goto(server.origin + linkIn(printed, "Volcans"));
    assert.equal(await page.getAttribute("html", "lang"), "en");
    assert.match(await page.textContent("main"), /Hand in/);
    await settled(page, "family's page in English");
    await page.goto(`${server.origin}/signin`);
    assert.match(await page.textContent("main"), /Sign in|Log in/);
    await context.close();
  });
});
