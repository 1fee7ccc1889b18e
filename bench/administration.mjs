// The administration of a ministry: 1.5 million accounts, 65,000 structures in 6 levels, 200,000 groups (one of 100,000
// members), 3 million memberships, generated in 10 minutes; every page's p99 at most 50 ms, over HTTP with one connection, and the
// server's memory. `node bench/administration.mjs 0.01` makes a hundredth of it, for a look.
import { statSync } from "node:fs";
import { join } from "node:path";
import { Server, demoSchool, goal, machine, pin, residentMegabytes, root, run, signIn, temporaryDirectory, wrk } from "./_bench.mjs";
import { asAdministrator } from "../tests/system/harness.mjs";

machine();
const scale = Number(process.argv[2] ?? 1);
const rounds = Number(process.env.PREAU_BENCH_ROUNDS ?? 200);
const { directory } = demoSchool(join(temporaryDirectory(), "data"));
const printed = run(join(root, "build/release/bench/fill_administration"), [directory, String(scale)]);
process.stdout.write(printed);
const id = (name) => printed.match(new RegExp(`^${name} (\\S+)$`, "m"))[1];
const [ministry, academy, department, district, school, person] = ["ministry", "academy", "department", "district", "school", "person"].map(id);
const generated = Number(printed.match(/generated in (\d+) s/)[1]);
console.log(`database: ${(statSync(join(directory, "main.db")).size / 1e9).toFixed(2)} GB`);

const server = await Server.start(directory);
pin(server.process.pid, 0);
const admin = await asAdministrator(server);
const given = await server.request("POST", "/api/admin/delegations", {
  headers: { ...admin, "content-type": "application/json" },
  body: JSON.stringify({ login: "colleague", role: "administration", structure: academy }),
});
if (given.status !== 201) throw new Error(given.text());
const delegate = await asAdministrator(server, "colleague");

let worst = 0;
// The address, or where the page before it led ("walk"): each round then asks for another page of the list.
async function measure(name, path, { headers = admin, walk = false } = {}) {
  const times = [];
  let next = path;
  let rows = 0;
  for (let round = 0; round < rounds + 5; round++) {
    const begin = process.hrtime.bigint();
    const answer = await server.request("GET", next, { headers });
    const took = Number(process.hrtime.bigint() - begin) / 1e6;
    if (answer.status !== 200) throw new Error(`${next}: ${answer.status} ${answer.text().slice(0, 300)}`);
    if (round >= 5) times.push(took);
    const text = answer.text();
    rows = Math.max(rows, (text.match(/<li>/g) ?? []).length);
    if (walk) next = text.match(/href="([^"]*(?:after|before)=[^"]*)"/)?.[1].replaceAll("&amp;", "&") ?? path;
  }
  times.sort((a, b) => a - b);
  const p99 = times[Math.floor(times.length * 0.99)];
  worst = Math.max(worst, p99);
  console.log(`${name}: p50 ${times[times.length >> 1].toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, up to ${rows} rows`);
}

await measure("everybody", "/admin/people", { walk: true });
for (const [name, where] of Object.entries({ ministry, academy, department, district, school }))
  await measure(`people of a ${name}`, `/admin/people?structure=${where}`, { walk: true });
for (const [name, query] of Object.entries({
  "heads everywhere": "function=head",
  "inspectors everywhere": "function=inspector",
  "heads of an académie": `structure=${academy}&function=head`,
  "inspectors of an académie": `structure=${academy}&function=inspector`,
  "heads of a school": `structure=${school}&function=head`,
  "closed accounts": "state=closed",
  "closed accounts of an académie": `structure=${academy}&state=closed`,
  "open librarians of a department": `structure=${department}&state=open&function=librarian`,
  "martin": "q=martin",
  "marie martin": "q=marie+martin",
  "ma (two letters)": "q=ma",
  "mar mar (both cut off)": "q=mar+mar",
  "martin in an académie": `q=martin&structure=${academy}`,
  "martin in a school": `q=martin&structure=${school}`,
  "closed martins": "q=martin&state=closed",
  "martin, inspectors": "q=martin&function=inspector",
  "a login": "q=agent1234",
  "a mail address": "q=agent12%40",
  "a mail address in an académie": `q=agent%40&structure=${academy}`,
  "nobody": "q=xylographe",
}))
  await measure(name, `/admin/people?${query}`, { walk: true });
await measure("a person", `/admin/people/${person}`);
await measure("groups", "/admin/groups", { walk: true });
for (const [name, where] of Object.entries({ academy, department, district, school }))
  await measure(`groups of a ${name}`, `/admin/groups?structure=${where}`, { walk: true });
for (const [name, query] of Object.entries({
  "closed groups": "state=closed",
  "groups without classes of an académie": `structure=${academy}&kind=group`,
  "6e": "q=6e",
  "6e in an académie": `q=6e&structure=${academy}`,
  "no group": "q=xylographe",
}))
  await measure(name, `/admin/groups?${query}`, { walk: true });
await measure("the tree", "/admin/structures");
await measure("schools of a district", `/admin/structures?under=${district}`, { walk: true });
await measure("structures: college", "/admin/structures?q=college", { walk: true });
await measure("a structure, to change", `/admin/structures/${school}`);
await measure("an académie, to change", `/admin/structures/${academy}`);
await measure("a structure, to read", `/structures/${school}`);
await measure("an académie, to read", `/structures/${academy}`);
for (const [name, query] of Object.entries({
  "open links": "",
  "open links of an académie": `structure=${academy}`,
  "open links of a department": `structure=${department}`,
  "open links of a school": `structure=${school}`,
  "links that write, without an end": `endless=1&writes=1`,
  "links of one person": "login=agent1234",
  "suspended links": "show=suspended-links",
  "public items": "show=public",
}))
  await measure(name, `/admin/shown?${query}`, { walk: true });
for (const [name, where] of Object.entries({ ministry, academy, department, school }))
  await measure(`all open links of a ${name}`, `/admin/shown/all?structure=${where}`);
await measure("the school year of a school", `/structures/${school}/year`);
for (const page of ["", "/delegations", "/why", "/jobs", "/mail", "/audit"]) await measure(`/admin${page}`, `/admin${page}`);
await measure("delegate: people", "/admin/people", { headers: delegate, walk: true });
await measure("delegate: martin", "/admin/people?q=martin", { headers: delegate, walk: true });
await measure("delegate: groups", "/admin/groups", { headers: delegate, walk: true });
await measure("delegate: structures", "/admin/structures?q=ecole", { headers: delegate, walk: true });
await measure("delegate: delegations", "/admin/delegations", { headers: delegate });
await measure("home", "/");

const teacher = { cookie: await signIn(server) };
wrk(`${server.origin}/`, { headers: teacher, duration: 2 });
const home = wrk(`${server.origin}/`, { headers: teacher });
const memory = residentMegabytes(server.process.pid);
goal("generated", generated, 600, generated <= 600, " s");
goal("p99 of the slowest page", worst.toFixed(1), 50, worst <= 50, " ms");
goal("home, one core", Math.round(home.rate), 8000, home.rate >= 8000 && home.errors === "0", " pages a second");
goal("memory of the server", Math.round(memory), 1500, memory <= 1500, " MB");
await server.stop();
