// The account as a newcomer meets it, with Chromium's own virtual authenticator (CDP WebAuthn): passkeys are made, used and
// refused; an application is set up; the administrator is led. On a desktop, in the dark and on a phone; axe-core on every page.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { dark, desktop, launch, looseSigns, open, phone, picture, settled, signIn } from "./browser.mjs";
import { Server, asAdministrator, demoSchool, password, preau, totp } from "./harness.mjs";

describe("one's account", () => {
  let browser, server, directory;
  before(async () => {
    ({ directory } = demoSchool());
    server = await Server.start(directory);
    browser = await launch();
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  // A device that keeps passkeys and knows its person.
  const authenticator = async (page, more = {}) => {
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("WebAuthn.enable");
    const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
        automaticPresenceSimulation: true, ...more,
      },
    });
    return {
      credentials: async () => (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials,
      verified: (isUserVerified) => cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
      // Present, it answers whatever a page asks, and the request under the field for the name at once.
      present: (enabled) => cdp.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled }),
    };
  };
  const look = async (page, name) => {
    await settled(page, name);
    assert.deepEqual(await looseSigns(page), [], `${name}: signs that may fall to the next line`);
    await picture(page, name, true);
  };
  const newcomer = async (login, options = desktop) => {
    const added = preau(["user", "add", login, "--mail", `${login}@example.org`, "--password-stdin", "--data", directory], { input: `${password}\n` });
    assert.equal(added.status, 0, added.err);
    const page = await open(await browser.newContext(options));
    await signIn(page, server.origin, login, password);
    return page;
  };
  const addPasskey = async (page, label) => {
    await page.goto(`${server.origin}/account/security`);
    await page.fill("new-passkey input", label);
    await page.click("new-passkey button");
  };
  const away = async (page) => {
    await page.context().clearCookies();
    await page.goto(`${server.origin}/signin`);
  };
  const byPasskey = async (page) => {
    await page.click("passkey-signin button");
    await page.waitForURL((url) => !url.pathname.startsWith("/signin"));
  };

  for (const [window, options] of Object.entries({ desktop, dark, phone }))
    it(`a newcomer makes a passkey, keeps the codes, and signs in without a name (${window})`, async () => {
      const page = await newcomer(`lea-${window}`, options);
      const device = await authenticator(page);
      await page.goto(`${server.origin}/account`);
      await look(page, `account-profile-${window}`);
      await page.goto(`${server.origin}/account/security`);
      await look(page, `account-security-empty-${window}`);
      await addPasskey(page, "Mon ordinateur");
      await page.waitForSelector("ol.codes");
      assert.equal((await page.$$("ol.codes code")).length, 10);
      await look(page, `account-codes-${window}`);
      await page.click("text=Je les ai gardés");
      await page.waitForSelector("text=Mon ordinateur");
      await look(page, `account-security-passkey-${window}`);
      const [credential] = await device.credentials();
      assert.equal(credential.rpId, "localhost");
      assert.ok(credential.isResidentCredential);

      await device.present(false);
      await away(page);
      await page.waitForSelector("passkey-signin:not([hidden])");
      await look(page, `signin-passkey-${window}`);
      await device.present(true);
      await byPasskey(page);
      await page.goto(`${server.origin}/account/devices`);
      await look(page, `account-devices-${window}`);
      assert.ok((await device.credentials())[0].signCount > credential.signCount);

      // With a password the passkey is asked for as well, and is the whole of the second step.
      await device.present(false);
      await away(page);
      await page.fill("input[name=login]", `lea-${window}`);
      await page.fill("input[name=password]", password);
      await Promise.all([page.waitForURL(/\/signin\/second/), page.press("input[name=password]", "Enter")]);
      await look(page, `signin-second-${window}`);
      await device.present(true);
      await byPasskey(page);
      await page.context().close();
    });

  it("the browser offers the passkey under the field for the name, without a press", async () => {
    const page = await newcomer("autofill");
    const device = await authenticator(page);
    await addPasskey(page, "Clé");
    await page.waitForSelector("ol.codes");
    await away(page);
    await page.waitForURL((url) => !url.pathname.startsWith("/signin"), { timeout: 15_000 });
    assert.equal((await device.credentials()).length, 1);
    await page.context().close();
  });

  it("an unverified person, a removed passkey and a replayed answer are refused, each with a sentence", async () => {
    const page = await newcomer("refused");
    const device = await authenticator(page);
    await addPasskey(page, "Clé");
    await page.waitForSelector("ol.codes");
    const [credential] = await device.credentials();

    // What the browser posted once is posted again, from the same browser.
    await page.context().clearCookies();
    let sent;
    await page.route("**/signin/passkey?*", (route) => {
      sent = { body: route.request().postData(), headers: route.request().headers() };
      return route.continue();
    });
    await page.goto(`${server.origin}/signin`);
    await page.waitForURL((url) => !url.pathname.startsWith("/signin"));
    await page.unroute("**/signin/passkey?*");
    assert.ok(sent, "no answer was posted");
    const again = await page.evaluate(async (body) => {
      const answer = await fetch("/signin/passkey", { method: "POST", body, headers: { accept: "application/json", "content-type": "application/json" } });
      return { status: answer.status, text: await answer.text() };
    }, sent.body);
    assert.equal(again.status, 410, again.text);
    assert.match(again.text, /identity\.passkey_challenge/);
    page.problems = [];

    // A signed-in page's own script in another origin cannot use it: the browser says where it stands.
    const lied = await page.evaluate(async (body) => {
      const changed = JSON.parse(body);
      const raw = JSON.parse(atob(changed.clientDataJSON.replace(/-/g, "+").replace(/_/g, "/")));
      raw.origin = "https://evil.example";
      changed.clientDataJSON = btoa(JSON.stringify(raw)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
      const answer = await fetch("/signin/passkey", { method: "POST", body: JSON.stringify(changed), headers: { accept: "application/json", "content-type": "application/json" } });
      return answer.status;
    }, sent.body);
    assert.ok(lied >= 400, `another origin: ${lied}`);
    page.problems = [];

    // The person is not verified: the browser itself refuses, and nobody is signed in.
    await device.verified(false);
    await away(page);
    await page.click("passkey-signin button");
    await page.waitForFunction(() => !document.querySelector("passkey-signin button[aria-busy]"), null, { timeout: 70_000 });
    assert.match(page.url(), /\/signin/);
    await device.verified(true);

    // Removed on the server while the device still holds it.
    await away(page);
    await page.waitForURL((url) => !url.pathname.startsWith("/signin"));
    await page.goto(`${server.origin}/account/security`);
    await page.click("form[action^='/account/passkeys/'] button");
    await page.waitForURL(/done=removed/);
    assert.equal((await device.credentials()).length, 1);
    assert.equal((await device.credentials())[0].credentialId, credential.credentialId);
    await page.context().clearCookies();
    await page.goto(`${server.origin}/signin`);
    await page.waitForSelector("passkey-signin .problem:not([hidden])");
    assert.match(await page.textContent("passkey-signin .problem"), /n’est plus enregistrée/);
    page.problems = [];
    await look(page, "signin-passkey-removed");
    await page.context().close();
  });

  it("an application is set up with the keyboard alone, asked for at sign-in, and its code opens once", async () => {
    const page = await newcomer("totp", phone);
    await page.goto(`${server.origin}/account/security`);
    await page.focus("form[action='/account/totp/begin'] button");
    await Promise.all([page.waitForURL(/\/account\/totp/), page.keyboard.press("Enter")]);
    await look(page, "account-totp-phone");
    await page.focus("summary:has-text('Saisir la clé')");
    await page.keyboard.press("Enter");
    const key = await page.textContent("code.key");
    await look(page, "account-totp-key-phone");
    await page.focus("input[name=code]");
    await page.keyboard.type("000000");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".problem");
    page.problems = [];
    await look(page, "account-totp-wrong-phone");
    await page.fill("input[name=code]", "");
    await page.focus("input[name=code]");
    const confirming = totp(key);
    await page.keyboard.type(confirming);
    await page.keyboard.press("Enter");
    await page.waitForSelector("ol.codes");
    await look(page, "account-codes-totp-phone");
    const paper = await page.textContent("ol.codes li:first-child code");

    await away(page);
    await page.fill("input[name=login]", "totp");
    await page.fill("input[name=password]", password);
    await Promise.all([page.waitForURL(/\/signin\/second/), page.press("input[name=password]", "Enter")]);
    await look(page, "signin-second-totp-phone");
    await page.fill("input[name=code] >> nth=0", confirming); // used a moment ago; on a slow machine it is over as well
    await page.keyboard.press("Enter");
    await page.waitForSelector("[role=alert]");
    page.problems = [];
    assert.match(await page.textContent("[role=alert]"), /déjà servi|ne convient pas/);
    await look(page, "signin-second-used-phone");
    await page.click("summary:has-text('code de secours')");
    await page.fill("details input[name=code]", paper);
    await Promise.all([page.waitForURL(/why=recovered/), page.click("details button")]);
    await look(page, "account-recovered-phone");
    await page.context().close();
  });

  for (const [window, options] of Object.entries({ desktop, dark, phone }))
    it(`what went wrong is said beside its field (${window})`, async () => {
      const page = await newcomer(`faux-${window}`, options);
      const wrong = async (address, fields, name) => {
        await page.goto(server.origin + address);
        for (const [field, value] of Object.entries(fields)) await page.fill(`main input[name=${field}]`, value);
        await Promise.all([page.waitForNavigation(), page.press(`main input[name=${Object.keys(fields).at(-1)}]`, "Enter")]);
        await page.waitForSelector("main .problem:not([hidden]), main [role=alert]:not([hidden])");
        page.problems = []; // the browser counts the refusal itself
        await look(page, `${name}-${window}`);
      };
      await wrong("/account/security", { current: "not-this-one-either", chosen: "cinq-poissons-rouges" }, "account-password-wrong");
      await wrong("/account/security", { current: password, chosen: "motdepasse1234" }, "account-password-poor");
      await wrong("/account/proof?to=/account/security", { password: "not-this-one-either" }, "account-proof-wrong");
      await wrong("/account", { name: " " }, "account-name-wrong");
      await page.context().clearCookies();
      await wrong("/signin/recovery", { login: "faux", code: "k2m7pq-k2m7pq-k2m7pq-k2m7pq" }, "signin-recovery-wrong");
      await page.context().close();
    });

  it("a key and a telephone lost on the same day: an administrator starts, the person finishes, and nobody else could", async () => {
    const page = await newcomer("perdu");
    const device = await authenticator(page);
    await addPasskey(page, "Clé du trousseau");
    await page.waitForSelector("ol.codes");
    await page.goto(`${server.origin}/account/security`);
    await Promise.all([page.waitForURL(/\/account\/totp/), page.click("form[action='/account/totp/begin'] button")]);
    await page.fill("input[name=code]", totp(await page.textContent("code.key")));
    await Promise.all([page.waitForURL(/done=totp/), page.click("form[action='/account/totp'] button")]);

    // Everything is gone, the paper too: a new machine, without the device.
    const chief = preau(["user", "add", "chef", "--mail", "chef@example.org", "--admin", "--password-stdin", "--data", directory], { input: `${password}\n` });
    assert.equal(chief.status, 0, chief.err);
    const reset = preau(["user", "reset-factors", "perdu", "--data", directory]);
    assert.equal(reset.status, 0, reset.err);
    assert.match(reset.out, /perdu@example\.org/);
    assert.doesNotMatch(reset.out, /signin\/once/, "who starts a reset is not shown its link");
    const administrator = await asAdministrator(server, "chef"); // no SMTP server here: the letter waits and is handed over
    const letters = (await server.request("GET", "/admin/mail", { headers: administrator })).text();
    const letter = (await server.request("GET", letters.match(/\/admin\/mail\/[a-z0-9]+(?=">[^<]*deuxième facteur)/)[0], { headers: administrator })).text();
    const path = letter.match(/\/signin\/once\/[A-Za-z0-9_-]+/)[0];

    const fresh = await open(await browser.newContext(phone));
    await fresh.goto(server.origin + path);
    await look(fresh, "signin-reset-phone");
    await Promise.all([fresh.waitForURL(/done=reset/), fresh.click("main form button")]);
    await look(fresh, "signin-reset-done-phone");
    await page.goto(`${server.origin}/account`);
    assert.match(page.url(), /\/signin/); // the sessions of before are over
    assert.equal((await device.credentials()).length, 1); // the lost key exists, and opens nothing
    await fresh.fill("input[name=login]", "perdu");
    await fresh.fill("input[name=password]", password);
    await Promise.all([fresh.waitForURL((url) => !url.pathname.startsWith("/signin")), fresh.press("input[name=password]", "Enter")]);
    await fresh.goto(`${server.origin}/account/security`);
    assert.equal(await fresh.locator("form[action^='/account/passkeys/']").count(), 0);
    assert.equal(await fresh.locator("form[action='/account/totp/remove']").count(), 0);
    await fresh.context().close();
    await page.context().close();
  });

  it("an administrator is led to a second factor, and can do nothing before", async () => {
    const page = await open(await browser.newContext(desktop));
    await authenticator(page);
    await page.goto(`${server.origin}/signin?to=/admin/mail`);
    await page.fill("input[name=login]", "admin");
    await page.fill("input[name=password]", password);
    await Promise.all([page.waitForURL(/\/account\/security\?why=admin/), page.press("input[name=password]", "Enter")]);
    await look(page, "account-admin-led");
    await page.goto(`${server.origin}/admin`);
    assert.match(page.url(), /\/account\/security\?why=admin/);
    await page.fill("new-passkey input", "Clé de service");
    await page.click("new-passkey button");
    await page.waitForSelector("ol.codes");
    await page.goto(`${server.origin}/admin`);
    assert.equal(new URL(page.url()).pathname, "/admin");
    await settled(page, "the administrator's overview");
    await page.context().close();
  });

  it("the look is there from the first byte: no flash, in both themes and densities", async () => {
    const page = await newcomer("look", { ...desktop, colorScheme: "light" });
    await page.goto(`${server.origin}/account`);
    await page.check("input[name=theme][value=dark]");
    await page.check("input[name=density][value=compact]");
    await Promise.all([page.waitForURL(/saved/), page.click("form[action='/account/look'] button")]);
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    assert.equal(await ground(), "rgb(21, 24, 28)");
    await look(page, "account-dark-compact");
    await page.goto(`${server.origin}/files`);
    assert.equal(await page.getAttribute("html", "data-theme"), "dark");
    assert.equal(await ground(), "rgb(21, 24, 28)");
    await settled(page, "files, dark and compact");
    await picture(page, "files-dark-compact", true);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.goto(`${server.origin}/account`);
    await page.check("input[name=theme][value=light]");
    await Promise.all([page.waitForURL(/saved/), page.click("form[action='/account/look'] button")]);
    assert.equal(await ground(), "rgb(250, 247, 242)");
    await look(page, "account-light-on-dark-system");
    await page.context().close();
  });

  it("an app password is shown once and opens the API", async () => {
    const page = await newcomer("programme");
    await page.goto(`${server.origin}/account/devices`);
    await page.fill("input[name=label]", "rclone sur mon portable");
    await page.click("text=Faire un mot de passe");
    const secret = await page.textContent("code.key");
    await look(page, "account-app-password");
    const authorization = `Basic ${Buffer.from(`programme:${secret}`).toString("base64")}`;
    assert.equal((await server.request("GET", "/api/files", { headers: { authorization } })).status, 200);
    await page.click("form[action$='/revoke'] button");
    await page.waitForSelector("text=ne vaut plus rien");
    assert.equal((await server.request("GET", "/api/files", { headers: { authorization } })).status, 401);
    await page.context().close();
  });
});
