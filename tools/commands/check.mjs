// npm run check: all that can be said about the code without running it.
import { checkCourse } from "../lib/check/course.mjs";
import { checkDeclarations } from "../lib/check/declarations.mjs";
import { checkNotebooks } from "../lib/check/notebooks.mjs";
import { checkSpelling } from "../lib/check/spelling.mjs";
import { checkCellStyle, checkSourceStyle } from "../lib/check/style.mjs";
import { checkCellTypes, checkProject } from "../lib/check/types.mjs";
import { Finding } from "../lib/problem.mjs";
import { setup } from "../lib/setup.mjs";

/** @typedef {string[] | { problems: string[], report: string[] }} Found problems alone, or beside what was measured */

/** @type {[title: string, check: () => Found | Promise<Found>][]} */
const checks = [
  ["format and lint of the sources", checkSourceStyle],
  ["format and lint of the code cells", checkCellStyle],
  ["notebooks without outputs, with ids", checkNotebooks],
  ["share of the idea, length of cells, reading times", checkCourse],
  ["spelling of the prose", checkSpelling],
  ["types of the library, without Node or browser", () => checkProject("tsconfig.library.json")],
  ["types of all of src", () => checkProject("tsconfig.json")],
  ["types of what runs in a page", () => checkProject("src/page/tsconfig.json")],
  ["types of the tests", () => checkProject("tests/tsconfig.json")],
  ["types of the tools", () => checkProject("tools/tsconfig.json")],
  ["types of the code cells", checkCellTypes],
  ["declarations, read by the kernel's TypeScript", checkDeclarations],
];

export default async function main() {
  await setup();
  let failed = 0;
  for (const [title, check] of checks) {
    const started = Date.now();
    const found = await check();
    const { problems, report } = Array.isArray(found) ? { problems: found, report: [] } : found;
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(`${problems.length === 0 ? "ok    " : "FAILED"} ${title} (${seconds} s)`);
    for (const line of report) console.log(`       ${line}`);
    for (const problem of problems) console.log(problem.replace(/^/gm, "       "));
    if (problems.length > 0) failed++;
  }
  if (failed > 0)
    throw new Finding(
      `${failed} of ${checks.length} checks failed. npm run fix puts right what can be put right by itself.`,
    );
  console.log("All checks passed.");
}
