// npm run mutants: do the tests notice? Seeds plausible mistakes into a copy of the library, one at a time, and runs the
// tests that are to catch each. Exit code 1 when one survives. `-- --only adam` tries those with that in their file or words.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { nodeModules, root } from "../lib/paths.mjs";
import { Finding } from "../lib/problem.mjs";
import { setup } from "../lib/setup.mjs";
import { mistakes } from "../mutants/mistakes.mjs";
import { copies, makeCopy, runTests, seed, testsFor, work } from "../mutants/run.mjs";

/** @param {string[]} args */
export default async function main(args) {
  if (!existsSync(join(nodeModules, "vitest"))) await setup();
  const only = args.includes("--only") ? args[args.indexOf("--only") + 1] : undefined;
  const chosen = mistakes.filter(({ file, what }) => only === undefined || `${file} ${what}`.includes(only));
  // Every mistake must fit before the first is tried.
  for (const mistake of chosen) seed(mistake, readFileSync(join(root, "src", mistake.file), "utf8"));

  const started = Date.now();
  const folders = Array.from({ length: Math.min(2, availableParallelism()) }, (_, i) => makeCopy(String(i)));
  const tests = [...new Set(chosen.flatMap(({ file }) => testsFor(file)))];
  console.log(`${chosen.length} mistakes. First, the tests without any…`);
  const broken = await runTests(folders[0], tests);
  process.on("exit", () => rmSync(copies, { recursive: true, force: true }));
  if (broken !== undefined) throw new Finding(`The tests fail without a mistake: ${broken}`);

  /** @type {import("../mutants/run.mjs").Verdict[]} */
  const verdicts = [];
  const width = Math.max(...chosen.map(({ file }) => file.length));
  let place = 0;
  await Promise.all(
    folders.map((folder) =>
      work(
        folder,
        () => chosen[place++],
        (verdict) => {
          verdicts.push(verdict);
          const { mistake, noticed, seconds } = verdict;
          const mark = noticed === undefined ? "SURVIVED" : "caught  ";
          const by = noticed === undefined ? "" : `\n${" ".repeat(22 + width)}by: ${noticed}`;
          const count = `${verdicts.length}/${chosen.length}`.padStart(8);
          console.log(
            `${count}  ${mark}  ${mistake.file.padEnd(width)}  ${mistake.what} (${seconds.toFixed(1)} s)${by}`,
          );
        },
      ),
    ),
  );

  const survivors = verdicts.filter(({ noticed }) => noticed === undefined);
  const minutes = ((Date.now() - started) / 60_000).toFixed(1);
  console.log(
    `\n${verdicts.length - survivors.length} of ${verdicts.length} mistakes caught, in ${minutes} min.`,
  );
  for (const { mistake } of survivors) console.log(`  survived: ${mistake.file}: ${mistake.what}`);
  if (survivors.length > 0) throw new Finding();
}
