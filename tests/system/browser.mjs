// Debian's Chromium, driven by playwright-core; axe-core asked on every page; screenshots under build/screenshots.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { password } from "./harness.mjs";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const screenshots = new URL("../../build/screenshots/", import.meta.url).pathname;
mkdirSync(screenshots, { recursive: true });

export const launch = () =>
  chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    ],
  });

export const desktop = { viewport: { width: 1280, height: 800 }, locale: "fr-FR", timezoneId: "Europe/Paris" };
export const phone = {
  viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, locale: "fr-FR", timezoneId: "Europe/Paris",
};
export const dark = { ...desktop, colorScheme: "dark" };

// A page whose console errors and failed requests fail the test: `page.problems` is checked by `settled`.
export async function open(context) {
  const page = await context.newPage();
  page.problems = [];
  page.on("console", (message) => message.type() === "error" && page.problems.push(message.text()));
  page.on("pageerror", (error) => page.problems.push(String(error)));
  return page;
}

export async function settled(page, name) {
  assert.deepEqual(page.problems, [], `${name}: the console complains`);
  await noSidewaysScroll(page, name);
  await accessible(page, name);
}

export async function accessible(page, name) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const found = violations.map((rule) => `${rule.id}: ${rule.help}\n    ${rule.nodes.map((node) => node.html.slice(0, 200)).join("\n    ")}`);
  assert.deepEqual(found, [], `${name}: axe-core finds\n  ${found.join("\n  ")}`);
}

export async function noSidewaysScroll(page, name) {
  const { content, window: width } = await page.evaluate(() => ({ content: document.documentElement.scrollWidth, window: window.innerWidth }));
  assert.ok(content <= width + 1, `${name}: ${content} px wide in a window of ${width} px`);
}

// French puts a no-break space before ; : ! ? » and after «: a plain one lets the sign fall to the next line. Answers the
// texts that do not, of what a reader sees and of what a screen reader says.
export const looseSigns = (page) =>
  page.evaluate(() => {
    const loose = / [;:!?»]|« |[^\s\u00a0\u202f]»|«[^\s\u00a0\u202f]/;
    const texts = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("code, script")) texts.push(walker.currentNode.data);
    for (const element of document.querySelectorAll("[aria-label], [title], [alt]"))
      for (const name of ["aria-label", "title", "alt"]) texts.push(element.getAttribute(name) ?? "");
    for (const template of document.querySelectorAll("template")) texts.push(...Object.values(template.dataset));
    return texts.map((text) => text.replace(/[ \n]+/g, " ").trim()).filter((text) => loose.test(text));
  });

export const picture = (page, name, whole = false) => page.screenshot({ path: `${screenshots}${name}.png`, fullPage: whole });

// Gives a browser the session of headers that the harness made ("cookie: a=b; c=d").
// Playwright takes "secure" from the address, and a name with "__Host-" must be; localhost is sent such cookies without TLS too.
export const withCookies = (context, origin, headers) =>
  context.addCookies(headers.cookie.split("; ").map((pair) => ({ name: pair.split("=")[0], value: pair.slice(pair.indexOf("=") + 1), url: origin.replace("http:", "https:"), httpOnly: true })));

export async function signIn(page, origin, login, password) {
  await page.goto(`${origin}/signin`);
  await page.fill("input[name=login]", login);
  await page.fill("input[name=password]", password);
  await Promise.all([page.waitForURL((url) => !url.pathname.startsWith("/signin")), page.press("input[name=password]", "Enter")]);
}

// A page of its own for somebody of the demonstration school, signed in.
export async function signedIn(browser, server, login, options) {
  const page = await open(await browser.newContext(options));
  await signIn(page, server.origin, login, password);
  return page;
}

// Nothing is wrong with the page as it stands, and a picture of it is kept to be looked at.
export async function look(page, name) {
  await settled(page, name);
  assert.deepEqual(await looseSigns(page), [], `${name}: signs that may fall to the next line`);
  await picture(page, name, true);
}
