// A teacher leaves, and an incident: the administrator hands over what the teacher answered for; suspends links with a reason, which
// their owner reads and families meet; presses Undo. By keyboard, in the dark, on a phone. Leaves pictures under build/screenshots.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { dark, desktop, launch, looseSigns, open, phone, picture, settled, signIn, withCookies } from "./browser.mjs";
import { Server, asAdministrator, demoSchool, password } from "./harness.mjs";

describe("leaving, and what is open to the world", () => {
  let browser, server, headers;
  before(async () => {
    server = await Server.start(demoSchool().directory);
    browser = await launch();
    headers = await asAdministrator(server);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });
  const administrator = async (screen) => {
    const context = await browser.newContext(screen);
    await withCookies(context, server.origin, headers);
    return open(context);
  };
  const person = async (login) => {
    const answer = await server.request("GET", `/api/admin/people?q=${login}`, { headers });
    return answer.json().people[0].id;
  };
  const checked = async (page, name) => {
    await settled(page, name);
    assert.deepEqual(await looseSigns(page), [], `${name}: signs that may fall to the next line`);
    await picture(page, name, true);
  };

  it("links are suspended with a reason, their owner reads it, and one press opens them again", async () => {
    const page = await administrator(desktop);
    await page.goto(`${server.origin}/admin/shown`);
    await checked(page, "shown");
    assert.equal(await page.locator("[data-withdraw]").isDisabled(), true);
    await page.locator("input[name=what]").first().focus();
    await page.keyboard.press("Space");
    await page.getByText("(1)").waitFor();
    await page.locator("[data-all] input").check();
    const count = await page.locator("input[name=what]").count();
    assert.ok(count >= 1);
    await page.fill("input[name=reason]", "Des noms d’élèves étaient visibles");
    await page.keyboard.press("Enter");
    await page.locator(".note.good").waitFor();
    await checked(page, "shown-suspended");

    const owner = await open(await browser.newContext(desktop));
    await signIn(owner, server.origin, "teacher", password);
    await owner.goto(`${server.origin}/share/mine`);
    await owner.getByText("Des noms d’élèves étaient visibles").first().waitFor();
    await checked(owner, "shown-owner");
    await owner.context().close();

    await page.goto(`${server.origin}/admin/shown?show=suspended-links`);
    assert.equal(await page.locator("input[name=what]").count(), count);
    await checked(page, "shown-list-suspended");
    await page.locator("[data-all] input").check();
    await page.click("[data-withdraw]");
    await page.locator(".note.good").waitFor();
    await Promise.all([page.waitForLoadState(), page.click(".note.good button")]); // taken back once more
    await page.locator(".note.good").waitFor();
    await page.goto(`${server.origin}/admin/shown?show=suspended-links`);
    assert.equal(await page.locator("input[name=what]").count(), count);
    await page.context().close();
  });

  it("all of a list is opened again and suspended at once, after saying how many it is, and taken back", async () => {
    const page = await administrator(desktop);
    const turn = (press) => Promise.all([page.waitForLoadState("load"), press()]);
    const list = `${server.origin}/admin/shown`;
    await page.goto(`${list}/all?show=suspended-links`);
    await page.getByText(/^Rouvrir \d+ ouverture/).waitFor();
    await checked(page, "shown-all-resume");
    await turn(() => page.click("main form button.main"));
    await page.locator(".note.good").waitFor(); // the page comes again by itself until it is done
    await checked(page, "shown-all-resumed");
    await page.goto(`${list}/all?show=links`);
    const question = await page.locator("h1").innerText();
    await checked(page, "shown-all");
    await page.fill("input[name=reason]", "Adresses publiées sur un site");
    await page.keyboard.press("Enter");
    await page.locator(".note.good").waitFor();
    await page.getByText("sont suspendues", { exact: false }).or(page.getByText("est suspendue", { exact: false })).first().waitFor();
    assert.equal(question.match(/\d+/)[0], (await page.locator(".note.good p").innerText()).match(/\d+/)[0]);
    await checked(page, "shown-all-done");
    await page.setViewportSize(phone.viewport);
    await checked(page, "shown-all-done-phone");
    await turn(() => page.click(".note.good button"));
    await page.locator(".note.good").waitFor();
    await page.goto(`${list}?show=suspended-links`);
    assert.equal(await page.locator("input[name=what]").count(), 0);
    await page.goto(`${list}/all?show=suspended-links`);
    await checked(page, "shown-all-none-phone");
    // As the first test left it.
    await page.goto(`${list}/all?show=links`);
    await checked(page, "shown-all-phone");
    await page.fill("input[name=reason]", "Des noms d’élèves étaient visibles");
    await page.keyboard.press("Enter");
    await page.locator(".note.good").waitFor();
    await page.context().close();
  });

  it("who leaves hands over to a colleague, on a phone", async () => {
    const page = await administrator(phone);
    await page.goto(`${server.origin}/admin/people/${await person("teacher")}/leave`);
    await checked(page, "leaving-phone");
    await page.fill("input[name=successor]", "nobody-at-all");
    await page.click("button.danger");
    await page.locator("[role=alert]").waitFor();
    assert.equal(await page.inputValue("input[name=successor]"), "nobody-at-all");
    page.problems = page.problems.filter((text) => !/status of 422/.test(text)); // the refusal is meant
    await checked(page, "leaving-refused-phone");
    await page.fill("input[name=successor]", "colleague");
    await page.click("button.danger");
    await page.getByText("Le compte est fermé.").waitFor();
    await checked(page, "leaving-done-phone");
    const colleague = await open(await browser.newContext(desktop));
    await signIn(colleague, server.origin, "colleague", password);
    await colleague.goto(`${server.origin}/files`);
    await colleague.getByText("Espace de Camille Bernard").first().waitFor();
    await colleague.context().close();
    await page.context().close();
  });

  it("both pages in the dark, and the list on a phone", async () => {
    let page = await administrator(dark);
    await page.goto(`${server.origin}/admin/people/${await person("secretary")}/leave`);
    await checked(page, "leaving-dark");
    await page.goto(`${server.origin}/admin/shown?show=suspended-links`);
    await checked(page, "shown-dark");
    await page.context().close();
    page = await administrator(phone);
    await page.goto(`${server.origin}/admin/shown?show=suspended-links`);
    await checked(page, "shown-phone");
    await page.goto(`${server.origin}/admin/shown?show=public`);
    await checked(page, "shown-public-phone");
    await page.context().close();
  });
});
