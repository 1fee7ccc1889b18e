// Rules of the house that a machine can check, each with its reason. Prints file:line for each breach.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";

const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" })
  .split("\n")
  .filter((file) => file && existsSync(file) && !/^(node_modules|build|fuzz\/corpus)\//.test(file));
const cpp = tracked.filter((file) => /\.(cpp|hpp)$/.test(file));
const code = tracked.filter((file) => /\.(cpp|hpp|ts|mjs|css|html|sql|cmake)$|CMakeLists\.txt$/.test(file));

const rules = [
  {
    why: "SQL stands only in *_store.cpp and migrations, so that every query is named, registered and prepared in a test",
    files: cpp.filter((file) => !/(_store|_test)\.cpp$/.test(file) && !/^(libs\/db|bench|tests|fuzz)\//.test(file)),
    pattern: /R"\w*\(\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i,
  },
  {
    why: "Boost weighs up to 184,000 lines: only in libs/*/src and base/describe.hpp",
    files: cpp.filter((file) => !/^libs\/\w+\/src\//.test(file) && file !== "libs/base/include/base/describe.hpp"),
    pattern: /#include <boost\//,
  },
  { why: "a detached thread outlives what it uses", files: cpp, pattern: /\.detach\(\)/ },
  { why: "time comes in through Clock", files: cpp.filter((file) => !file.includes("base/src/clock")), pattern: /system_clock::now|\btime\(nullptr\)/ },
  { why: "using namespace in a header leaks into every file", files: cpp.filter((file) => file.endsWith(".hpp")), pattern: /using namespace/ },
  { why: "raw output is written {{{x}}}, which the loader takes for members of type Html alone: one spelling to look for", files: tracked.filter((file) => file.endsWith(".html")), pattern: /\{\{&/ },
  { why: "the CSP forbids inline script and style", files: tracked.filter((file) => file.endsWith(".html") && !file.endsWith("/mail_shell.html")), pattern: /\sstyle="|\son\w+="|<script(?![^>]*src=)|<style/ },
  { why: "French puts a no-break space before ; : ! ? » and after «: a plain one lets the sign fall to the next line", files: tracked.filter((file) => file.endsWith("/fr.po")), pattern: /^(msgstr|").*( [;:!?»]|« )/ },
  { why: "an unfinished thought belongs in an issue", files: code.filter((file) => file !== "tests/lint.mjs"), pattern: /\b(TODO|FIXME|XXX|HACK)\b/ },
  { why: "a skipped test is a hole", files: code.filter((file) => file !== "tests/lint.mjs"), pattern: /doctest::skip|\b(it|test|describe)\.skip\(/ },
];

let breaches = 0;
const report = (place, why) => {
  breaches += 1;
  console.error(`${place}: ${why}`);
};
for (const { why, files, pattern } of rules)
  for (const file of files)
    readFileSync(file, "utf8")
      .split("\n")
      .forEach((line, index) => {
        if (pattern.test(line) && !line.includes("lint: ")) report(`${file}:${index + 1}`, why);
      });

// A stack frame or a log line names one file.
const names = new Map();
for (const file of cpp) {
  const name = basename(file);
  if (names.has(name)) report(file, `there is another ${name}: ${names.get(name)}`);
  names.set(name, file);
}
for (const file of code) {
  const lines = readFileSync(file, "utf8").split("\n").length;
  if (lines > 800) report(file, `${lines} lines: split by feature (aim at 300, never over 800)`);
}
if (breaches) process.exit(1);
console.log(`${rules.length + 2} rules hold in ${code.length} files`);
