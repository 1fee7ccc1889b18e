// A newcomer's first visit: imported by the school, a letter by a real SMTP server, a password, the home. On a phone and
// by keyboard alone; and a class list pasted by its teacher.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { dark, desktop, launch, look, looseSigns, open, phone, picture, settled, signIn, withCookies } from "./browser.mjs";
import { Server, asAdministrator, demoSchool, password, preau } from "./harness.mjs";
import { Liar } from "./liar.mjs";

const until = async (what, condition) => {
  const giveUp = Date.now() + 20_000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > giveUp) throw new Error(`${what} did not happen`);
    await new Promise((next) => setTimeout(next, 50));
  }
};

describe("a newcomer's first visit", () => {
  let browser, server, relay, directory, academie;
  const letters = [];
  before(async () => {
    relay = new SMTPServer({
      authOptional: true, disabledCommands: ["STARTTLS"],
      onData: (stream, session, done) => simpleParser(stream).then((mail) => (letters.push({ mail, to: session.envelope.rcptTo[0].address }), done()), done),
    });
    await new Promise((listening) => relay.listen(0, "127.0.0.1", listening));
    ({ directory } = demoSchool());
    academie = await Liar.start();
    writeFileSync(join(directory, "preau.toml"), `[[provider]]\nname = "academie"\nlabel = "Académie de Lille"\nissuer = "${academie.issuer}"\nclient_id = "preau"\n[outgoing]\nallow = ["127.0.0.1", "::1"]\n[mail]\nsmtp_url = "smtp://127.0.0.1:${relay.server.address().port}"\nfrom = "Préau <preau@ecole.test>"\n`);
    const lists = { structures: "key;parent;kind;name;uai\nly;;school;Lycée Ampère;0590777A\n",
      people: "key;name;mail;functions\nz;Zoé Œuvrard;zoe@ecole.test;0590777A:teacher\nt;Tom Clavier;tom@ecole.test;0590777A:teacher\n",
      classes: "key;structure;name;year;teachers;pupils\n2a;0590777A;2nde A;2026-2027;z;Lina Lemaire|Adam Aubert\n" };
    const paths = Object.entries(lists).map(([name, text]) => (writeFileSync(join(directory, `${name}.csv`), text), join(directory, `${name}.csv`)));
    const imported = preau(["import", ...paths, "--data", directory]);
    assert.equal(imported.status, 0, imported.err);
    server = await Server.start(directory);
    browser = await launch();
  });
  after(async () => {
    await browser.close();
    await server.stop();
    await academie.stop();
    await new Promise((closed) => relay.close(closed));
  });
  const linkTo = async (address) => {
    const letter = await until(`a letter to ${address}`, () => letters.findLast(({ to }) => to === address));
    return letter.mail.text.match(/http:\S+\/activate\/\S+/)[0];
  };

  it("goes from the sign-in page to the home on a phone", async () => {
    const context = await browser.newContext(phone);
    const page = await open(context);
    await page.goto(`${server.origin}/signin`);
    await settled(page, "sign-in, phone");
    await picture(page, "signin-ways-360");
    await page.getByRole("link", { name: "Activer mon compte" }).tap();
    await page.waitForURL("**/activate");
    await settled(page, "activation, phone");
    await picture(page, "activate-360");
    await page.getByLabel("Adresse de courriel professionnelle").fill("zoe@ecole.test");
    await page.getByRole("button", { name: "Recevoir le lien" }).tap();
    await page.getByRole("status").filter({ hasText: "Si un compte a cette adresse" }).waitFor();
    await settled(page, "letter sent, phone");
    await page.goto(await linkTo("zoe@ecole.test"));
    await settled(page, "password, phone");
    assert.deepEqual(await looseSigns(page), []);
    await picture(page, "activate-password-360");
    assert.equal(await page.getByLabel("Identifiant").inputValue(), "zoe.oeuvrard");
    await page.getByLabel("Mot de passe").fill("motdepasse123");
    await page.getByRole("button", { name: "Choisir ce mot de passe" }).tap();
    await page.locator(".problem").waitFor(); // a common password is refused
    page.problems.length = 0; // the refusal is a 422, which the console tells
    await settled(page, "a refused password, phone");
    await page.getByLabel("Mot de passe").fill("cinq-loups-verts-nagent");
    await Promise.all([page.waitForURL(`${server.origin}/`), page.getByRole("button", { name: "Choisir ce mot de passe" }).tap()]);
    assert.match(await page.locator("h1").innerText(), /Zoé/);
    await settled(page, "home of a newcomer, phone");
    await picture(page, "newcomer-home-360");
    await context.close();
  });

  it("works by keyboard alone, in the dark", async () => {
    const context = await browser.newContext(dark);
    const page = await open(context);
    await page.goto(`${server.origin}/signin`);
    await picture(page, "signin-ways-1280-dark");
    const link = page.getByRole("link", { name: "Activer mon compte" });
    for (let presses = 0; presses < 20 && !(await link.evaluate((element) => element === document.activeElement)); presses++) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/activate");
    await page.keyboard.type("tom@ecole.test"); // the field has the focus
    await page.keyboard.press("Enter");
    await page.waitForURL("**/activate?sent=1");
    await page.goto(await linkTo("tom@ecole.test"));
    await settled(page, "password, dark");
    await picture(page, "activate-password-1280-dark");
    await page.keyboard.type("six-loups-verts-nagent");
    await Promise.all([page.waitForURL(`${server.origin}/`), page.keyboard.press("Enter")]);
    await settled(page, "home, dark");
    await context.close();
  });

  it("is told the same when nobody has the address, and finds another way after a used link", async () => {
    const context = await browser.newContext(desktop);
    const page = await open(context);
    await page.goto(`${server.origin}/forgotten`);
    await page.getByLabel("Adresse de courriel").fill("nobody@ecole.test");
    await page.keyboard.press("Enter");
    await page.getByRole("status").filter({ hasText: "Si un compte a cette adresse" }).waitFor();
    await page.goto(await linkTo("tom@ecole.test"));
    page.problems.length = 0; // 410
    await settled(page, "a used link");
    assert.ok(!letters.some(({ to }) => to === "nobody@ecole.test"));
    await context.close();
  });

  for (const [size, options] of [["1280", desktop], ["360", phone]])
    it(`pastes the list of her class and takes it back (${size})`, async () => {
      const context = await browser.newContext(options);
      const page = await open(context);
      await signIn(page, server.origin, "zoe.oeuvrard", "cinq-loups-verts-nagent");
      await page.getByRole("link", { name: /2nde A/ }).first().click();
      await page.getByRole("link", { name: "Coller la liste" }).click();
      await settled(page, `roster, ${size}`);
      await page.getByLabel("Noms des élèves").fill("Nom\tPrénom\nLEMAIRE-ROY\tLina\nZOLA\tÉmilie");
      await page.getByRole("button", { name: "Voir les différences" }).click();
      await page.getByRole("heading", { name: "Ce qui va changer" }).waitFor();
      await settled(page, `differences of a roster, ${size}`);
      assert.deepEqual(await looseSigns(page), []);
      await picture(page, `roster-differences-${size}`, true);
      await page.getByRole("button", { name: "Enregistrer cette liste" }).click();
      await page.getByRole("status").filter({ hasText: "La liste est enregistrée." }).waitFor();
      assert.deepEqual(await page.locator("ol li").allInnerTexts(), ["Émilie Zola", "Lina Lemaire-Roy"]);
      await settled(page, `roster saved, ${size}`);
      await picture(page, `roster-saved-${size}`, true);
      await page.getByRole("button", { name: "Annuler" }).click();
      await page.getByRole("status").filter({ hasText: "La liste est comme avant." }).waitFor();
      assert.deepEqual(await page.locator("ol li").allInnerTexts(), ["Adam Aubert", "Lina Lemaire"]);
      await context.close();
    });

  for (const [size, options] of [["1280", dark], ["360", phone]])
    it(`comes by the académie's own sign-in, once it is linked (${size})`, async () => {
      academie.tell({ claims: { sub: `0590777A-${size}` } });
      const stranger = await open(await browser.newContext(options));
      await stranger.goto(`${server.origin}/signin`);
      await stranger.getByRole("link", { name: "Se connecter avec Académie de Lille" }).click();
      await stranger.waitForURL("**/signin/with/academie/back**");
      stranger.problems.length = 0; // a 403, which the console tells
      await look(stranger, `provider-unknown-${size}`);
      await stranger.context().close();

      const context = await browser.newContext(options);
      const page = await open(context);
      await signIn(page, server.origin, size === "360" ? "colleague" : "secretary", password);
      await page.goto(`${server.origin}/account/security`);
      await look(page, `security-providers-${size}`);
      await page.getByRole("link", { name: "Voir et relier" }).click();
      await look(page, `providers-${size}`);
      await page.getByRole("link", { name: /^Relier/ }).click();
      await page.waitForURL("**/account/providers?done=linked");
      await look(page, `providers-linked-${size}`);
      await context.close();

      const again = await open(await browser.newContext(options));
      await again.goto(`${server.origin}/signin`);
      await Promise.all([again.waitForURL(`${server.origin}/`), again.getByRole("link", { name: "Se connecter avec Académie de Lille" }).click()]);
      await again.evaluate(() => {
        const form = document.createElement("form");
        Object.assign(form, { method: "post", action: "/signout" });
        document.body.append(form);
        form.submit();
      });
      await again.waitForURL("**/signedout?provider=academie");
      await look(again, `signed-out-${size}`);
      await again.context().close();
    });

  it("is imported from a page, which shows the differences first", async () => {
    const context = await browser.newContext(desktop);
    await withCookies(context, server.origin, await asAdministrator(server));
    const page = await open(context);
    await page.goto(`${server.origin}/admin/import`);
    await settled(page, "import");
    await picture(page, "import-form-1280", true);
    await page.getByLabel("Personnes").setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from('key;name;mail;functions\nz;Zoé Œuvrard-Roy;zoe@ecole.test;0590777A:teacher\nt;Tom Clavier;tom@ecole.test;0590777A:teacher\nu;Ugo Vent;zoe@ecole.test;0590777A:teacher\nv;Val "Vif";;\n') });
    await page.getByRole("button", { name: "Voir les différences" }).click();
    await page.getByRole("button", { name: /Importer \d+ changement/ }).waitFor({ timeout: 20_000 });
    await settled(page, "differences of an import");
    assert.deepEqual(await looseSigns(page), []);
    await picture(page, "import-differences-1280", true);
    await page.getByRole("button", { name: /Importer \d+ changement/ }).click();
    await page.getByRole("heading", { name: "Import terminé" }).waitFor({ timeout: 20_000 });
    await settled(page, "import done");
    await page.setViewportSize({ width: 360, height: 740 });
    await settled(page, "import done, narrow");
    await picture(page, "import-done-360", true);
    await context.close();
  });
});
