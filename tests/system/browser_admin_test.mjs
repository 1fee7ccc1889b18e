// An administrator's morning: somebody is found, given a function with an end, somebody else's account is closed, a colleague
// takes over a part; who then sees that part and nothing else, on a phone. By mouse, by keyboard, in the dark. Leaves a picture of
// each page under build/screenshots.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { dark, desktop, launch, looseSigns, open, phone, picture, settled, signIn, withCookies } from "./browser.mjs";
import { Server, asAdministrator, demoSchool, password } from "./harness.mjs";

describe("an administrator's morning", () => {
  let browser, server, headers;
  const call = async (method, path, json) => {
    const answer = await server.request(method, path, {
      headers: { ...headers, ...(json ? { "content-type": "application/json" } : {}) },
      body: json && JSON.stringify(json),
    });
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text()}`);
    return answer.json();
  };
  const person = async (login) => (await call("GET", `/api/admin/people?q=${login}`)).people[0].id;
  const structure = async (name) => (await call("GET", `/api/admin/structures?q=${encodeURIComponent(name)}`)).structures[0].id;
  const group = async (name) => (await call("GET", `/api/admin/groups?q=${encodeURIComponent(name)}`)).groups[0].id;
  const checked = async (page, name) => {
    await settled(page, name);
    assert.deepEqual(await looseSigns(page), [], `${name}: signs that may fall to the next line`);
    await picture(page, `admin-${name}`, true);
  };
  // With a second factor shown, which every page of administration asks for.
  const administrator = async (screen, who = headers) => {
    const context = await browser.newContext(screen);
    // Chromium takes a __Host- cookie for an address of https alone, and sends it to localhost all the same.
    await withCookies(context, server.origin.replace("http:", "https:"), who);
    return open(context);
  };
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

  it("finds somebody and gives a function with an end, by keyboard alone", async () => {
    const page = await administrator(desktop);
    await page.goto(`${server.origin}/admin/people`);
    await checked(page, "people");
    await page.focus("input[name=q]");
    await page.keyboard.type("bern cam");
    await Promise.all([page.waitForURL(/q=bern/), page.keyboard.press("Enter")]);
    const found = page.locator(".list.whole a");
    assert.deepEqual(await found.allInnerTexts(), ["Camille Bernard"]);
    await found.focus();
    await Promise.all([page.waitForURL(/\/admin\/people\/\w+$/), page.keyboard.press("Enter")]);
    await checked(page, "person");
    await page.locator("details > summary", { hasText: "Donner une fonction" }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Formation");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Académie de Dijon");
    await page.fill("form[action$='/functions'] input[name=until]", "2099-06-30");
    await page.locator("form[action$='/functions'] button").focus();
    await Promise.all([page.waitForURL(/did=function_given/), page.keyboard.press("Enter")]);
    await page.getByText("La fonction est donnée").waitFor();
    await page.getByText("jusqu’au 30 juin 2099").waitFor();
    await checked(page, "person-function");
    await page.context().close();
  });

  it("closes an account, who cannot come in any more, and opens it again", async () => {
    const page = await administrator(desktop);
    const other = await open(await browser.newContext(desktop));
    await signIn(other, server.origin, "secretary", password);
    await page.goto(`${server.origin}/admin/people/${await person("secretary")}`);
    await page.click("summary:has-text('Fermer le compte')");
    await picture(page, "admin-close");
    await Promise.all([page.waitForURL(/did=closed/), page.click(".panel button:has-text('Fermer le compte')")]);
    await checked(page, "person-closed");
    await other.goto(`${server.origin}/account`);
    assert.match(other.url(), /\/signin/);
    await Promise.all([page.waitForURL(/did=opened/), page.click("button:has-text('Rouvrir le compte')")]);
    await page.click("button:has-text('Donner un lien de connexion')");
    await page.locator("input[readonly]").waitFor();
    await checked(page, "person-link");
    const link = await page.locator("input[readonly]").inputValue();
    await other.goto(link);
    await other.click("main button");
    await other.waitForURL((url) => !url.pathname.startsWith("/signin"));
    await page.context().close();
    await other.context().close();
  });

  it("starts the reset of a lost second factor, which only its person finishes", async () => {
    await asAdministrator(server, "inspector"); // sets one up
    const page = await administrator(desktop);
    await page.goto(`${server.origin}/admin/people/${await person("inspector")}`);
    await page.click("summary:has-text('Réinitialiser le deuxième facteur')");
    await checked(page, "reset");
    await Promise.all([page.waitForURL(/did=reset_started/), page.click(".panel button:has-text('Envoyer le lien')")]);
    await checked(page, "person-reset");
    await page.goto(`${server.origin}/admin/mail`);
    await page.getByText("inspector@college-jean-moulin.example").first().waitFor();
    await page.context().close();
  });

  it("delegates, and the colleague sees only that part, on a phone", async () => {
    const page = await administrator(desktop);
    await page.goto(`${server.origin}/admin/delegations?login=manager`);
    await checked(page, "delegations-empty");
    await page.selectOption("select[name=role]", "people");
    await page.fill("input[name=structure]", "0210000X");
    await page.fill("input[name=until]", "2099-12-31");
    await Promise.all([page.waitForURL(/did=delegated/), page.click("button:has-text('Déléguer')")]);
    await page.getByRole("link", { name: "Victor Roche" }).waitFor();
    await checked(page, "delegations");

    const small = await administrator(phone, await asAdministrator(server, "manager"));
    await small.goto(server.origin);
    await small.click("summary.face");
    await Promise.all([small.waitForURL(/\/admin\/people/), small.click("a[href='/admin']")]);
    await checked(small, "phone-people");
    const names = await small.locator(".list.whole a").allInnerTexts();
    assert.ok(names.includes("Nadia Haddad"), names.join());
    assert.ok(!names.includes("Hélène Garnier") && !names.includes("Sophie Marchand"), names.join());
    await small.goto(`${server.origin}/admin/people?q=garnier`);
    await small.getByText("Personne ne répond").waitFor();
    await checked(small, "phone-nobody");
    for (const [path, status] of [[`/admin/people/${await person("inspector")}`, 404], ["/admin/audit", 403], ["/admin/why", 403]]) {
      const refused = await small.request.get(`${server.origin}${path}`);
      assert.equal(refused.status(), status, path);
    }
    await small.goto(`${server.origin}/admin/people/${await person("colleague")}`);
    await checked(small, "phone-person");
    await small.goto(`${server.origin}/admin/delegations`);
    await checked(small, "phone-delegations");
    await Promise.all([page.waitForURL(/did=undelegated/), (async () => {
      await page.click("summary:has-text('Retirer')");
      await page.click(".panel button:has-text('Retirer')");
    })()]);
    assert.equal((await small.request.get(`${server.origin}/admin/people`)).status(), 403);
    await page.context().close();
    await small.context().close();
  });

  it("writes a structure's page, closes a service and reads it as a teacher", async () => {
    const page = await administrator(desktop);
    await page.goto(`${server.origin}/admin/structures`);
    await checked(page, "structures");
    await page.fill("input[name=q]", "jean moulin");
    await Promise.all([page.waitForURL(/q=jean/), page.press("input[name=q]", "Enter")]);
    await Promise.all([page.waitForURL(/\/admin\/structures\/\w+$/), page.click(".list a:has-text('Jean-Moulin')")]);
    await page.fill("input[name=mail]", "contact@college-jean-moulin.example");
    await page.fill("input[name=phone]", "03 80 00 00 00");
    await page.fill("input[name=address]", "1 rue des Écoles, Dijon");
    await page.fill("textarea[name=introduction_fr]", "## Bienvenue\n\nUn collège de **500** élèves.\n\n- SVT\n- Physique");
    await Promise.all([page.waitForURL(/did=changed/), page.click("button:has-text('Enregistrer'):not(:has-text('logo'))")]);
    await page.setInputFiles("input[type=file]", { name: "logo.png", mimeType: "image/png", buffer: await page.screenshot({ clip: { x: 0, y: 0, width: 64, height: 64 } }) });
    await page.click("button:has-text('Enregistrer le logo')");
    await page.locator("main img.structure-logo").waitFor();
    await checked(page, "structure");
    await page.goto(`${server.origin}/admin/structures/new?under=${await structure("Dijon")}`);
    await checked(page, "structure-new");

    const teacher = await open(await browser.newContext(dark));
    await signIn(teacher, server.origin, "teacher", password);
    await teacher.goto(`${server.origin}/structures/${await structure("Jean-Moulin")}`);
    await teacher.getByText("Un collège de").waitFor();
    assert.ok(await teacher.locator("img.structure-logo").evaluate((image) => image.naturalWidth > 0), "the logo is drawn");
    await checked(teacher, "dark-structure-read");
    const small = await open(await browser.newContext(phone));
    await signIn(small, server.origin, "teacher", password);
    await small.goto(`${server.origin}/structures/${await structure("Jean-Moulin")}`);
    await checked(small, "phone-structure-read");
    for (const context of [page, teacher, small]) await context.context().close();
  });

  it("answers why somebody sees something, and every page is well in the dark and on a phone", async () => {
    const files = await server.request("GET", "/api/files", { headers: server.basic("teacher") });
    const folder = files.json().items.find((item) => item.name === "Volcans").id;
    const page = await administrator(dark);
    await page.goto(`${server.origin}/admin/why`);
    await checked(page, "dark-why");
    await page.fill("input[name=login]", "teacher");
    await page.fill("input[name=address]", `${server.origin}/files/${folder}`);
    await page.click("button:has-text('Demander')");
    await page.getByText("Camille Bernard peut le gérer").waitFor();
    assert.ok(!(await page.locator("main").innerText()).includes("Volcans"));
    await checked(page, "dark-why-answer");
    const small = await administrator(phone);
    const everywhere = ["", "/people", "/people/new", `/people/${await person("teacher")}`, "/groups", `/groups/${await group("6e")}`, "/structures", `/structures/${await structure("Jean-Moulin")}`, "/delegations", "/why", "/audit"];
    for (const path of everywhere) {
      for (const [look, screen] of [["dark", page], ["phone", small]]) {
        await screen.goto(`${server.origin}/admin${path}`);
        await checked(screen, `${look}${path.replace(/\/\w{10,}/, "/one").replaceAll("/", "-") || "-overview"}`);
      }
    }
    await page.context().close();
    await small.context().close();
  });
});
