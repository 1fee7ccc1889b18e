// Every page, in both languages, on a desktop, in the dark and on a phone of 360 pixels: axe-core finds nothing, nothing scrolls
// sideways, the console is silent. Leaves a picture of each under build/screenshots.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { dark, desktop, launch, looseSigns, noSidewaysScroll, open, phone, picture, settled, signIn, withCookies } from "./browser.mjs";
import { Server, asAdministrator, demoSchool, linkIn, password, preau } from "./harness.mjs";

const windows = { desktop, dark, phone };

describe("every page", () => {
  let browser, server, printed, directory, administrator;
  const links = {};
  before(async () => {
    ({ printed, directory } = demoSchool());
    server = await Server.start(directory);
    administrator = await asAdministrator(server);
    browser = await launch();
    for (const label of ["Volcans", "class", "pupil"]) links[label] = linkIn(printed, label);
    links.classPage = (await server.request("GET", links.class)).headers.location;
    const headers = server.basic("teacher");
    const list = (await server.request("GET", "/api/files", { headers })).json();
    links.folder = list.items.find((item) => item.name === "Volcans").url;
    const inside = (await server.request("GET", `/api/files/${list.items.find((item) => item.name === "Volcans").id}`, { headers })).json();
    links.file = inside.items.find((item) => item.kind === "file").url;
    links.share = links.folder.replace("/files/", "/share/");
    links.rename = `${links.file}/rename`;
    const made = await server.request("POST", `/api/sharing/items/${links.folder.split("/").at(-1)}/links`, {
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify({ role: "view", password: "sesame", label: "Avec mot de passe" }),
    });
    links.secret = new URL(made.json().address).pathname;
    links.sheet = `${links.share}/sheet?link=${made.json().id}`;
    const json = { ...headers, "content-type": "application/json" };
    const space = (await server.request("POST", "/api/files/spaces", { headers: json, body: JSON.stringify({ title: "Équipe de sciences" }) })).json();
    links.space = `/files/${space.id}`;
    links.spaceSettings = `/files/spaces/${space.id}`;
    links.spaceTrash = `/files/trash?space=${space.id}`;
    const gone = (await server.request("POST", "/api/files/spaces", { headers: json, body: JSON.stringify({ title: "Ancien projet" }) })).json();
    await server.request("DELETE", `/api/files/spaces/${gone.id}`, { headers });
    links.spaceGone = `/files/spaces/${gone.id}`;
    await server.request("PUT", `/api/sharing/items/${links.file.split("/").at(-1)}/favourite`, { headers });
    links.once = preau(["user", "link", "head", "--data", directory]).out.match(/\/signin\/once\/[A-Za-z0-9_-]+/)[0];
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  const staffPages = () => ({
    home: "/", files: "/files", folder: links.folder, file: links.file, rename: links.rename, share: links.share, sheet: links.sheet,
    shared: "/files/shared", "shared-hidden": "/files/shared?hidden=1", recents: "/files/recents", favourites: "/files/favourites",
    "space-new": "/files/spaces/new", space: links.space, "space-settings": links.spaceSettings, "space-trash": links.spaceTrash,
    "space-gone": links.spaceGone,
    trash: "/files/trash", account: "/account", "account-security": "/account/security", "account-devices": "/account/devices", "account-proof": "/account/proof?to=/account", class: links.classPage, missing: "/files/zzzz",
  });
  const strangerPages = () => ({ landing: "/", signin: "/signin", once: links.once, recovery: "/signin/recovery", "link-password": links.secret, "receipt-unknown": "/files/receipts/AAAAAAAAAAAAAAAAAAAAAA", "link-unknown": "/s/AAAAAAAAAAAAAAAAAAAAAAAAAAA", nowhere: "/nowhere" });

  for (const [window, options] of Object.entries(windows))
    for (const locale of ["fr-FR", "en-GB"])
      it(`${window}, ${locale}`, async () => {
        const context = await browser.newContext({ ...options, locale });
        const page = await open(context);
        const visit = async (name, path) => {
          await page.goto(server.origin + path);
          assert.equal(await page.getAttribute("html", "lang"), locale.slice(0, 2), `${name}: language`);
          page.problems = page.problems.filter((text) => !/status of 404/.test(text)); // the missing pages are meant to be missing
          await settled(page, `${name} (${window}, ${locale})`);
          if (locale === "fr-FR") assert.deepEqual(await looseSigns(page), [], `${name}: signs that may fall to the next line`);
          await picture(page, `${name}-${window}-${locale.slice(0, 2)}`, true);
        };
        for (const [name, path] of Object.entries(strangerPages())) await visit(name, path);
        for (const label of ["Volcans", "class", "pupil"]) {
          await visit(`family-${label}`, links[label]);
          await context.clearCookies();
        }
        await page.goto(`${server.origin}/signin`);
        await page.fill("input[name=login]", "teacher");
        await page.fill("input[name=password]", "wrong password here");
        await page.press("input[name=password]", "Enter");
        await page.waitForSelector("[role=alert]");
        page.problems = [];
        await settled(page, `refused sign-in (${window}, ${locale})`);
        await picture(page, `signin-refused-${window}-${locale.slice(0, 2)}`);
        await signIn(page, server.origin, "teacher", password);
        for (const [name, path] of Object.entries(staffPages())) await visit(name, path);
        await context.close();
      });

  for (const [window, options, locale] of [["desktop", desktop, "fr-FR"], ["dark", dark, "fr-FR"], ["phone", phone, "fr-FR"], ["desktop", desktop, "en-GB"]])
    it(`the administrator's pages, ${window}, ${locale}`, async () => {
      const context = await browser.newContext({ ...options, locale });
      const page = await open(context);
      await withCookies(context, server.origin, administrator);
      await page.goto(`${server.origin}/admin/mail`);
      await page.click("form[action='/admin/mail/trial'] button");
      await page.waitForSelector("[role=status]");
      const letter = await page.getAttribute(".list a", "href");
      const pages = { admin: "/admin", "admin-jobs": "/admin/jobs", "admin-mail": "/admin/mail", "admin-message": letter, "admin-bounces": "/admin/mail/bounces", "admin-audit": "/admin/audit" };
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(server.origin + path);
        assert.equal(await page.getAttribute("html", "lang"), locale.slice(0, 2), `${name}: language`);
        page.problems = page.problems.filter((text) => !/sandbox/.test(text)); // the frame of a letter may do nothing, and Chromium says so
        await settled(page, `${name} (${window}, ${locale})`);
        if (locale === "fr-FR") assert.deepEqual(await looseSigns(page), [], `${name}: signs that may fall to the next line`);
        await picture(page, `${name}-${window}-${locale.slice(0, 2)}`, true);
      }
      await context.close();
    });

  it("the home has two columns of one width on a desktop, and one on a phone", async () => {
    for (const [options, columns] of [[desktop, 2], [phone, 1]]) {
      const context = await browser.newContext(options);
      const page = await open(context);
      await signIn(page, server.origin, "teacher", password);
      const boxes = await page.locator(".home > section").evaluateAll((all) => all.map((one) => {
        const { left, top, width } = one.getBoundingClientRect();
        return { id: one.getAttribute("aria-labelledby"), left: Math.round(left), top: Math.round(top), width: Math.round(width) };
      }));
      assert.ok(boxes.length >= 3, "what to go on with, what is starred, the classes");
      assert.equal(new Set(boxes.map((box) => box.left)).size, columns);
      assert.equal(new Set(boxes.map((box) => box.width)).size, 1, "all are of one width");
      if (columns === 2) {
        assert.ok(boxes[0].width >= 540, `${boxes[0].width} px are a narrow column`);
        const resume = boxes.find((box) => box.id === "resume");
        assert.equal(resume.top, Math.min(...boxes.map((box) => box.top)), "it stands at the top");
        assert.equal(boxes.filter((box) => box.left === resume.left).length, 1, "in a column of its own");
      }
      await context.close();
    }
  });

  it("fits 320 pixels and 200 % zoom", async () => {
    const context = await browser.newContext({ ...phone, viewport: { width: 320, height: 640 } });
    const page = await open(context);
    await signIn(page, server.origin, "teacher", password);
    for (const [name, path] of Object.entries(staffPages())) {
      await page.goto(server.origin + path);
      page.problems = [];
      await settled(page, `${name} at 320 px`);
    }
    await context.close();
  });

  it("keeps its controls where the system chooses the colours", async () => {
    const context = await browser.newContext({ ...desktop, forcedColors: "active", reducedMotion: "reduce" });
    const page = await open(context);
    const visit = async (name, path) => {
      await page.goto(server.origin + path);
      await noSidewaysScroll(page, name);
      const bare = await page.evaluate(() =>
        [...document.querySelectorAll(".button, .chip, .card, .field input:not([type=hidden], [type=checkbox], [type=radio])")] // the last two draw themselves
          .filter((element) => element.checkVisibility() && parseFloat(getComputedStyle(element).borderTopWidth) < 1)
          .map((element) => element.outerHTML.slice(0, 120)));
      assert.deepEqual(bare, [], `${name}: controls without an edge`);
      const moving = await page.evaluate(() =>
        [...document.querySelectorAll("*")].filter((element) => parseFloat(getComputedStyle(element).transitionDuration) > 0).length);
      assert.equal(moving, 0, `${name}: moves though it was asked not to`);
      await picture(page, `${name}-forced`, true);
    };
    await visit("family", links.Volcans);
    await signIn(page, server.origin, "teacher", password);
    for (const [name, path] of Object.entries(staffPages())) await visit(name, path);
    await context.close();
  });

  it("prints the sheet and nothing around it", async () => {
    const context = await browser.newContext(desktop);
    const page = await open(context);
    await signIn(page, server.origin, "teacher", password);
    await page.goto(server.origin + links.sheet);
    await page.emulateMedia({ media: "print" });
    for (const around of ["header.bar", "footer", "[data-print]"]) assert.equal(await page.locator(around).isVisible(), false, around);
    assert.ok(await page.locator(".qr svg").isVisible());
    assert.match(await page.textContent(".sheet-address"), /\/s\/[A-Za-z0-9_-]{22,}/);
    await picture(page, "sheet-print", true);
    const paper = await page.pdf({ format: "A4" });
    assert.equal(paper.toString("latin1").match(/\/Type\s*\/Page\b/g).length, 1, "the sheet fits one page");
    await context.close();
  });

  it("reads without script", async () => {
    const context = await browser.newContext({ ...desktop, javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${server.origin}/signin`);
    await page.fill("input[name=login]", "teacher");
    await page.fill("input[name=password]", password);
    await page.press("input[name=password]", "Enter");
    await page.waitForSelector("h1:has-text('Bonjour')");
    await page.goto(`${server.origin}/files`);
    await page.click("[data-new] > summary");
    await page.fill("[data-new] input[name=name]", "Sans script");
    await page.click("[data-new] form button.main");
    await page.waitForSelector("h1:has-text('Sans script')");
    await context.close();
  });
});
