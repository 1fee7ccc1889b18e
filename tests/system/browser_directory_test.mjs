// The directory as people meet it: a picture is chosen and seen, a card says what is for whom, somebody is found by keyboard; the
// calendar of an académie on the page of its school, subscribed to by a program. On a desktop, on a phone and in the dark;
// axe-core on every page. Leaves a picture of each under build/screenshots.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import ICAL from "ical.js";
import { dark, desktop, launch, look, open, phone, settled, signedIn, withCookies } from "./browser.mjs";
import { Server, asAdministrator, demoSchool } from "./harness.mjs";

const photo = new URL("../../docs/pictures/family.png", import.meta.url).pathname;
const drawing = new URL("../../web/images/mark.svg", import.meta.url).pathname;

describe("directory, cards and calendars", () => {
  let browser, server, headers;
  before(async () => {
    const school = demoSchool();
    server = await Server.start(school.directory);
    browser = await launch();
    headers = await asAdministrator(server);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });
  const someone = (login, options) => signedIn(browser, server, login, options);
  const administrator = async (screen) => {
    const context = await browser.newContext(screen);
    await withCookies(context, server.origin.replace("http:", "https:"), headers);
    return open(context);
  };
  const structure = async (name) => {
    const answer = await server.request("GET", `/api/admin/structures?q=${encodeURIComponent(name)}`, { headers });
    return answer.json().structures[0].id;
  };
  // What the browser has drawn, and not only what it was told to draw.
  const drawn = (page, selector) =>
    page.locator(selector).first().evaluate(async (image) => {
      image.loading = "eager";
      await image.decode();
      return image.naturalWidth;
    });

  it("a teacher chooses a picture and says what is for whom", async () => {
    const page = await someone("teacher", desktop);
    await page.goto(`${server.origin}/account`);
    await page.click(".side a[href='/account/card']");
    await look(page, "card-empty");
    await page.setInputFiles("input[name=picture]", drawing);
    await Promise.all([page.waitForResponse((answer) => answer.request().method() === "POST"), page.click("button:has-text('Envoyer la photo')")]);
    await page.waitForSelector("#picture-problem");
    assert.ok(page.problems.every((words) => words.includes("422")), String(page.problems));
    page.problems.length = 0; // the refusal itself
    await look(page, "card-refused");
    await page.setInputFiles("input[name=picture]", photo);
    await page.click("button:has-text('Envoyer la photo')");
    await page.waitForSelector("text=Votre photo est enregistrée");
    assert.equal(await drawn(page, ".face.large img"), 320);
    assert.equal(await drawn(page, "summary.face img"), 96);
    await page.fill("input[name=phone]", "03 80 00 00 12");
    await page.selectOption("select[name=phone_for]", "staff");
    await page.fill("input[name=office]", "Salle 12, le mardi de 12 h à 13 h");
    await page.fill("textarea[name=about]", "Professeure de SVT, responsable du club de sciences.\nDemandez-moi les microscopes.");
    await page.focus("form[action='/account/card'] button");
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=Votre fiche est enregistrée");
    await look(page, "card-filled");
    await page.click("text=Voir comme une autre personne");
    await page.waitForSelector("text=Voici ce que voient les personnes en fonction ailleurs");
    assert.equal(await page.getByText("club de sciences").count(), 0);
    await look(page, "card-as-staff");
    const small = await someone("teacher", phone);
    await small.goto(`${server.origin}/account/card`);
    await look(small, "card-phone");
    for (const one of [page, small]) await one.context().close();
  });

  it("a colleague finds her by keyboard, an inspector reads less", async () => {
    const page = await someone("colleague", desktop);
    await page.goto(server.origin);
    await page.click("summary.face");
    await page.click("a[href='/directory']");
    await look(page, "directory");
    await page.focus("input[name=q]");
    await page.keyboard.type("bern cam");
    await Promise.all([page.waitForURL(/q=bern/), page.keyboard.press("Enter")]);
    await look(page, "directory-found");
    await page.locator(".list.whole a").focus();
    await Promise.all([page.waitForURL(/\/people\/\w+$/), page.keyboard.press("Enter")]);
    assert.equal(await drawn(page, ".face.large img"), 320);
    await page.waitForSelector("text=club de sciences");
    await look(page, "person-card");
    const card = page.url();

    const inspector = await someone("inspector", dark);
    await inspector.goto(card);
    await inspector.waitForSelector("text=03 80 00 00 12");
    assert.equal(await inspector.getByText("club de sciences").count(), 0);
    await look(inspector, "person-card-dark");
    await inspector.goto(`${server.origin}/directory?q=nobody`);
    await look(inspector, "directory-nobody-dark");
    const small = await someone("colleague", phone);
    await small.goto(`${server.origin}/directory?q=moulin&structure=all`);
    await look(small, "directory-places-phone");
    await small.goto(`${server.origin}/directory`);
    await look(small, "directory-phone");
    await small.click(".list.whole a:has-text('Camille')");
    await small.waitForSelector("h1:has-text('Camille Bernard')");
    await look(small, "person-card-phone");
    const english = await someone("head", { ...desktop, locale: "en-GB" });
    await english.goto(`${server.origin}/directory`);
    await settled(english, "directory in English");
    for (const one of [page, inspector, small, english]) await one.context().close();
  });

  it("the administrator writes the calendar of the académie; a school shows it, and a program reads it", async () => {
    const page = await administrator(desktop);
    const academy = await structure("Dijon");
    const college = await structure("Jean-Moulin");
    await page.goto(`${server.origin}/admin/structures/${academy}`);
    await page.click("main a:has-text('Calendrier')");
    await look(page, "calendar-empty");
    const year = new Date().getFullYear();
    // Folded over three lines, cut where letters have two bytes, and made of what iCalendar writes otherwise.
    const hard = `Élèves; familles, équipes \\n ${"été ".repeat(17)}fin`;
    for (const [name, kind, first, last] of [
      [`Année scolaire ${year}-${year + 1}`, "year", `${year}-09-01`, `${year + 1}-07-03`],
      ["Vacances de fin d’année", "holiday", `${year}-01-01`, `${year + 1}-01-03`],
      ["Pont de l’Ascension", "free", `${year + 1}-05-07`, ""],
      [hard, "free", `${year + 1}-06-01`, `${year + 1}-06-01`],
    ]) {
      await page.fill("input[name=name]", name);
      await page.selectOption("select[name=kind]", kind);
      await page.fill("input[name=first_day]", first);
      await page.fill("input[name=last_day]", last);
      await page.click("button:has-text('Ajouter')");
      await page.waitForSelector("text=Le calendrier est enregistré");
    }
    await page.selectOption("select[name=zone]", "A");
    await page.click("section[aria-labelledby=zone] button");
    await page.waitForSelector("text=Le calendrier est enregistré");
    await look(page, "calendar-written");

    const teacher = await someone("teacher", phone);
    await teacher.goto(`${server.origin}/structures/${college}`);
    await teacher.waitForSelector("text=Repris de");
    await teacher.waitForSelector("text=en ce moment");
    await look(teacher, "structure-calendar-phone");
    const ics = await server.request("GET", `/structures/${college}/calendar.ics`);
    assert.equal(ics.status, 200);
    assert.match(ics.headers["content-type"], /^text\/calendar/);
    // As Thunderbird and Nextcloud read it.
    const calendar = new ICAL.Component(ICAL.parse(ics.text()));
    assert.equal(calendar.name, "vcalendar");
    const days = calendar.getAllSubcomponents("vevent").map((one) => new ICAL.Event(one));
    const read = Object.fromEntries(days.map((one) => [one.summary, [one.startDate.toString(), one.endDate.toString(), one.startDate.isDate]]));
    assert.deepEqual(read, {
      [`Début\u00a0: Année scolaire ${year}-${year + 1}`]: [`${year}-09-01`, `${year}-09-02`, true],
      [`Fin\u00a0: Année scolaire ${year}-${year + 1}`]: [`${year + 1}-07-03`, `${year + 1}-07-04`, true],
      "Vacances de fin d’année": [`${year}-01-01`, `${year + 1}-01-04`, true],
      "Pont de l’Ascension": [`${year + 1}-05-07`, `${year + 1}-05-08`, true],
      [hard]: [`${year + 1}-06-01`, `${year + 1}-06-02`, true],
    });
    assert.equal(new Set(days.map((one) => one.uid)).size, days.length);
    const again = await server.request("GET", `/structures/${college}/calendar.ics`, { headers: { "if-none-match": ics.headers.etag } });
    assert.equal(again.status, 304);

    const night = await administrator(dark);
    await night.goto(`${server.origin}/admin/structures/${college}/calendar`);
    await night.waitForSelector("text=Repris de");
    await look(night, "calendar-followed-dark");
    const small = await administrator(phone);
    await small.goto(`${server.origin}/admin/structures/${academy}/calendar`);
    await look(small, "calendar-phone");
    for (const one of [page, teacher, night, small]) await one.context().close();
  });

  it("an administrator removes a picture", async () => {
    const page = await administrator(desktop);
    await page.goto(`${server.origin}/admin/people?q=bernard`);
    await page.click(".list.whole a");
    await page.click("summary:has-text('Retirer la photo')");
    await look(page, "admin-picture");
    await page.click(".panel button:has-text('Retirer')");
    await page.waitForSelector("text=La photo est retirée");
    const teacher = await someone("teacher", desktop);
    await teacher.goto(`${server.origin}/account/card`);
    assert.equal(await teacher.locator(".face img").count(), 0);
    await settled(teacher, "without a picture again");
    for (const one of [page, teacher]) await one.context().close();
  });
});
