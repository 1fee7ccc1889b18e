// A machine whose kernel lacks what the sandbox needs: previews are off and the administrator reads why, files are served.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { Server, asAdministrator, demoSchool, preau } from "./harness.mjs";

const corpus = (name) => readFileSync(new URL(`../../libs/preview/corpus/${name}`, import.meta.url));

const kernels = [
  { lacks: "no_user_namespaces", says: /namespaces/, pictures: true },
  { lacks: "no_landlock", says: /Landlock/, pictures: true },
  { lacks: "no_seccomp", says: /seccomp/, pictures: false },
];

for (const { lacks, says, pictures } of kernels)
  describe(`a kernel with ${lacks}`, () => {
    let server, headers, ids;
    before(async () => {
      const { directory } = demoSchool();
      server = await Server.start(directory, { env: { PREAU_FAULT: lacks } });
      headers = server.basic("teacher");
      const space = (await server.request("GET", "/api/files", { headers })).json().folder.id;
      ids = {};
      for (const name of ["lesson.pdf", "small.jpg"]) {
        const made = await server.request("PUT", `/api/files/${space}/children/${name}`, { headers, body: corpus(name) });
        assert.equal(made.status, 201, made.text());
        ids[name] = made.json().id;
      }
    });
    after(() => server.stop());

    // Follows the page's redirection to the second origin, as a browser does.
    const preview = async (name) => {
      const led = await server.request("GET", `/files/${ids[name]}/preview/thumb`, { headers });
      assert.equal(led.status, 302, led.text());
      const address = new URL(led.headers.location);
      return server.request("GET", address.pathname + address.search, { host: address.host });
    };

    it("has no preview of a PDF, and pictures only where their cage still holds", async () => {
      assert.equal((await preview("lesson.pdf")).status, 503);
      assert.equal((await preview("small.jpg")).status, pictures ? 200 : 503);
    });

    it("tells the administrator, on the page and on the command line", async () => {
      const page = (await server.request("GET", "/admin", { headers: await asAdministrator(server) })).text();
      assert.match(page, says);
      assert.match(page, /sans aperçu|no preview/);
      const doctor = preau(["doctor", "--data", server.directory]);
      assert.match(doctor.out + doctor.err, new RegExp(`warn\\s+previews of PDF: .*${says.source}`));
    });

    it("serves the files", async () => {
      for (const name of Object.keys(ids)) {
        const whole = await server.request("GET", `/api/files/${ids[name]}/content`, { headers });
        assert.equal(whole.status, 200);
        assert.ok(whole.bytes.equals(corpus(name)));
      }
    });
  });
