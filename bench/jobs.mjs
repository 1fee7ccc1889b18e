// 100,000 jobs enqueued and run; how long an event is on its way. Both with fsync, on the disk whose latency is printed.
import { join } from "node:path";
import { goal, machine, root, run, syncLatency, temporaryDirectory } from "./_bench.mjs";

machine();
const work = temporaryDirectory();
console.log(`disk fdatasync L = ${(syncLatency(work) * 1000).toFixed(3)} ms`);
const text = run(join(root, "build/release/bench/jobs_bench"), [work]);
process.stdout.write(text);
const all = Number(text.match(/small: .* after ([\d.]+) s/)[1]);
const p99 = Number(text.match(/p99 ([\d.]+) ms/)[1]);
goal("100,000 jobs enqueued and run on SQLite", all, 30, all < 30, " s");
goal("event to its subscriber, p99", p99, 20, p99 < 20, " ms");
