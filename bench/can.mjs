// can() on a tree 12 deep for a person in 50 groups, warm.
import { join } from "node:path";
import { goal, machine, root, run, temporaryDirectory } from "./_bench.mjs";

machine();
const text = run("taskset", ["-c", "0", join(root, "build/release/bench/can_bench"), temporaryDirectory()]);
process.stdout.write(text);
const worst = Math.max(...[...text.matchAll(/([\d.]+) µs/g)].map((found) => Number(found[1])));
goal("can(), 12 deep, 50 groups", worst, 20, worst < 20, " µs");
