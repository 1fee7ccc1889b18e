// Groups, guests and announcements as people meet them: joining a moderated group, inviting a guest, a secretary's circular
// to forty schools; on a phone, on a desktop, in the dark, by keyboard. Leaves a picture of each page under build/screenshots.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { dark, desktop, launch, look, phone, picture, settled, signIn, signedIn } from "./browser.mjs";
import { Server, demoSchool, password } from "./harness.mjs";

const schools = 40;

// Forty schools below the académie, each with a head; the inspector is its secretary too.
function growAcademy(directory) {
  const rows = Array.from({ length: schools }, (_, i) => {
    const n = String(i + 1).padStart(2, "0");
    return `
      INSERT INTO structure (id, parent, name, kind, uai, zone)
        SELECT ${1000 + i}, id, 'Collège des Tilleuls ${n}', 'school', '', 'Europe/Paris' FROM structure WHERE kind = 'department';
      INSERT INTO structure_above (structure, ancestor, depth)
        SELECT ${1000 + i}, a.ancestor, a.depth + 1 FROM structure_above a JOIN structure s ON s.id = a.structure WHERE s.kind = 'department';
      INSERT INTO structure_above (structure, ancestor, depth) VALUES (${1000 + i}, ${1000 + i}, 0);
      INSERT INTO person (id, login, name, sort_key, mail, mail_key, language, admin, disabled, main_structure, created_at)
        VALUES (${2000 + i}, 'principal${n}', 'Principal ${n}', x'30', 'principal${n}@college.example', 'principal${n}@college.example', '', 0, 0, ${1000 + i}, 0);
      INSERT INTO person_function (person, structure, function) VALUES (${2000 + i}, ${1000 + i}, 'head');
      INSERT INTO sign_in_method (id, person, kind, data, created_at)
        SELECT ${3000 + i}, ${2000 + i}, 'password', m.data, 0 FROM sign_in_method m JOIN person p ON p.id = m.person WHERE p.login = 'teacher';`;
  });
  const secretary = `INSERT INTO person_function (person, structure, function)
    SELECT p.id, s.id, 'secretary' FROM person p, structure s WHERE p.login = 'inspector' AND s.kind = 'academy';`;
  execFileSync("sqlite3", [join(directory, "main.db")], { input: `BEGIN;${rows.join("")}${secretary}COMMIT;` });
}

describe("groups, guests and announcements", () => {
  let browser, server;
  before(async () => {
    const school = demoSchool();
    growAcademy(school.directory);
    server = await Server.start(school.directory);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const someone = (login, options) => signedIn(browser, server, login, options);
  const thumbs = async (page, selector) => {
    const heights = await page.$$eval(selector, (found) => found.map((one) => one.getBoundingClientRect().height));
    assert.ok(heights.length > 0 && heights.every((height) => height >= 44), `${selector}: targets for a thumb: ${heights}`);
  };

  it("a colleague asks to join a moderated group, the owner decides from a phone", async () => {
    const teacher = await someone("teacher", desktop);
    await teacher.goto(`${server.origin}/groups`);
    await look(teacher, "groups-mine");
    await teacher.click("text=Créer un groupe");
    await teacher.fill("input[name=name]", "Fête de la science");
    await teacher.fill("textarea[name=description]", "Préparer les ateliers du 9 octobre.\nRéunion le mardi à midi.");
    await look(teacher, "group-form");
    await teacher.keyboard.press("Control+End");
    await teacher.focus("form .button.main");
    await teacher.keyboard.press("Enter");
    await teacher.waitForSelector("text=Le groupe est créé");
    await look(teacher, "group-new");
    const group = new URL(teacher.url()).pathname;

    const colleague = await someone("colleague", phone);
    await colleague.goto(`${server.origin}/groups?show=discover`);
    await look(colleague, "groups-discover-phone");
    await colleague.click("text=Fête de la science");
    await colleague.fill("textarea[name=message]", "J’apporte les télescopes du club.");
    await look(colleague, "group-ask-phone");
    await colleague.click("button:has-text('Envoyer la demande')");
    await colleague.waitForSelector("text=Votre demande attend une réponse");
    await look(colleague, "group-asked-phone");

    const owner = await someone("teacher", phone);
    await owner.goto(server.origin);
    await look(owner, "home-requests-phone");
    await owner.click("main a:has-text('demande d’entrée')");
    await owner.waitForSelector("text=J’apporte les télescopes");
    await look(owner, "group-decide-phone");
    await thumbs(owner, ".pair .button");
    await owner.click("button:has-text('Accepter')");
    await owner.waitForSelector("text=La réponse est partie");
    await colleague.goto(server.origin + group);
    await colleague.waitForSelector("text=Partagé avec le groupe");
    await look(colleague, "group-member-phone");
    await teacher.goto(server.origin + group);
    await teacher.fill("input[name=invite]", "lefèvre");
    await teacher.press("input[name=invite]", "Enter");
    await teacher.waitForSelector("text=Anne Lefèvre");
    await look(teacher, "group-invite");
    await teacher.click("button:has-text('Inviter')");
    await teacher.waitForSelector("text=L’invitation est partie");
    await teacher.click("button:has-text('Créer un lien')");
    await teacher.waitForSelector("input[readonly]");
    const night = await someone("teacher", dark);
    await night.goto(server.origin + group);
    await look(night, "group-dark");
    for (const page of [teacher, colleague, owner, night]) await page.context().close();
  });

  it("the roster of a class, edited by its staff", async () => {
    const teacher = await someone("teacher", phone);
    await teacher.goto(server.origin);
    await teacher.click("main a:has-text('6e B')");
    await teacher.fill("input[name=pupil]", "Yasmine Zidi");
    await teacher.press("input[name=pupil]", "Enter");
    await teacher.waitForSelector("text=Yasmine Zidi");
    await look(teacher, "class-roster-phone");
    await teacher.context().close();
  });

  it("a teacher invites a guest, prolongs and ends the access", async () => {
    const teacher = await someone("teacher", desktop);
    await teacher.goto(`${server.origin}/guests`);
    await teacher.fill("input[name=name]", "Inès Roy");
    await teacher.fill("input[name=mail]", "ines@musee.example");
    await look(teacher, "guests-form");
    await teacher.press("input[name=mail]", "Enter");
    await teacher.waitForSelector("text=L’invitation est partie");
    await look(teacher, "guests");
    const small = await someone("teacher", phone);
    await small.goto(`${server.origin}/guests`);
    await small.click("summary:has-text('Modifier')");
    await look(small, "guests-phone");
    await small.click("button:has-text('Mettre fin')");
    await small.waitForSelector("text=L’accès est terminé");
    const head = await someone("head", desktop);
    const id = execFileSync("sqlite3", [join(server.directory, "main.db"), "SELECT id FROM structure WHERE uai <> ''"], { encoding: "utf8" }).trim();
    await head.goto(`${server.origin}/structures/${base32(BigInt(id))}/guests`);
    await look(head, "guest-rule");
    for (const page of [teacher, small, head]) await page.context().close();
  });

  it("a secretary's circular to forty schools, acknowledged school by school, and recalled", async () => {
    const secretary = await someone("inspector", desktop);
    await secretary.goto(`${server.origin}/announcements`);
    await look(secretary, "announcements-empty");
    await secretary.click("text=Nouvelle annonce");
    await secretary.fill("input[name=title_fr]", "Enquête de rentrée\u00a0: réponse avant vendredi");
    await secretary.fill("textarea[name=body_fr]", "Bonjour,\n\nMerci de **confirmer** les effectifs\u00a0:\n\n- par niveau\n- par langue vivante");
    await secretary.click("summary:has-text('anglais')");
    await secretary.fill("input[name=title_en]", "Back-to-school survey: answer by Friday");
    await secretary.fill("textarea[name=body_en]", "Please **confirm** the numbers of pupils.");
    await secretary.fill("[data-filter]", "tilleuls");
    assert.equal(await secretary.locator("[data-structures] label:visible").count(), schools);
    await secretary.click("[data-choose]");
    await secretary.waitForSelector(`text=${schools} structures choisies`);
    await secretary.check("input[name=function][value=head]");
    await secretary.check("input[name=wants_ack]");
    await look(secretary, "announcement-form");
    await secretary.focus("form > .button.main");
    await secretary.keyboard.press("Enter");
    await secretary.waitForSelector("text=L’annonce est publiée");
    const circular = new URL(secretary.url()).pathname;
    assert.match(await secretary.innerText("main"), /0 sur 40 personnes/);

    const head = await someone("principal07", phone);
    await head.goto(server.origin);
    await look(head, "home-announcement-phone");
    await thumbs(head, "[aria-labelledby=announcements] .button");
    await head.click("main a:has-text('Enquête de rentrée')");
    await head.waitForSelector("text=par langue vivante");
    await look(head, "announcement-phone");
    await head.click("button:has-text('J’ai lu')");
    await head.waitForSelector("text=Merci, c’est noté");
    await head.goto(server.origin);
    assert.equal(await head.locator("text=Enquête de rentrée").count(), 0, "what was acknowledged left the home");
    const english = await someone("principal09", { ...desktop, locale: "en-US" });
    await english.goto(server.origin);
    await english.click("main a:has-text('Back-to-school survey')");
    await english.waitForSelector("text=numbers of pupils");
    await settled(english, "announcement in English");
    await picture(english, "announcement-english", true);
    const teacher = await someone("teacher", desktop);
    await teacher.goto(`${server.origin}/announcements`);
    assert.equal(await teacher.locator("text=Enquête").count(), 0, "it was for heads alone");

    await secretary.goto(server.origin + circular);
    assert.match(await secretary.innerText("main"), /1 sur 40 personnes/);
    assert.equal(await secretary.locator("tbody .chip.good").count(), 1);
    await look(secretary, "announcement-receipts");
    const night = await someone("inspector", dark);
    await night.goto(server.origin + circular);
    await look(night, "announcement-receipts-dark");
    const small = await someone("inspector", phone);
    await small.goto(server.origin + circular);
    await look(small, "announcement-receipts-phone");
    const [download] = await Promise.all([secretary.waitForEvent("download"), secretary.click("a:has-text('Exporter en CSV')")]);
    const table = readFileSync(await download.path(), "utf8").trim().split("\r\n");
    assert.equal(table.length, 1 + schools, "a line for each head");
    assert.equal(table.filter((line) => !line.endsWith(',""')).length, 2, "the heading, and who has read it");
    assert.match(table[7], /^"Collège des Tilleuls 07","","Principal 07","\d/);
    await secretary.click("tbody a >> nth=6");
    await secretary.waitForSelector("text=A lu");
    await look(secretary, "announcement-receipts-school");
    await secretary.goto(server.origin + circular);
    await secretary.click("button:has-text('Rappeler par courriel')");
    await secretary.waitForSelector("text=Les rappels partent");

    await small.click("summary:has-text('Retirer')");
    await small.waitForSelector("text=tout de suite pour 40 personnes");
    await look(small, "announcement-recall-phone");
    await small.click("button:has-text('Retirer maintenant')");
    await small.waitForSelector("text=L’annonce est retirée pour tout le monde");
    await head.goto(`${server.origin}/announcements`);
    await head.waitForSelector("text=Retirée");
    await look(head, "announcements-recalled-phone");
    const other = await someone("principal08", phone);
    await other.goto(`${server.origin}/announcements`);
    assert.equal(await other.locator("text=Enquête").count(), 0, "who had not read it never meets it");
    for (const page of [secretary, head, english, teacher, night, small, other]) await page.context().close();
  });

  it("an announcement to everybody by mistake: asked before, without script; recalled by saying for how many", async () => {
    const page = await (await browser.newContext({ ...desktop, javaScriptEnabled: false })).newPage();
    await signIn(page, server.origin, "admin", password);
    await page.goto(`${server.origin}/announcements/new`);
    await page.fill("input[name=title_fr]", "Coupure samedi soir");
    await page.fill("textarea[name=body_fr]", "Les services s’arrêtent de 22 h à 23 h.");
    await page.fill("input[name=q]", "moulin");
    await page.click("button[name=search]");
    assert.equal(await page.inputValue("input[name=title_fr]"), "Coupure samedi soir", "what was typed stays");
    await page.check("input[name=everyone]");
    await page.click("form > .button.main");
    const people = (await page.innerText("button[name=confirmed]")).match(/Publier pour (.*personnes)/)[1];
    assert.ok(Number.parseInt(people, 10) > schools, people);
    await picture(page, "announcement-everybody", true);
    const reader = await someone("colleague", desktop);
    assert.equal(await reader.locator("main >> text=Coupure samedi").count(), 0, "nothing is said before it is confirmed");
    await page.click("button[name=confirmed]");
    await page.waitForSelector("text=L’annonce est publiée");
    const address = new URL(page.url()).pathname;
    await reader.reload();
    await look(reader, "home-announcement");
    const night = await someone("colleague", dark);
    await look(night, "home-announcement-dark");
    await reader.click("main a:has-text('Coupure samedi')");
    await reader.waitForSelector("text=de 22 h à 23 h");

    const admin = await someone("admin", desktop);
    await admin.goto(server.origin + address);
    await admin.focus("summary:has-text('Retirer')");
    await admin.keyboard.press("Enter");
    await admin.waitForSelector(`text=tout de suite pour ${people}`);
    await look(admin, "announcement-recall");
    await admin.keyboard.press("Tab");
    await admin.keyboard.press("Enter");
    await admin.waitForSelector("text=L’annonce est retirée pour tout le monde");
    await reader.reload();
    await reader.waitForSelector("text=a été retirée");
    assert.equal(await reader.locator("text=de 22 h").count(), 0, "what it said is gone");
    await night.reload();
    assert.equal(await night.locator("main >> text=Coupure samedi").count(), 0);
    for (const one of [page, reader, night, admin]) await one.context().close();
  });

  it("what has run out leaves the home and stays in the list", async () => {
    const head = await someone("head", desktop);
    await head.goto(`${server.origin}/announcements/new`);
    await head.fill("input[name=title_fr]", "Exercice d’évacuation");
    await head.fill("textarea[name=body_fr]", "Mardi à 10 h, dans la cour.");
    await head.check("[data-structures] input >> nth=0");
    await head.click("form > .button.main");
    await head.waitForSelector("text=L’annonce est publiée");
    const teacher = await someone("teacher", phone);
    await teacher.waitForSelector("main >> text=Exercice d’évacuation");
    const past = Date.now() - 1000;
    execFileSync("sqlite3", [join(server.directory, "main.db")], {
      input: `.timeout 5000\nUPDATE announcement SET until_at = ${past}; UPDATE announcement_audience SET until_at = ${past};`,
    });
    await teacher.reload();
    assert.equal(await teacher.locator("main >> text=Exercice d’évacuation").count(), 0);
    await teacher.goto(`${server.origin}/announcements`);
    await teacher.waitForSelector("text=Passée");
    await look(teacher, "announcements-over-phone");
    for (const page of [head, teacher]) await page.context().close();
  });
});

// As base/id.hpp writes ids: Crockford's alphabet in lower case.
function base32(value) {
  const letters = "0123456789abcdefghjkmnpqrstvwxyz";
  let text = "";
  do {
    text = letters[Number(value & 31n)] + text;
    value >>= 5n;
  } while (value > 0n);
  return text;
}
