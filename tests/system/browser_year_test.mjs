// An administrator's September: the head of a school closes last year's classes, a family opens the old link, a colleague
// reads what the class wrote; Undo, and closing once more; the classes of the new year, as last year. By keyboard, in the
// dark, on a phone. Leaves a picture of each page under build/screenshots.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { dark, desktop, launch, look, open, phone, signedIn } from "./browser.mjs";
import { Server, demoSchool, linkIn, password } from "./harness.mjs";

describe("an administrator's September", () => {
  let browser, server, classLink, year, sixth;
  const someone = (login, screen = desktop) => signedIn(browser, server, login, screen);
  const turn = (page, press) => Promise.all([page.waitForLoadState("load"), press()]);
  // An answer that is no 200 is meant here, and only here.
  const meant = (page, status) => {
    page.problems = page.problems.filter((text) => !text.includes(`status of ${status}`));
  };

  before(async () => {
    const school = demoSchool();
    server = await Server.start(school.directory);
    classLink = linkIn(school.printed, "class 6eB");
    browser = await launch();
    const teacher = await someone("teacher");
    sixth = new URL(await teacher.locator("a[href^='/class/']").first().getAttribute("href"), server.origin).pathname;
    await teacher.goto(`${server.origin}/files/spaces/new`);
    await teacher.fill("input[name=title]", "Équipe 6e B");
    await teacher.check("input[name=group]");
    await turn(teacher, () => teacher.click(".form button.main"));
    await teacher.context().close();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("the head opens the classes of the coming year, and is told which names are written twice", async () => {
    const head = await someone("head");
    await head.locator("[data-menu] summary.face").click();
    await head.getByRole("link", { name: "Collège Jean-Moulin" }).click();
    await head.locator("main a[href$='/year']").click();
    year = new URL(head.url()).pathname;
    await look(head, "year-open");
    await head.fill("textarea[name=names]", "5e A\n5e B\n5e a");
    await turn(head, () => head.click("section[aria-labelledby=new-classes] button.main"));
    await head.getByText("5e a.", { exact: false }).first().waitFor();
    meant(head, 422);
    await look(head, "year-names-twice");
    await head.fill("textarea[name=names]", "5e A\n5e B\n4e A");
    await turn(head, () => head.click("section[aria-labelledby=new-classes] button.main"));
    await head.getByText("3 classes ouvertes.").waitFor();
    await look(head, "year-opened");
    await head.context().close();
  });

  it("she closes 6e B by keyboard, reads first what ends, and the family is told in plain words", async () => {
    const family = await open(await browser.newContext(phone));
    await family.goto(server.origin + classLink);
    await family.locator("h1").waitFor();
    const kept = family.url();
    const head = await someone("head");
    await head.goto(server.origin + year);
    assert.equal(await head.locator("[data-withdraw]").isDisabled(), true);
    await head.getByLabel("Choisir 6e B").focus();
    await head.keyboard.press("Space");
    await head.locator("[data-withdraw]", { hasText: "(1)" }).waitFor();
    await head.locator("[data-withdraw]").focus();
    await turn(head, () => head.keyboard.press("Enter"));
    await head.getByRole("heading", { name: /Clôturer 1 classe/ }).waitFor();
    await head.getByText("27 liens de familles").first().waitFor();
    await look(head, "year-confirm");
    await turn(head, () => head.getByRole("button", { name: "Clôturer maintenant" }).click());
    await head.getByText("1 classe clôturée.").waitFor();
    await look(head, "year-closed");

    for (const address of [kept, server.origin + classLink]) {
      await family.goto(address);
      await family.getByRole("heading", { name: "L’année scolaire est terminée" }).waitFor();
      meant(family, 410);
    }
    await look(family, "year-family-phone");

    const colleague = await someone("colleague");
    assert.equal(await colleague.locator(`a[href='${sixth}']`).count(), 0);
    await colleague.goto(server.origin + sixth);
    await colleague.getByText("Archivée — année").waitFor();
    await look(colleague, "year-class-archived");
    await colleague.goto(`${server.origin}/files/archives`);
    await look(colleague, "year-archived-spaces");
    await turn(colleague, () => colleague.locator("main").getByRole("link", { name: "Équipe 6e B" }).click());
    assert.equal(await colleague.locator("[data-new-folder], form[action$='/folders']").count(), 0);
    await look(colleague, "year-archived-space");
    await colleague.context().close();

    await turn(head, () => head.getByRole("button", { name: "Annuler" }).click());
    await head.getByText("1 classe rouverte, comme elle était.").waitFor();
    await family.goto(kept);
    assert.equal(await family.getByRole("heading", { name: "L’année scolaire est terminée" }).count(), 0);
    await look(family, "year-family-back-phone");
    await family.context().close();
    await head.context().close();
  });

  it("everything is closed at once, stands in the archives, and one class is opened again, on a phone", async () => {
    const head = await someone("head", phone);
    await head.goto(server.origin + year);
    await look(head, "year-open-phone");
    await turn(head, () => head.getByRole("button", { name: "Clôturer toutes les classes…" }).click());
    await head.getByRole("heading", { name: /Clôturer 4 classes/ }).waitFor();
    await look(head, "year-confirm-phone");
    await head.fill("input[name=year]", "l’an dernier");
    await turn(head, () => head.getByRole("button", { name: "Clôturer maintenant" }).click());
    await head.locator("[role=alert]").waitFor();
    meant(head, 422);
    await look(head, "year-wrong-phone");
    await head.fill("input[name=year]", "2025-2026");
    await turn(head, () => head.getByRole("button", { name: "Clôturer maintenant" }).click());
    await head.getByText("4 classes clôturées.").waitFor();
    await look(head, "year-none-phone");
    await turn(head, () => head.getByRole("link", { name: "Comme l’an dernier" }).click());
    assert.notEqual(await head.inputValue("textarea[name=names]"), "");
    await turn(head, () => head.getByRole("link", { name: "Archives" }).click());
    await look(head, "year-archives-phone");
    await turn(head, () => head.getByRole("link", { name: "2025-2026" }).click());
    await head.getByLabel("Choisir 6e B").check();
    await turn(head, () => head.locator("[data-withdraw]").click());
    await head.getByText("1 classe rouverte, comme elle était.").waitFor();
    await head.context().close();
  });

  it("the pages in the dark, and in English", async () => {
    const head = await someone("head", { ...dark, locale: "en-GB" });
    await head.goto(server.origin + year);
    await head.getByRole("heading", { name: "School year" }).waitFor();
    await look(head, "year-open-dark");
    await head.goto(`${server.origin}${year}/archives`);
    await look(head, "year-archives-dark");
    await head.goto(server.origin + year);
    await head.getByLabel("Choose 6e B").check();
    await turn(head, () => head.locator("[data-withdraw]").click());
    await look(head, "year-confirm-dark");
    await head.context().close();
  });

  it("a teacher who knows the address is told whose it is", async () => {
    const teacher = await someone("teacher");
    await teacher.goto(server.origin + year);
    meant(teacher, 403);
    await look(teacher, "year-refused");
    await teacher.context().close();
  });
});
