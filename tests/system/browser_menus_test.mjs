// What the menu of a row offers beyond moving: shortcuts, looking as a family does; and the trash, where many are put back or
// deleted for good at once. With a class page beside it, because the same eyes are borrowed there.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { dark, desktop, launch, looseSigns, open, phone, picture, settled, signIn } from "./browser.mjs";
import { Server, demoSchool, linkIn, password } from "./harness.mjs";

describe("menus of rows, and the trash", () => {
  let browser, server, headers, space, printed;
  const api = async (method, path, json) => {
    const answer = await server.request(method, path, { headers: { ...headers, "content-type": "application/json" }, body: json && JSON.stringify(json) });
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text().slice(0, 200)}`);
    return answer.bytes.length ? answer.json() : undefined;
  };
  const folder = async (name, parent = space) => (await api("POST", `/api/files/${parent}/folders`, { name })).id;
  const put = (parent, name) => server.request("PUT", `/api/files/${parent}/children/${encodeURIComponent(name)}`, { headers, body: name }).then((answer) => answer.json().id);
  const names = async (parent) => (await api("GET", `/api/files/${parent}?limit=500`)).items.map((item) => item.name);
  const teacher = async (path, options = desktop) => {
    const context = await browser.newContext(options);
    const page = await open(context);
    await signIn(page, server.origin, "teacher", password);
    await page.goto(server.origin + path);
    if (path.startsWith("/files/") && !path.includes("trash")) await page.waitForSelector("table.live", { state: "attached" });
    return page;
  };
  const row = (page, name) => page.locator(`tr[data-name="${name}"]`);
  const choose = async (page, name, entry) => {
    await row(page, name).locator("[data-row-menu]").click();
    await page.locator("[role=menu] [role=menuitem]", { hasText: entry }).click();
  };

  before(async () => {
    const school = demoSchool();
    printed = school.printed;
    server = await Server.start(school.directory);
    browser = await launch();
    headers = server.basic("teacher");
    space = (await api("GET", "/api/files")).folder.id;
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  it("adds a shortcut to a place of the dialog; it shows what it leads to, with a mark, and opens it", async () => {
    const here = await folder("Atelier");
    const target = await folder("Ressources", here);
    const shelf = await folder("Étagère", here);
    await put(target, "carte.txt");
    const page = await teacher(`/files/${here}`);
    await choose(page, "Ressources", "Ajouter un raccourci");
    const dialog = page.locator("dialog[open]:has([role=tree])");
    await dialog.locator("[role=treeitem][data-name='Atelier']").waitFor();
    assert.match(await dialog.locator("h2").innerText(), /Où mettre un raccourci vers Ressources\s\?/);
    await settled(page, "where a shortcut goes");
    assert.deepEqual(await looseSigns(page), []);
    await picture(page, "shortcut-dialog");
    await dialog.locator("[role=treeitem][data-name='Atelier']").click();
    await dialog.locator("[role=treeitem][data-name='Étagère']").click();
    await dialog.locator("button.main").click();
    await page.waitForSelector(".toast:has-text('Étagère')");
    assert.deepEqual(await names(shelf), ["Ressources"]);

    // In the same folder too, beside what it leads to; and a copy of it is one as well.
    await choose(page, "Ressources", "Ajouter un raccourci");
    await dialog.locator("[role=treeitem][data-name='Atelier']").click();
    await dialog.locator("button.main").click();
    await page.waitForFunction(() => document.querySelectorAll("tr[data-name='Ressources']").length === 2);
    await page.goto(`${server.origin}/files/${shelf}`);
    await page.waitForSelector("table.live", { state: "attached" });
    const pointer = row(page, "Ressources");
    assert.equal(await pointer.locator(".mark .badge").isVisible(), true);
    assert.match(await pointer.locator(".mark > svg use").getAttribute("href"), /#folder$/);
    assert.equal(await pointer.locator(".title a").getAttribute("aria-label"), "Ressources (raccourci)");
    assert.equal(await pointer.locator(".size").innerText(), "Raccourci");
    await pointer.locator("[data-row-menu]").click();
    const offered = await page.locator("[role=menuitem]").allInnerTexts();
    for (const none of ["Renommer", "Télécharger en ZIP"]) assert.ok(!offered.includes(none), `${none} is offered for a shortcut`);
    await page.keyboard.press("Escape");
    await settled(page, "a shortcut in a list");
    await picture(page, "shortcut");
    await page.click("[data-view-toggle]");
    await settled(page, "a shortcut as a tile");
    await picture(page, "shortcut-tile");
    await page.click("[data-view-toggle]");
    await pointer.locator(".title a").click();
    await page.waitForURL(`${server.origin}/files/${target}`);
    await row(page, "carte.txt").waitFor();

    await api("POST", "/api/files/copy", { items: [shelf], to: space });
    const copied = (await api("GET", "/api/files")).items.find((item) => item.name === "Étagère").id;
    const item = (await api("GET", `/api/files/${copied}`)).items[0];
    assert.deepEqual([item.name, item.kind, item.icon, item.shortcut], ["Ressources", "shortcut", "folder", true]);
    await page.context().close();
  });

  it("takes a shortcut back, and refuses a folder that would point to itself", async () => {
    const here = await folder("Boucle");
    await folder("Dedans", here);
    const page = await teacher(`/files/${here}`);
    await choose(page, "Dedans", "Ajouter un raccourci");
    const dialog = page.locator("dialog[open]:has([role=tree])");
    await dialog.locator("[role=treeitem][data-name='Boucle']").click();
    const itself = dialog.locator("[role=treeitem][data-name='Dedans']");
    await itself.waitFor();
    await itself.click({ force: true }); // it says that it cannot be chosen
    assert.equal(await dialog.locator("button.main").isDisabled(), true);
    await dialog.locator("[role=treeitem][data-name='Boucle']").click();
    await dialog.locator("button.main").click();
    await page.click(".toast button:has-text('Annuler')");
    await page.waitForFunction(() => document.querySelectorAll("tr[data-name='Dedans']").length === 1);
    assert.deepEqual(await names(here), ["Dedans"]);
    await page.context().close();
  });

  it("looks as a family does, from the row of a folder and from the page of the class", async () => {
    const classPage = (await server.request("GET", linkIn(printed, "class"))).headers.location;
    const group = classPage.split("/").at(-1);
    const here = await folder("Pour les familles");
    const shared = await folder("Sortie", here);
    await folder("Conseil", here);
    await put(shared, "programme.txt");
    await api("PUT", `/api/sharing/items/${shared}/grants/families-${group}`, { role: "view" });
    const page = await teacher(`/files/${here}`);
    await row(page, "Conseil").locator("[data-row-menu]").click();
    await page.waitForSelector("[data-open-menu]"); // its script is fetched when first wanted
    assert.equal(await page.locator("[role=menuitem]", { hasText: "Voir comme" }).count(), 0, "what no family reaches");
    await page.keyboard.press("Escape");
    const seen = async () => {
      await page.waitForSelector("section.seen-as");
      assert.match(await page.locator("section.seen-as").innerText(), /6e B/);
      assert.match(await page.locator("main").innerText(), /programme\.txt/);
      assert.equal(await page.locator("[data-row-menu]").count(), 0, "this is the page of a family");
      await page.click("section.seen-as button");
    };
    await choose(page, "Sortie", "Voir comme une famille");
    await seen();
    await page.goto(server.origin + classPage);
    const line = page.locator("li", { hasText: "Sortie" });
    assert.match(await line.locator(".chip").innerText(), /Familles de 6e B/);
    await settled(page, "the page of a class");
    await line.locator("summary").click();
    await settled(page, "the menu on the page of a class");
    await picture(page, "class-menu", true);
    await line.locator("button", { hasText: "Voir comme une famille" }).click();
    await seen();
    await page.context().close();
  });

  it("deletes many for good after a question that says how many, and puts many back", async () => {
    const here = await folder("Ménage");
    const items = [];
    for (const name of ["a.txt", "b.txt", "c.txt", "d.txt", "e.txt"]) items.push(await put(here, name));
    await api("POST", "/api/files/trash", { items });
    const page = await teacher("/files/trash");
    const line = (name) => page.locator("files-trash li[data-id]", { hasText: name });
    const erase = page.locator("[data-erase]");
    assert.equal(await erase.isDisabled(), true);
    for (const name of ["a.txt", "b.txt", "c.txt"]) await line(name).locator("input[type=checkbox]").check();
    await settled(page, "a selection in the trash");
    await picture(page, "trash-selection");
    await erase.click();
    const dialog = page.locator("dialog[open]");
    assert.match(await dialog.locator("h2").innerText(), /^Supprimer définitivement 3 éléments\s\?$/);
    await settled(page, "the question before deleting for good");
    assert.deepEqual(await looseSigns(page), []);
    await picture(page, "trash-erase-question");
    await page.keyboard.press("Escape");
    assert.equal(await line("a.txt").count(), 1, "Escape deletes nothing");
    await erase.click();
    await dialog.locator("button[value=yes]").click();
    await line("a.txt").waitFor({ state: "detached" });
    assert.equal(await line("b.txt").count() + (await line("c.txt").count()), 0);
    assert.equal(await line("d.txt").count(), 1);
    for (const name of ["d.txt", "e.txt"]) await line(name).locator("input[type=checkbox]").check();
    await page.click("[data-restore]");
    await line("d.txt").waitFor({ state: "detached" });
    assert.deepEqual(await names(here), ["d.txt", "e.txt"]);
    await page.context().close();
  });

  for (const [name, options] of Object.entries({ dark, phone }))
    it(`the trash looks right: ${name}`, async () => {
      const here = await folder(`Rebut ${name}`);
      await api("POST", "/api/files/trash", { items: [await put(here, "Un nom vraiment très long, comme en donnent les appareils et les collègues pressés.txt"), await put(here, "b.txt")] });
      const page = await teacher("/files/trash", options);
      await page.locator("files-trash [data-all]").check();
      await settled(page, `a selection in the trash (${name})`);
      await picture(page, `trash-selection-${name}`, true);
      await page.click("[data-erase]");
      await settled(page, `the question in the trash (${name})`);
      await picture(page, `trash-erase-question-${name}`);
      await page.context().close();
    });
});
