// An import of 200,000 people: new ones, and the same list again.
import { join } from "node:path";
import { goal, machine, root, run, syncLatency, temporaryDirectory } from "./_bench.mjs";

machine();
const rows = Number(process.env.PREAU_BENCH_ITEMS ?? 200_000);
const directory = temporaryDirectory();
console.log(`fdatasync of the disk: ${(syncLatency(directory) * 1000).toFixed(2)} ms`);
const printed = run("taskset", ["-c", "0", join(root, "build/release/bench/import_bench"), directory, String(rows)]);
console.log(printed.trim());
const rate = Number(printed.match(/best (\d+)/)[1]);
goal("unchanged rows of an import", rate, 20_000, rate >= 20_000, " a second");
