// The sharing dialog with a real browser: by keyboard through the combobox, on a phone, in the dark, without script; links that
// a limited number of browsers may open; the view of a family; everything that one shares, withdrawn at once and given back.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { dark, desktop, launch, looseSigns, open, phone, picture, settled, signIn } from "./browser.mjs";
import { Server, demoSchool, password } from "./harness.mjs";

describe("sharing", () => {
  let browser, server, headers, item, folder;
  const api = (method, path, json) =>
    server.request(method, path, { headers: { ...headers, "content-type": "application/json" }, body: json && JSON.stringify(json) });
  before(async () => {
    const { directory } = demoSchool();
    server = await Server.start(directory);
    browser = await launch();
    headers = server.basic("teacher");
    const list = (await server.request("GET", "/api/files", { headers })).json();
    item = list.items.find((entry) => entry.name === "Volcans").id;
    folder = `/files/${item}`;
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  async function dialogOf(page, path = folder) {
    await page.goto(server.origin + path);
    await page.locator("a[data-share]:has-text('Partager')").first().click();
    const dialog = page.locator("dialog[open]");
    await dialog.waitFor();
    return dialog;
  }

  it("finds a colleague by keyboard, gives, changes, withdraws and undoes", async () => {
    const context = await browser.newContext(desktop);
    const page = await open(context);
    await signIn(page, server.origin, "teacher", password);
    const dialog = await dialogOf(page);
    const who = dialog.locator("[role=combobox]");
    await who.focus();
    await dialog.locator("[role=option]").first().waitFor();
    await settled(page, "dialog with the nearest");
    await picture(page, "sharing-nearest");
    await page.keyboard.type("hadd");
    await dialog.locator("[role=option][aria-selected=true]:has-text('Nadia Haddad')").waitFor();
    assert.equal(await who.getAttribute("aria-expanded"), "true");
    assert.equal(await who.getAttribute("aria-activedescendant"), "share-who-0");
    await settled(page, "combobox open");
    await picture(page, "sharing-combobox");
    await page.keyboard.press("Escape"); // closes the list, not the dialog
    assert.equal(await who.getAttribute("aria-expanded"), "false");
    assert.ok(await dialog.isVisible());
    await page.keyboard.press("ArrowDown");
    await dialog.locator("[role=option]").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    assert.equal(await dialog.locator("[data-chosen] input:checked").count(), 1);
    await dialog.locator("[data-give] select[name=may]").selectOption("edit");
    await dialog.locator("[data-give] select[name=until]").selectOption("date");
    await dialog.locator("[data-give] input[name=until_day]").fill("2027-07-05");
    await settled(page, "dialog with somebody chosen");
    await picture(page, "sharing-chosen");
    await dialog.locator("[data-give] button.main").click();
    await dialog.locator("[role=status]:has-text('Nadia Haddad')").waitFor();
    const row = dialog.locator(".access li:has-text('Nadia Haddad')").first();
    assert.match(await row.textContent(), /Peut modifier · Jusqu’au 5\u00a0juillet 2027/);
    await settled(page, "dialog after giving");
    assert.deepEqual(await looseSigns(page), []);
    await picture(page, "sharing-given");
    await row.locator("summary").click();
    await row.locator("form[action$=withdraw] button").click();
    await dialog.locator("[role=status]:has-text('retiré')").waitFor();
    assert.equal(await dialog.locator(".access li:has-text('Nadia Haddad')").count(), 0);
    await dialog.locator("[role=status] button").click(); // undo
    await dialog.locator(".access li:has-text('Nadia Haddad')").waitFor();
    assert.match(await dialog.locator(".access li:has-text('Nadia Haddad')").first().textContent(), /5\u00a0juillet 2027/);
    await context.close();
  });

  it("makes a link for one browser; previews use nothing up", async () => {
    const context = await browser.newContext(desktop);
    const page = await open(context);
    await signIn(page, server.origin, "teacher", password);
    const dialog = await dialogOf(page);
    await dialog.locator("[data-new-link] > summary").click();
    const form = dialog.locator("[data-new-link] form");
    await form.locator("input[name=label]").fill("Une famille");
    await form.locator("input[name=max_uses]").fill("1");
    await settled(page, "form of a new link");
    await form.locator("button.main").click();
    const article = dialog.locator("article:has-text('Une famille')");
    await article.waitFor();
    const address = await article.locator("[data-address]").inputValue();
    for (let i = 0; i < 3; i++) assert.equal((await server.request("GET", new URL(address).pathname)).status, 200);
    const family = await browser.newContext(phone);
    const parent = await open(family);
    await parent.goto(address);
    await settled(parent, "a limited link before it is opened");
    await picture(parent, "link-limited-phone");
    await Promise.all([parent.waitForURL(/\/files\//), parent.click("button.main")]);
    assert.match(await parent.textContent("h1"), /Volcans/);
    const stranger = await browser.newContext(phone);
    const late = await stranger.newPage();
    assert.equal((await late.goto(address)).status(), 410);
    await picture(late, "link-used-up-phone");
    await page.reload();
    const again = await dialogOf(page);
    await again.locator("article:has-text('Une famille')").scrollIntoViewIfNeeded();
    assert.match(await again.locator("article:has-text('Une famille')").textContent(), /Ouvert sur 1 appareil, 1 au plus/);
    await settled(page, "links");
    await picture(page, "sharing-links");
    await family.close();
    await stranger.close();
    await context.close();
  });

  it("shows what a link holder sees, changes nothing, and comes back", async () => {
    const context = await browser.newContext(desktop);
    const page = await open(context);
    await signIn(page, server.origin, "teacher", password);
    const dialog = await dialogOf(page);
    await Promise.all([
      page.waitForURL(new RegExp(`${folder}$`)),
      dialog.locator("article:has-text('Une famille') button:has-text('Voir comme')").click(),
    ]);
    const bar = page.locator(".seen-as");
    await bar.waitFor();
    assert.match(await bar.textContent(), /Une famille/);
    await settled(page, "seen as a family");
    await picture(page, "seen-as");
    const refused = await page.evaluate(async () => (await fetch("/share/x/grants", { method: "POST", body: new URLSearchParams("may=view") })).status);
    assert.equal(refused, 403);
    page.problems = [];
    await page.goto(`${server.origin}/files`);
    assert.match(await page.textContent("main"), /ne leur est pas ouverte/);
    page.problems = [];
    await page.setViewportSize({ width: 360, height: 740 });
    await settled(page, "seen as a family, refused, narrow");
    await picture(page, "seen-as-narrow");
    await page.locator(".seen-as button").click();
    await page.waitForSelector("h1:has-text('Mes fichiers')");
    await context.close();
  });

  it("fits a phone and the dark with long lists", async () => {
    for (const login of ["head", "secretary", "inspector", "manager", "admin"]) {
      const found = (await api("GET", `/api/sharing/subjects?q=${{ head: "lefevre", secretary: "morel", inspector: "garnier", manager: "roche", admin: "marchand" }[login]}`)).json().subjects;
      assert.equal(found.length, 1, login);
      assert.equal((await api("PUT", `/api/sharing/items/${item}/grants/${found[0].to}`, { role: "view" })).status, 204);
    }
    for (const [name, options] of Object.entries({ phone, dark })) {
      const context = await browser.newContext(options);
      const page = await open(context);
      await signIn(page, server.origin, "teacher", password);
      const dialog = await dialogOf(page);
      await settled(page, `dialog, ${name}`);
      await picture(page, `sharing-${name}`);
      await dialog.locator("[role=combobox]").click();
      await dialog.locator("[role=option]").first().waitFor();
      await settled(page, `combobox, ${name}`);
      await picture(page, `sharing-combobox-${name}`);
      await page.goto(`${server.origin}/share/${item}`);
      await settled(page, `page, ${name}`);
      await picture(page, `sharing-page-${name}`, true);
      await page.goto(`${server.origin}/share/mine?show=people`);
      await settled(page, `mine, ${name}`);
      await picture(page, `mine-${name}`, true);
      await context.close();
    }
  });

  it("withdraws all that was chosen, after a question, and gives it back", async () => {
    const context = await browser.newContext(desktop);
    const page = await open(context);
    await signIn(page, server.origin, "teacher", password);
    await page.goto(`${server.origin}/share/mine?show=people`);
    const count = await page.locator("input[name=what]").count();
    assert.ok(count >= 5);
    assert.equal(await page.locator("[data-withdraw]").isDisabled(), true);
    await page.locator("[data-all] input").check();
    assert.match(await page.locator("[data-withdraw]").textContent(), new RegExp(`\\(${count}\\)`));
    await settled(page, "mine");
    assert.deepEqual(await looseSigns(page), []);
    await picture(page, "mine");
    await page.locator("[data-withdraw]").click();
    await page.waitForSelector(`h1:has-text('${count}')`);
    await settled(page, "the question");
    await picture(page, "mine-confirm");
    await page.locator("button.danger").click();
    await page.waitForSelector("[data-undo]");
    await settled(page, "mine, withdrawn");
    await picture(page, "mine-withdrawn");
    await page.locator("[data-undo] button").click();
    await page.waitForSelector("input[name=what]");
    assert.equal(await page.locator("input[name=what]").count(), count);
    await context.close();
  });

  it("works without script", async () => {
    const context = await browser.newContext({ ...desktop, javaScriptEnabled: false });
    const page = await context.newPage();
    await signIn(page, server.origin, "teacher", password);
    await page.goto(`${server.origin}/share/${item}`);
    await page.fill("input[name=q]", "familles 6e");
    await page.click("[data-search]");
    await page.waitForSelector("[data-chosen] input:checked");
    await picture(page, "sharing-no-script");
    await page.selectOption("[data-give] select[name=may]", "view-deposit");
    await page.click("[data-give] button.main");
    await page.waitForSelector("[role=status]:has-text('Familles de 6e B')");
    await context.close();
  });
});
