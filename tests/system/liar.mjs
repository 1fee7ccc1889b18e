// An OpenID Connect provider of our own making that can lie about everything (tests/system/providers_test.mjs).
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";

const encode = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

export class Liar {
  static async start() {
    const liar = new Liar();
    liar.server = createServer((request, response) => liar.answer(request, response));
    await new Promise((listening) => liar.server.listen(0, "127.0.0.1", listening));
    liar.issuer = `http://localhost:${liar.server.address().port}`;
    liar.key = generateKeyPairSync("rsa", { modulusLength: 2048 });
    liar.stranger = generateKeyPairSync("rsa", { modulusLength: 2048 });
    liar.tell({});
    return liar;
  }
  stop() {
    this.server.closeAllConnections();
    return new Promise((closed) => this.server.close(closed));
  }
  // What it says from now on: claims that differ, and how the token is signed.
  tell({ claims = {}, header = {}, how = "rsa", discovery = {}, nonce }) {
    Object.assign(this, { claims, header, how, discovery, otherNonce: nonce });
    this.asked = [];
  }
  token() {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: this.issuer, aud: "preau", sub: "u-17", nonce: this.otherNonce ?? this.nonce, iat: now, exp: now + 300, name: "Zoé Œuvrard", ...this.claims };
    const message = `${encode({ alg: "RS256", kid: "one", ...this.header })}.${encode(claims)}`;
    const signed = { rsa: () => sign("sha256", Buffer.from(message), this.key.privateKey), stranger: () => sign("sha256", Buffer.from(message), this.stranger.privateKey), none: () => Buffer.alloc(0),
      mac: () => createHmac("sha256", this.key.publicKey.export({ type: "spki", format: "pem" })).update(message).digest() };
    return `${message}.${signed[this.how]().toString("base64url")}`;
  }
  async answer(request, response) {
    const url = new URL(request.url, this.issuer);
    let body = "";
    for await (const part of request) body += part;
    this.asked.push({ path: url.pathname, body: new URLSearchParams(body), authorization: request.headers.authorization });
    const json = (value, status = 200) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (url.pathname === "/.well-known/openid-configuration")
      return json({ issuer: this.issuer, authorization_endpoint: `${this.issuer}/auth`, token_endpoint: `${this.issuer}/token`, jwks_uri: `${this.issuer}/jwks`, end_session_endpoint: `${this.issuer}/leave`, ...this.discovery });
    if (url.pathname === "/auth") { // nobody is asked anything: whoever comes is who it says
      this.nonce = url.searchParams.get("nonce");
      const back = `${url.searchParams.get("redirect_uri")}?code=c&state=${encodeURIComponent(url.searchParams.get("state"))}`;
      return response.writeHead(303, { location: back }).end();
    }
    if (url.pathname === "/jwks") return json({ keys: [{ ...this.key.publicKey.export({ format: "jwk" }), kid: "one", use: "sig" }] });
    if (url.pathname === "/token") return json({ access_token: "x", token_type: "Bearer", id_token: this.token() });
    return json({}, 404);
  }
}
