// The file service as people use it every day: ten thousand entries, selection, keys, moving with undo, dragging, uploads of whole
// folders, the viewer; on a desktop, in the dark, on a phone, with a keyboard alone, and as a screen reader hears it.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { dark, desktop, launch, looseSigns, open, phone, picture, settled, signIn } from "./browser.mjs";
import { Server, demoSchool, password, temporaryDirectory } from "./harness.mjs";
import { fillFolder, nameOf } from "./many_files.mjs";

const many = 10_000;

describe("files, every day", () => {
  let browser, server, work, big, headers;
  const api = async (method, path, json) => {
    const answer = await server.request(method, path, { headers: { ...headers, "content-type": "application/json" }, body: json && JSON.stringify(json) });
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text().slice(0, 200)}`);
    return answer.bytes.length ? answer.json() : undefined;
  };
  const folder = async (name, parent) => (await api("POST", `/api/files/${parent ?? (await api("GET", "/api/files")).folder.id}/folders`, { name })).id;
  const put = (parent, name, body = name) =>
    server.request("PUT", `/api/files/${parent}/children/${encodeURIComponent(name)}`, { headers, body }).then((answer) => answer.json().id);
  const names = async (parent) => (await api("GET", `/api/files/${parent}?limit=500`)).items.map((item) => item.name);
  // A signed-in page; `live` waits until the script has taken the list over.
  const teacher = async (options = desktop) => {
    const context = await browser.newContext(options);
    const page = await open(context);
    await signIn(page, server.origin, "teacher", password);
    return page;
  };
  const visit = async (page, id) => {
    await page.goto(`${server.origin}/files/${id}`);
    await page.waitForSelector("table.live", { state: "attached" });
  };
  const row = (page, name) => page.locator(`tr[data-name="${name}"]`);
  const focused = (page) => page.evaluate(() => document.activeElement?.closest("tr")?.dataset.name);
  const selected = (page) => page.locator("[data-count]").textContent();

  before(async () => {
    work = temporaryDirectory();
    const school = demoSchool(join(work, "data"));
    server = await Server.start(school.directory);
    browser = await launch();
    headers = server.basic("teacher");
    big = await folder("Grand dossier");
    await fillFolder(server, headers, big, many);
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  it("shows ten thousand entries, says how many there are, and holds only those in sight", async () => {
    const page = await teacher();
    await visit(page, big);
    const told = await page.evaluate(() => {
      const table = document.querySelector("table.live");
      return { role: table.getAttribute("role"), rows: table.getAttribute("aria-rowcount"), first: table.querySelector("tbody tr").getAttribute("aria-rowindex") };
    });
    assert.deepEqual(told, { role: "grid", rows: String(many + 1), first: "2" });
    assert.ok((await page.locator("tbody tr").count()) < 60, "rows out of sight are in the document");
    await settled(page, "10,000 entries");
    await page.locator("tbody tr .title a").first().focus();
    await page.keyboard.press("End");
    await page.waitForFunction((last) => document.activeElement?.closest("tr")?.getAttribute("aria-rowindex") === String(last), many + 1);
    assert.ok((await page.locator("tbody tr").count()) < 60);
    // In the middle, by the scroll bar; order in the document is the order on the screen.
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight / 2));
    await page.waitForFunction(() => [...document.querySelectorAll("tbody tr")].some((row) => Math.abs(Number(row.dataset.index) - 5000) < 60));
    // While it moves, rows change places in the document; at rest they stand in order, and none is there twice.
    await page.waitForFunction(() => {
      const order = [...document.querySelectorAll("tbody tr[data-index]")].map((each) => Number(each.dataset.index));
      return order.every((each, i) => i === 0 || order[i - 1] < each);
    });
    const order = await page.evaluate(() => [...document.querySelectorAll("tbody tr[data-index]")].map((each) => Number(each.dataset.index)));
    assert.deepEqual(order, [...order].sort((a, b) => a - b));
    assert.equal(order.at(-1), many - 1, "the row that has the focus stays, wherever one scrolls");
    // Typing finds by French letters: "ev" finds "Évaluation".
    await page.keyboard.press("Home");
    await page.waitForFunction(() => document.activeElement?.closest("tr")?.dataset.index === "0");
    await page.keyboard.type("evaluation 0500");
    await page.waitForFunction(() => document.activeElement?.closest("tr")?.dataset.name?.startsWith("Évaluation 0500"));
    await page.context().close();
  });

  it("sorts by every column, and by a choice where there are no columns", async () => {
    const page = await teacher();
    const id = await folder("À trier");
    for (const [name, body] of [["été.txt", "22"], ["Eau.txt", "1"], ["Zèbre.txt", "4444"], ["œuvre.txt", "333"]]) await put(id, name, body);
    await folder("Dossier", id);
    await visit(page, id);
    const order = () => page.locator("tbody tr").evaluateAll((rows) => rows.map((each) => each.dataset.name));
    assert.deepEqual(await order(), ["Dossier", "Eau.txt", "été.txt", "œuvre.txt", "Zèbre.txt"]);
    assert.equal(await page.locator("th[aria-sort]").getAttribute("aria-sort"), "ascending");
    await page.click("[data-sort-by=size]");
    await page.waitForSelector("th.size[aria-sort=descending]");
    assert.deepEqual((await order()).filter((name) => name !== "Dossier"), ["Zèbre.txt", "œuvre.txt", "été.txt", "Eau.txt"]);
    await page.reload();
    await page.waitForSelector("th.size[aria-sort=descending]");
    await page.click("[data-view-toggle]");
    await page.selectOption("select[data-order]", "name desc");
    await page.waitForFunction(() => [...document.querySelectorAll("tbody tr")].map((each) => each.dataset.name).indexOf("Zèbre.txt") < [...document.querySelectorAll("tbody tr")].map((each) => each.dataset.name).indexOf("Eau.txt"));
    await page.context().close();
  });

  it("selects as every file manager does, and says what can be done", async () => {
    const page = await teacher();
    const id = await folder("Sélection");
    for (const letter of "abcdef") await put(id, `${letter}.txt`);
    await visit(page, id);
    await row(page, "b.txt").locator("input").click();
    assert.equal(await selected(page), "1 sélectionné");
    await row(page, "e.txt").locator("input").click({ modifiers: ["Shift"] });
    assert.equal(await selected(page), "4 sélectionnés");
    await row(page, "a.txt").locator(".changed").click({ modifiers: ["Control"] });
    assert.equal(await selected(page), "5 sélectionnés");
    await row(page, "c.txt").locator(".changed").click();
    assert.equal(await selected(page), "1 sélectionné");
    await row(page, "c.txt").locator(".title a").focus();
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Shift+ArrowDown");
    assert.equal(await selected(page), "3 sélectionnés");
    await page.keyboard.press("Control+a");
    assert.equal(await selected(page), "6 sélectionnés");
    assert.equal(await row(page, "f.txt").getAttribute("aria-selected"), "true");
    await settled(page, "a selection");
    await picture(page, "selection");
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("[data-selected]").isVisible(), false);
    await page.keyboard.press("Home");
    await page.keyboard.press("Space");
    assert.equal(await selected(page), "1 sélectionné");
    await page.keyboard.press("?");
    await page.locator("[data-keys-dialog][open]").waitFor();
    await settled(page, "keys");
    await page.keyboard.press("Escape");
    await page.context().close();
  });

  it("moves through the dialog by keyboard, and takes it back", async () => {
    const page = await teacher();
    const id = await folder("Départ");
    await folder("Intérieur", id);
    await put(id, "lave.txt");
    await put(id, "cendre.txt");
    await visit(page, id);
    await row(page, "lave.txt").locator(".title a").focus();
    await page.keyboard.press("Shift+F10");
    await page.locator("[role=menu]").waitFor();
    await settled(page, "menu of a row");
    await page.keyboard.type("d");
    while (!(await page.evaluate(() => document.activeElement.textContent.includes("Déplacer")))) await page.keyboard.type("d");
    await page.keyboard.press("Enter");
    const dialog = page.locator("dialog[open]:has([role=tree])");
    await dialog.locator("[role=treeitem][data-name='Départ']").waitFor();
    await settled(page, "where to");
    await picture(page, "move-dialog");
    await page.keyboard.type("dép");
    await page.waitForFunction(() => document.activeElement?.dataset.name === "Départ");
    assert.equal(await dialog.locator("button.main").isDisabled(), true, "it stands there already");
    await page.keyboard.press("ArrowRight");
    await dialog.locator("[data-name='Intérieur']").waitFor();
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-level")), "3");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".toast:has-text('Intérieur')");
    await row(page, "lave.txt").waitFor({ state: "detached" });
    assert.ok(await focused(page), "focus stays in the list");
    await page.click(".toast button:has-text('Annuler')");
    await row(page, "lave.txt").waitFor();
    assert.deepEqual((await names(id)).sort(), ["Intérieur", "cendre.txt", "lave.txt"]);
    await page.context().close();
  });

  it("drags rows into a folder, onto the path and into the trash", async () => {
    const page = await teacher();
    const id = await folder("Glisser");
    const inside = await folder("Cible", id);
    for (const name of ["un.txt", "deux.txt", "trois.txt"]) await put(id, name);
    await visit(page, id);
    await row(page, "un.txt").locator("input").click();
    await row(page, "deux.txt").locator("input").click();
    await row(page, "un.txt").locator(".changed").dragTo(row(page, "Cible").locator(".changed"));
    await page.waitForSelector(".toast:has-text('2 éléments')");
    await row(page, "un.txt").waitFor({ state: "detached" });
    assert.deepEqual((await names(inside)).sort(), ["deux.txt", "un.txt"]);
    await visit(page, inside);
    await row(page, "un.txt").locator(".changed").dragTo(page.locator(`h1 a[data-drop-to="${id}"]`));
    await row(page, "un.txt").waitFor({ state: "detached" });
    assert.ok((await names(id)).includes("un.txt"));
    await row(page, "deux.txt").locator(".changed").dragTo(page.locator("nav.side [data-drop-trash]"));
    await page.waitForSelector(".toast:has-text('corbeille')");
    await page.locator("[data-none]:visible").waitFor();
    await page.click(".toast:has-text('corbeille') button:has-text('Annuler')");
    await row(page, "deux.txt").waitFor();
    await page.context().close();
  });

  it("uploads a whole folder, asks once about names that are taken", async () => {
    const page = await teacher();
    const id = await folder("Dépôts");
    const local = join(work, "Séance 3");
    mkdirSync(join(local, "Photos"), { recursive: true });
    for (const name of ["plan.txt", "Photos/a.txt", "Photos/b.txt"]) writeFileSync(join(local, name), name);
    await visit(page, id);
    await page.setInputFiles("[data-directory]", local);
    await row(page, "Séance 3").waitFor();
    await page.waitForFunction(() => document.querySelector("[data-uploads]").hidden);
    const session = (await api("GET", `/api/files/${id}`)).items[0].id;
    assert.deepEqual(await names(session), ["Photos", "plan.txt"]);
    await page.setInputFiles("[data-files]", [join(local, "plan.txt"), join(local, "Photos/a.txt")]);
    await row(page, "a.txt").waitFor();
    await page.waitForFunction(() => document.querySelector("[data-uploads]").hidden);
    await page.setInputFiles("[data-files]", [join(local, "plan.txt"), join(local, "Photos/a.txt")]);
    const dialog = page.locator("dialog[open]");
    await dialog.waitFor();
    page.problems = page.problems.filter((text) => !text.includes("409")); // that is the question
    await settled(page, "name taken");
    await picture(page, "upload-taken");
    await dialog.locator("input[type=checkbox]").check();
    await dialog.locator("button[value=number]").click();
    await row(page, "a (2).txt").waitFor();
    await row(page, "plan (2).txt").waitFor();
    await page.context().close();
  });

  it("looks at pictures and texts in place, from one to the next, and back to where one was", async () => {
    const page = await teacher();
    const list = (await api("GET", "/api/files")).items;
    const volcanoes = list.find((item) => item.name === "Volcans").id;
    await visit(page, volcanoes);
    await row(page, "Coupe du volcan.png").locator(".title a").click();
    const viewer = page.locator("dialog.viewer");
    await page.waitForFunction(() => document.querySelector(".viewer img.picture")?.naturalWidth > 0);
    assert.match(new URL(page.url()).pathname, /^\/files\/[a-z0-9]+$/);
    assert.notEqual(new URL(page.url()).pathname, `/files/${volcanoes}`, "the address is the file's own");
    await settled(page, "viewer");
    await picture(page, "viewer");
    assert.equal(await viewer.locator("h2").textContent(), "Coupe du volcan.png");
    await page.keyboard.press("+");
    assert.equal(await viewer.locator("[aria-pressed=true]").count(), 1);
    await page.keyboard.press("-");
    await page.keyboard.press("i");
    await viewer.locator("code").waitFor();
    await settled(page, "viewer with details");
    await page.keyboard.press("ArrowLeft");
    await page.waitForFunction(() => document.querySelector(".viewer h2")?.textContent === "Consignes.odt");
    await settled(page, "viewer without a picture");
    await page.keyboard.press("Escape");
    await viewer.waitFor({ state: "detached" });
    await page.waitForFunction(() => document.activeElement?.closest("tr")?.dataset.name === "Consignes.odt");
    assert.equal(new URL(page.url()).pathname, `/files/${volcanoes}`);
    await page.keyboard.press("Enter");
    await viewer.waitFor();
    await page.goBack();
    await viewer.waitFor({ state: "detached" });
    await page.context().close();
  });

  it("shows tiles, remembers it, and walks through them in both directions", async () => {
    const page = await teacher();
    await visit(page, big);
    await page.click("[data-view-toggle]");
    await page.locator("table.tiles").waitFor();
    assert.deepEqual(await page.locator("tbody tr").first().evaluate((tile) => [tile.getAttribute("role"), tile.getAttribute("aria-posinset"), tile.getAttribute("aria-setsize")]),
                     ["listitem", "1", String(many)]);
    await settled(page, "tiles");
    await picture(page, "tiles");
    await page.locator("tbody tr .title a").first().focus();
    await page.keyboard.press("ArrowDown");
    const below = Number(await page.evaluate(() => document.activeElement.closest("tr").dataset.index));
    assert.ok(below > 1, "down is the tile below, not the next one");
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.evaluate(() => document.activeElement.closest("tr").dataset.index), String(below + 1));
    await page.reload();
    await page.locator("table.live.tiles").waitFor();
    await page.context().close();
  });

  it("tells a screen reader what stands where", async () => {
    const page = await teacher();
    const id = await folder("Écouté");
    await put(id, "Lecture.txt");
    await visit(page, id);
    const client = await page.context().newCDPSession(page);
    const { nodes } = await client.send("Accessibility.getFullAXTree");
    const said = nodes.filter((node) => !node.ignored).map((node) => `${node.role?.value}: ${node.name?.value}`);
    for (const wanted of ["grid: Contenu de Écouté", "checkbox: Tout sélectionner", "checkbox: Sélectionner Lecture.txt", "link: Lecture.txt", "button: Favori\u00a0: Lecture.txt", "button: Actions pour Lecture.txt"])
      assert.ok(said.includes(wanted), `no "${wanted}" among\n${said.filter((line) => /grid|checkbox|link|button/.test(line)).join("\n")}`);
    assert.ok(said.some((line) => line.startsWith("row: ") && line.includes("Lecture.txt")));
    await page.context().close();
  });

  it("works on a phone: a long press selects, the bar stands at the thumb, the viewer swipes", async () => {
    const page = await teacher(phone);
    const id = await folder("Téléphone");
    for (const name of ["a.txt", "b.txt", "Un nom vraiment très long, comme en donnent les appareils et les collègues pressés.txt"]) await put(id, name);
    await visit(page, id);
    await settled(page, "folder on a phone");
    await picture(page, "folder-phone");
    const box = await row(page, "a.txt").boundingBox();
    const touch = await page.context().newCDPSession(page);
    const finger = (type, points) => touch.send("Input.dispatchTouchEvent", { type, touchPoints: points });
    await finger("touchStart", [{ x: box.x + 120, y: box.y + 20 }]);
    await page.locator("[data-selected]").waitFor();
    await finger("touchEnd", []);
    assert.equal(await selected(page), "1 sélectionné");
    assert.equal(new URL(page.url()).pathname, `/files/${id}`, "lifting the finger opens nothing");
    await row(page, "b.txt").tap();
    await page.waitForFunction(() => document.querySelector("[data-count]").textContent === "2 sélectionnés");
    const bar = await page.locator("[data-selected]").boundingBox();
    assert.ok(bar.y + bar.height > phone.viewport.height - 2, "the bar stands at the bottom");
    for (const button of await page.locator("[data-selected] button:visible").all()) {
      const { width, height } = await button.boundingBox();
      assert.ok(width >= 44 && height >= 44, "big enough for a thumb");
    }
    await settled(page, "selection on a phone");
    await picture(page, "selection-phone");
    await page.locator("[data-act=clear]").tap();
    await row(page, "a.txt").locator(".title a").tap();
    await page.locator("dialog.viewer").waitFor();
    await settled(page, "viewer on a phone");
    await picture(page, "viewer-phone");
    await page.context().close();
  });

  it("says so when the line is broken, the folder is gone, or there is nothing", async () => {
    const page = await teacher(dark);
    const id = await folder("États");
    await page.goto(`${server.origin}/files/${id}`);
    await page.locator("[data-none]").waitFor();
    await settled(page, "nothing in it");
    await page.context().route("**/api/files/**", (route) => route.abort());
    await page.goto(`${server.origin}/files/${big}`);
    await page.locator("[data-trouble]").waitFor();
    page.problems = [];
    await settled(page, "no answer");
    assert.ok((await page.locator("tbody tr").count()) >= 100, "what the server wrote stays");
    await page.context().unroute("**/api/files/**");
    await page.click("[data-retry]");
    await page.waitForSelector("table.live");
    assert.equal(await page.locator("[data-trouble]").isVisible(), false);
    await page.context().setOffline(true);
    await page.locator("[data-offline]").waitFor();
    await settled(page, "offline");
    await picture(page, "offline-dark");
    assert.deepEqual(await looseSigns(page), []);
    await page.context().setOffline(false);
    await page.context().close();
  });
});
