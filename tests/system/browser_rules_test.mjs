// Publishing on approval, reports, polls, favourites and the end of the trash, as people meet them: on a phone, on a
// desktop and in the dark. Leaves a picture of each page under build/screenshots.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { dark, desktop, launch, look, open, phone, picture, signedIn } from "./browser.mjs";
import { Server, demoSchool, linkIn } from "./harness.mjs";

describe("what the school decides", () => {
  let browser, server, folder, family, headers;
  const call = async (method, path, json) => {
    const answer = await server.request(method, path, {
      headers: { ...headers, ...(json ? { "content-type": "application/json" } : {}) },
      body: json && JSON.stringify(json),
    });
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text()}`);
    return answer.bytes.length ? answer.json() : undefined;
  };
  before(async () => {
    const school = demoSchool();
    server = await Server.start(school.directory);
    browser = await launch();
    family = linkIn(school.printed, "Volcans");
    headers = server.basic("teacher");
    const list = await call("GET", "/api/files");
    folder = list.items.find((item) => item.name === "Volcans").id;
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  const someone = (login, options) => signedIn(browser, server, login, options);

  it("a teacher asks, the head looks and publishes from a phone", async () => {
    const teacher = await someone("teacher", desktop);
    await teacher.goto(`${server.origin}/publishing/${folder}`);
    await look(teacher, "publishing-private");
    await teacher.click("text=Demander la publication");
    await teacher.waitForSelector("text=attend une réponse");
    await look(teacher, "publishing-waiting");

    const head = await someone("head", phone);
    await head.goto(server.origin);
    await look(head, "home-waits-phone");
    await head.click("text=1 publication à valider");
    await head.waitForSelector("h2:has-text('Volcans')");
    await look(head, "approvals-phone");
    const sizes = await head.$$eval("main .button.large", (buttons) => buttons.map((button) => button.getBoundingClientRect().height));
    assert.ok(sizes.length >= 3 && sizes.every((height) => height >= 44), `targets for a thumb: ${sizes}`);
    await head.click("button:has-text('Voir')");
    await head.waitForSelector("h1:has-text('Volcans')");
    await head.goto(`${server.origin}/approvals`);
    await head.click("summary:has-text('Refuser')");
    await head.fill("textarea", "Floutez d’abord le visage de la première photo.");
    await look(head, "approvals-refusing-phone");
    await head.click("button:has-text('Refuser la publication')");
    await head.waitForSelector("text=votre collègue saura pourquoi");

    await teacher.goto(server.origin);
    await teacher.waitForSelector("text=Publication refusée");
    await look(teacher, "home-refused");
    await teacher.click("main a:has-text('Publication refusée')");
    await teacher.waitForSelector("text=Floutez");
    await look(teacher, "publishing-refused");
    await teacher.click("text=Demander la publication");
    await head.goto(`${server.origin}/approvals`);
    await head.click("button:has-text('Publier')");
    await head.waitForSelector("text=tout le monde peut le voir");
    await look(head, "approvals-empty-phone");
    assert.equal((await call("GET", `/api/sharing/items/${folder}/publishing`)).state, "public");
    await teacher.context().close();
    await head.context().close();
  });

  it("a family reports a page without script, and the head ends the share", async () => {
    const parent = await (await browser.newContext({ ...phone, javaScriptEnabled: false })).newPage();
    await parent.goto(server.origin + family);
    await parent.click("text=Signaler un problème");
    await parent.waitForSelector("h1:has-text('Signaler')");
    await parent.check("input[value=child]");
    await parent.fill("textarea[name=words]", "On reconnaît mon fils sur la photo du volcan.");
    await picture(parent, "report-phone", true);
    await parent.click("button:has-text('Envoyer')");
    await parent.waitForSelector("h1:has-text('Merci')");
    await picture(parent, "report-thanks-phone", true);
    await parent.context().close();
    const again = await open(await browser.newContext(phone)); // the same pages, asked by axe
    await again.goto(server.origin + family);
    await again.goto(`${server.origin}/report?item=${folder}`);
    await look(again, "report-axe-phone");
    await again.goto(`${server.origin}/report/thanks`);
    await look(again, "report-thanks-axe-phone");
    await again.context().close();

    for (const [window, options] of Object.entries({ desktop, dark, phone })) {
      const head = await someone("head", options);
      await head.goto(`${server.origin}/reports`);
      await look(head, `reports-${window}`);
      await head.click("main a:has-text('Volcans')");
      await head.waitForSelector("text=On reconnaît mon fils");
      await look(head, `report-case-${window}`);
      if (window === "phone") {
        await head.click("button:has-text('Je m’en occupe')");
        await head.click("section:has-text('lien') summary:has-text('Retirer ce partage')");
        await head.click("section:has-text('lien') button:has-text('Retirer maintenant')");
        await head.waitForSelector("text=Le partage est retiré");
        await head.fill("textarea[name=note]", "Photo retirée par l’enseignante.");
        await head.click("button:has-text('Clore')");
        await head.waitForSelector("text=Le signalement est clos");
      }
      await head.context().close();
    }
    assert.equal((await server.request("GET", family)).status, 410);
  });

  it("a poll, the policy and the trash in every window", async () => {
    const poll = await call("POST", "/api/sharing/polls", { in: folder, question: "Quel jour pour la sortie au Puy de Dôme ?".replace(" ?", "\u00a0?"), choices: ["Lundi 12", "Mardi 13", "Vendredi 16"], named: true });
    await call("PUT", `/api/sharing/items/${folder}/favourite`);
    const made = await call("POST", `/api/files/${folder}/folders`, { name: "À jeter" });
    await call("DELETE", `/api/files/${made.id}`);
    const policy = await call("GET", "/api/sharing/favourites");
    assert.equal(policy.items[0].name, "Volcans");
    for (const [window, options] of Object.entries({ desktop, dark, phone })) {
      const page = await someone("teacher", options);
      await page.goto(`${server.origin}/polls/new?in=${folder}`);
      await look(page, `poll-new-${window}`);
      await page.goto(server.origin + poll.url);
      await page.check(`input[name=choice] >> nth=${window === "phone" ? 1 : 0}`);
      await page.click("main form button.main");
      await page.waitForSelector("text=Votre vote est compté");
      await look(page, `poll-${window}`);
      await page.goto(server.origin);
      await look(page, `home-favourites-${window}`);
      await page.goto(`${server.origin}/files/trash`);
      await look(page, `trash-erase-${window}`);
      if (window === "phone") {
        await page.click("summary:has-text('Vider la corbeille')");
        await page.click("button:has-text('Vider maintenant')");
        await page.waitForSelector("text=supprimé définitivement");
      }
      await page.context().close();
    }
    const head = await someone("head", phone);
    const mine = await server.request("GET", "/api/sharing/approvals", { headers: server.basic("head") });
    assert.equal(mine.json().requests.length, 0);
    await head.context().close();
  });
});
