// What pages say when something is off, unfinished or over: previews that this kernel cannot make, "Tout le monde" where the
// school says no, half a copy, hand-ins that wait, a receipt, a class link that is ended, words of somebody without account.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { dark, desktop, launch, look, open, phone, signedIn, withCookies } from "./browser.mjs";
import { Server, asAdministrator, demoSchool, linkIn } from "./harness.mjs";

describe("what pages say when something is off, unfinished or over", () => {
  let browser, server, directory, printed, headers, folder;
  const start = async () => {
    server = await Server.start(directory, { env: { PREAU_FAULT: "no_landlock" } });
  };
  before(async () => {
    ({ directory, printed } = demoSchool());
    await start();
    browser = await launch();
    headers = server.basic("teacher");
    folder = (await call("GET", "/api/files")).items.find((item) => item.name === "Volcans");
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  const call = async (method, path, json, as = headers) => {
    const answer = await server.request(method, path, {
      headers: { ...as, ...(json ? { "content-type": "application/json" } : {}) },
      body: json && JSON.stringify(json),
    });
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text()}`);
    return answer.bytes.length ? answer.json() : undefined;
  };
  const someone = (login, options) => signedIn(browser, server, login, options);

  it("the administrator reads which previews are off, and why", async () => {
    const administrator = await asAdministrator(server);
    for (const [name, options] of Object.entries({ desktop, phone, dark })) {
      const page = await open(await browser.newContext(options));
      await withCookies(page.context(), server.origin, administrator);
      await page.goto(`${server.origin}/admin`);
      assert.match(await page.innerText("section[aria-labelledby=previews]"), /PDF[^]*sans aperçu[^]*Landlock/);
      await look(page, `admin-previews-${name}`);
      await page.context().close();
    }
  });

  it("who makes a poll is told what a vote by link is worth", async () => {
    const page = await someone("teacher", phone);
    await page.goto(`${server.origin}/polls/new?in=${folder.id}`);
    await page.waitForSelector("text=en effaçant ses cookies");
    await look(page, "poll-new-votes-phone");
    await page.context().close();
  });

  it("\"Tout le monde\" stands there with the reason, and cannot be chosen, where the school says no", async () => {
    const head = server.basic("head");
    const structure = (await call("GET", "/api/sharing/subjects?q=moulin", undefined, head)).subjects.find((one) => one.to.startsWith("structure-")).to.slice("structure-".length);
    await call("PUT", `/api/sharing/structures/${structure}/policy`, { policy: "off" }, head);
    const page = await someone("teacher", desktop);
    await page.goto(server.origin + folder.url);
    await page.locator("a[data-share]:has-text('Partager')").first().click();
    const dialog = page.locator("dialog[open]");
    await dialog.locator("[role=combobox]").focus();
    await page.keyboard.type("monde");
    const option = dialog.locator("[role=option]:has-text('Tout le monde')");
    await option.waitFor();
    assert.equal(await option.getAttribute("aria-disabled"), "true");
    assert.match(await option.innerText(), /Votre structure ne montre rien au public/);
    await look(page, "sharing-public-off");
    await option.click({ force: true }); // a pointer can; Playwright would wait until it is enabled
    assert.equal(await dialog.locator("[data-chosen] input:checked").count(), 0);
    await page.context().close();
  });

  it("half a copy says so in the list and on its own page", async () => {
    const half = (await call("POST", `/api/files/${(await call("GET", "/api/files")).folder.id}/folders`, { name: "Année (2)" })).id;
    await server.stop();
    // As a copy leaves it whose machine is gone, and no job to finish it.
    const item = [...half].reduce((value, letter) => value * 32n + BigInt("0123456789abcdefghjkmnpqrstvwxyz".indexOf(letter)), 0n);
    execFileSync("sqlite3", [join(directory, "main.db"), `INSERT INTO file_copy VALUES (1, 1, 0, 340, 1200, '', 0); INSERT INTO file_copy_root VALUES (1, ${item});`]);
    await start();
    for (const [name, options] of Object.entries({ desktop, phone, dark })) {
      const page = await someone("teacher", options);
      await page.goto(`${server.origin}/files`);
      await page.waitForSelector("tr:has-text('Année (2)') >> text=/Copie en cours.*340 sur 1.200/");
      await look(page, `files-copying-list-${name}`);
      await page.goto(`${server.origin}/files/${half}`);
      assert.equal(await page.locator("[data-copying] progress").getAttribute("value"), "340");
      await look(page, `files-copying-${name}`);
      await page.context().close();
    }
  });

  it("a family hands in, reports from the receipt, and the teacher finds it on the home page", async () => {
    const family = await open(await browser.newContext(phone));
    await family.goto(server.origin + linkIn(printed, "Volcans"));
    await family.fill("input[name=first_name]", "Lina");
    await family.setInputFiles("input[name=files]", { name: "lave.txt", mimeType: "text/plain", buffer: Buffer.from("lave") });
    await Promise.all([family.waitForURL(/receipts/), family.locator("form[action$='/deposit'] button.main").click()]);
    await look(family, "receipt-phone");
    await family.click("text=Signaler un problème");
    await family.waitForSelector("form[action='/report']");
    await look(family, "receipt-report-phone");
    await family.context().close();

    const page = await someone("teacher", desktop);
    await page.waitForSelector("text=/1.dépôt dans Volcans/");
    await look(page, "home-handins");
    await page.click("text=/1.dépôt dans Volcans/");
    await page.waitForSelector("text=Lina – lave.txt");
    await page.goto(server.origin);
    assert.equal(await page.locator("text=/1.dépôt dans Volcans/").count(), 0);
    await page.context().close();
  });

  it("the link of a class is ended from the queue", async () => {
    const parent = await open(await browser.newContext(phone));
    await parent.goto(server.origin + linkIn(printed, "class 6eB:"));
    await parent.click("text=Signaler un problème");
    await parent.check("input[name=choice][value=wrong]");
    await parent.locator("form[action='/report'] button").last().click();
    await parent.waitForSelector("text=Votre signalement est arrivé");
    await parent.context().close();
    const head = await someone("head", phone);
    await head.goto(`${server.origin}/reports`);
    await head.click("a:has-text('6e B')");
    await head.click("summary:has-text('Retirer ce partage')");
    await head.waitForSelector("text=mis dehors tout de suite");
    await look(head, "report-class-link-phone");
    await head.click("button:has-text('Retirer maintenant')");
    await head.waitForSelector("text=Le partage est retiré");
    await head.context().close();
  });
});
