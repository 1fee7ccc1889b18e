// Signing in at somebody else's: npm oidc-provider, which is a certified implementation that we did not write, and a
// provider of our own that lies about who signs in.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Provider } from "oidc-provider";
import { Server, asAdministrator, demoSchool, freePort, password, preau } from "./harness.mjs";
import { Liar } from "./liar.mjs";

// A browser's cookies, for one origin each.
class Jar {
  cookies = new Map();
  take(headers) {
    for (const line of headers["set-cookie"] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
  get line() {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }
}

describe("signing in at a provider", () => {
  let server, liar, other, broken, foreign, foreignServer, directory;
  before(async () => {
    liar = await Liar.start();
    other = await Liar.start();
    broken = await Liar.start();
    ({ directory } = demoSchool());
    const port = await freePort(), foreignPort = await freePort();
    const provider = new Provider(`http://localhost:${foreignPort}`, {
      clients: [{ client_id: "preau", client_secret: "s3cret/+ :", redirect_uris: [`http://localhost:${port}/signin/with/foreign/back`], post_logout_redirect_uris: [`http://localhost:${port}/`], response_types: ["code"], grant_types: ["authorization_code"], token_endpoint_auth_method: "client_secret_basic" }],
      pkce: { required: () => true, methods: ["S256"] },
      conformIdTokenClaims: false,
      claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
      findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: id, name: `Personne ${id}`, email: `${id}@ac.test`, email_verified: true }) }),
    });
    foreign = provider.issuer;
    foreignServer = provider.listen(foreignPort, "localhost");
    writeFileSync(join(directory, "secret"), "s3cret/+ :\n");
    const table = (name, issuer, more) => `[[provider]]\nname = "${name}"\nlabel = "Service ${name}"\nissuer = "${issuer}"\nclient_id = "preau"\n${more}\n`;
    writeFileSync(join(directory, "preau.toml"),
      table("foreign", foreign, `client_secret_file = "${directory}/secret"\ncreate = true`) + table("liar", liar.issuer, "create = true") + table("other", other.issuer, "") + table("broken", broken.issuer, "") +
        `[outgoing]\nallow = ["127.0.0.1", "::1"]\n`);
    server = await Server.start(directory, { port });
  });
  after(async () => {
    await server.stop();
    await liar.stop();
    await other.stop();
    await broken.stop();
    foreignServer.closeAllConnections();
    await new Promise((closed) => foreignServer.close(closed));
  });

  const get = async (jar, path, headers = {}) => {
    const answer = await server.request("GET", path, { headers: { cookie: jar.line, "accept-language": "fr", ...headers } });
    jar.take(answer.headers);
    return answer;
  };
  const post = async (jar, path, form = {}) => {
    const answer = await server.request("POST", path, { headers: { cookie: jar.line, origin: server.origin, "content-type": "application/x-www-form-urlencoded" }, body: new URLSearchParams(form).toString() });
    jar.take(answer.headers);
    return answer;
  };
  const linkAddress = async (jar, name) => (await get(jar, "/account/providers")).text().match(new RegExp(`/signin/with/${name}\\?link=[^"]+`))[0];
  const signedIn = async (jar) => (await get(jar, "/account")).status === 200;

  // Goes through the foreign provider's own pages, as its browser would.
  const throughForeign = async (address, login, jar = new Jar()) => {
    let next = new URL(address);
    for (let step = 0; step < 12; step++) {
      if (next.origin === server.origin) return next;
      let answer = await fetch(next, { redirect: "manual", headers: { cookie: jar.line } });
      jar.take({ "set-cookie": answer.headers.getSetCookie() });
      if (answer.status === 200) {
        const form = new URLSearchParams((await answer.text()).includes('name="login"') ? { prompt: "login", login, password: "any" } : { prompt: "consent" });
        answer = await fetch(next, { method: "POST", redirect: "manual", headers: { cookie: jar.line }, body: form });
        jar.take({ "set-cookie": answer.headers.getSetCookie() });
      }
      assert.ok(answer.status > 300 && answer.status < 400, `${next}: ${answer.status}`);
      next = new URL(answer.headers.get("location"), next);
    }
    throw new Error("no way back");
  };

  it("shows a button for each and signs in by a real provider, with PKCE, twice the same person", async () => {
    const jar = new Jar();
    const page = (await get(jar, "/signin")).text();
    for (const name of ["foreign", "liar", "other"]) assert.ok(page.includes(`href="/signin/with/${name}"`), page);
    assert.match(page, /Se connecter avec Service foreign/);
    const begun = await get(jar, "/signin/with/foreign?to=/files");
    assert.equal(begun.status, 303);
    const address = new URL(begun.headers.location);
    assert.equal(address.searchParams.get("code_challenge_method"), "S256");
    assert.ok(address.searchParams.get("nonce").length >= 43);
    const back = await throughForeign(address, "zoe");
    const home = await get(jar, back.pathname + back.search);
    assert.equal(home.status, 303, home.text());
    assert.equal(home.headers.location, "/files");
    assert.ok(await signedIn(jar));
    assert.match((await get(jar, "/")).text(), /Personne/);
    const again = new Jar();
    const second = await throughForeign((await get(again, "/signin/with/foreign")).headers.location, "zoe");
    assert.equal((await get(again, second.pathname + second.search)).status, 303);
    assert.ok(await signedIn(again));
    const made = preau(["user", "link", "personne.zoe2", "--data", directory]);
    assert.equal(made.status, 1, "one account was made, not two");
    // Leaving leaves a choice.
    const left = await post(again, "/signout");
    assert.equal(left.headers.location, "/signedout?provider=foreign");
    assert.match((await get(again, left.headers.location)).text(), /Se déconnecter aussi de Service foreign/);
    assert.ok(!(await signedIn(again)));
  });

  it("links an account by proof of both sides, and never by the address", async () => {
    const jar = new Jar();
    assert.equal((await post(jar, "/signin", { login: "colleague", password, to: "/" })).status, 303);
    assert.match((await get(jar, "/account/providers")).text(), /Service foreign/);
    // Nobody else can begin it: the address is of this session's page.
    assert.equal((await get(jar, "/signin/with/foreign?link=1")).headers.location, "/account/providers");
    const back = await throughForeign((await get(jar, await linkAddress(jar, "foreign"))).headers.location, "nadia");
    const linked = await get(jar, back.pathname + back.search);
    assert.equal(linked.headers.location, "/account/providers?done=linked");
    const elsewhere = new Jar();
    const signing = await throughForeign((await get(elsewhere, "/signin/with/foreign")).headers.location, "nadia");
    assert.equal((await get(elsewhere, signing.pathname + signing.search)).status, 303);
    assert.match((await get(elsewhere, "/account")).text(), /colleague/);
  });

  // Begins at the liar and comes back with whatever it says.
  const answerOf = async (provider, jar, { change = (query) => query, name = "liar" } = {}) => {
    const begun = await get(jar, `/signin/with/${name}`);
    assert.equal(begun.status, 303, begun.text());
    const asked = new URL(begun.headers.location).searchParams;
    provider.nonce = asked.get("nonce");
    const query = change(new URLSearchParams({ code: "c", state: asked.get("state") }));
    return { query, answer: await get(jar, `/signin/with/${name}/back?${query}`) };
  };

  it("believes a provider of ours that tells the truth", async () => {
    liar.tell({});
    const jar = new Jar();
    const { answer } = await answerOf(liar, jar);
    assert.equal(answer.status, 303, answer.text());
    assert.ok(await signedIn(jar));
    const exchange = liar.asked.find(({ path }) => path === "/token");
    assert.ok(exchange.body.get("code_verifier").length >= 43);
    assert.equal(exchange.body.get("redirect_uri"), `${server.origin}/signin/with/liar/back`);
  });

  const seconds = () => Math.floor(Date.now() / 1000);
  for (const [lie, told] of [
    ["another issuer", () => ({ claims: { iss: "https://evil.example" } })],
    ["another audience", () => ({ claims: { aud: "somebody-else" } })],
    ["an audience of many without the party", () => ({ claims: { aud: ["somebody-else", "preau"] } })],
    ["another nonce", () => ({ nonce: "replayed" })],
    ["no nonce", () => ({ claims: { nonce: undefined } })],
    ["a token that has expired", () => ({ claims: { exp: seconds() - 120 } })],
    ["a token of tomorrow", () => ({ claims: { iat: seconds() + 3600, nbf: seconds() + 3600 } })],
    ["no signature (alg none)", () => ({ how: "none", header: { alg: "none" } })],
    ["a signature of another key", () => ({ how: "stranger" })],
    ["a key that nobody knows", () => ({ how: "stranger", header: { kid: "two" } })],
    ["the public key as a secret (HS256)", () => ({ how: "mac", header: { alg: "HS256" } })],
    ["no subject", () => ({ claims: { sub: "" } })],
  ])
    it(`refuses ${lie}`, async () => {
      liar.tell(told());
      const jar = new Jar();
      const { answer } = await answerOf(liar, jar);
      assert.equal(answer.status, 401, answer.text());
      assert.ok(![...jar.cookies.keys()].some((name) => /preau$/.test(name)), "no session");
      assert.ok(!(await signedIn(jar)));
    });

  it("takes an answer once, of the browser that asked, for the state that was asked", async () => {
    liar.tell({});
    const jar = new Jar();
    const begun = await get(jar, "/signin/with/liar");
    const asked = new URL(begun.headers.location).searchParams;
    liar.nonce = asked.get("nonce");
    const query = new URLSearchParams({ code: "c", state: asked.get("state") });
    const kept = new Jar();
    kept.cookies = new Map(jar.cookies);
    assert.equal((await get(new Jar(), `/signin/with/liar/back?${query}`)).status, 401, "another browser");
    assert.equal((await get(kept, `/signin/with/liar/back?code=c&state=guessed`)).status, 401, "another state");
    assert.equal((await get(jar, `/signin/with/liar/back?${query}`)).status, 303);
    const replayed = new Jar();
    replayed.cookies = new Map([...jar.cookies].filter(([name]) => !/preau$/.test(name)));
    for (const line of begun.headers["set-cookie"]) replayed.take({ "set-cookie": [line] });
    assert.equal((await get(replayed, `/signin/with/liar/back?${query}`)).status, 401, "replayed");
    assert.ok(!(await signedIn(replayed)));
  });

  it("does not take the answer of one provider for that of another", async () => {
    liar.tell({});
    other.tell({});
    const jar = new Jar();
    const asked = new URL((await get(jar, "/signin/with/liar")).headers.location).searchParams;
    other.nonce = liar.nonce = asked.get("nonce");
    const query = new URLSearchParams({ code: "c", state: asked.get("state") });
    const kept = new Map(jar.cookies);
    assert.equal((await get(jar, `/signin/with/other/back?${query}`)).status, 401);
    jar.cookies = new Map(kept);
    query.set("iss", other.issuer);
    assert.equal((await get(jar, `/signin/with/liar/back?${query}`)).status, 401);
    assert.ok(!(await signedIn(jar)));
  });

  it("asks for the second factor that the account has, whoever else says who it is", async () => {
    liar.tell({ claims: { sub: "with-a-key" } });
    const owner = new Jar();
    const { cookie } = await asAdministrator(server, "teacher"); // sets up an application and shows a code of it
    for (const pair of cookie.split("; ")) owner.cookies.set(...pair.split(/=(.*)/s).slice(0, 2));
    const asked = new URL((await get(owner, await linkAddress(owner, "liar"))).headers.location).searchParams;
    liar.nonce = asked.get("nonce");
    const linked = await get(owner, `/signin/with/liar/back?${new URLSearchParams({ code: "c", state: asked.get("state") })}`);
    assert.equal(linked.headers.location, "/account/providers?done=linked");
    const jar = new Jar();
    const { answer } = await answerOf(liar, jar);
    assert.equal(answer.status, 303, answer.text());
    assert.match(answer.headers.location, /^\/signin\/second/);
    assert.ok(!(await signedIn(jar)));
  });

  it("shows who is unknown here what to do, and makes no account unasked", async () => {
    other.tell({ claims: { sub: "nobody-here" } });
    const { answer } = await answerOf(other, new Jar(), { name: "other" });
    assert.equal(answer.status, 403);
    assert.match(answer.text(), /Activer mon compte/);
  });

  it("asks a provider that fails once, however many come", async () => {
    broken.tell({ discovery: { issuer: "https://evil.example" } });
    for (let i = 0; i < 5; i++) assert.equal((await get(new Jar(), "/signin/with/broken")).status, 503);
    assert.equal(broken.asked.length, 1, "a whole académie waits at its door");
  });

  it("asks for keys again once, and not for every token of a key that nobody knows", async () => {
    liar.tell({ how: "stranger", header: { kid: "two" } });
    for (let i = 0; i < 3; i++) assert.equal((await answerOf(liar, new Jar())).answer.status, 401);
    assert.ok(liar.asked.filter(({ path }) => path === "/jwks").length <= 1);
  });

  it("says so when a provider does not answer or names another", async () => {
    await other.stop();
    const jar = new Jar();
    // Its documents are known for an hour; what it does not answer is the exchange.
    const { answer } = await answerOf(other, jar, { name: "other" });
    assert.equal(answer.status, 503, answer.text());
    assert.ok((await get(jar, "/signin")).text().includes('name="password"'), "passwords go on working");
    other = await Liar.start();
  });
});
