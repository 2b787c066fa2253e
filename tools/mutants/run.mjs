// Seeds one mistake at a time into a copy of the library and runs the tests that are to notice it.
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cache, nodeModules, root } from "../lib/paths.mjs";
import { Problem } from "../lib/problem.mjs";
import { compileSimd } from "../lib/simd.mjs";
import { noticedBy } from "./mistakes.mjs";

/** @typedef {import("./mistakes.mjs").Mistake} Mistake */

/**
 * @typedef {object} Verdict
 * @property {Mistake} mistake
 * @property {string | undefined} noticed the title of the first test that failed; undefined for a survivor
 * @property {number} seconds
 */

/** The tests that are to notice a mistake. @param {string} file under src/ @returns {string[]} */
export function testsFor(file) {
  const found = noticedBy.find(([start]) => file.startsWith(/** @type {string} */ (start)));
  return /** @type {string[]} */ (found?.[1]);
}

/** Puts the mistake into a source text. @param {Mistake} mistake @param {string} source */
export function seed({ file, what, find, replace }, source) {
  const count = source.split(find).length - 1;
  if (count !== 1) {
    throw new Problem(
      `The mistake "${what}" no longer fits src/${file}: its piece occurs ${count} times there, not once. ` +
        "Bring tools/mutants/mistakes.mjs up to date.",
    );
  }
  return source.replace(find, () => replace);
}

/** Where this run spoils its copies; another run at the same time has its own. */
export const copies = join(cache, `mutants-${process.pid}`);

/** A copy of what the tests need, in which sources may be spoiled. @param {string} name */
export function makeCopy(name) {
  const folder = join(copies, name);
  mkdirSync(folder, { recursive: true });
  for (const part of [
    "src",
    "tests",
    "tools",
    "package.json",
    "vitest.config.mts",
    "tsconfig.json",
    "tsconfig.base.json",
  ]) {
    if (existsSync(join(root, part))) cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  symlinkSync(nodeModules, join(folder, "node_modules"), "junction");
  return folder;
}

/**
 * Runs test files in a copy.
 * @param {string} folder
 * @param {string[]} tests
 * @returns {Promise<string | undefined>} the title of a test that failed; undefined when all pass
 */
export function runTests(folder, tests) {
  const report = join(folder, "report.json");
  rmSync(report, { force: true });
  const args = ["run", ...tests, "--bail=1", "--maxWorkers=1", "--reporter=json", `--outputFile=${report}`];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(nodeModules, "vitest/vitest.mjs"), ...args], {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    let errors = "";
    child.stderr.on("data", (chunk) => {
      errors += chunk;
    });
    // A mistake may make a loop endless. That, too, is noticed.
    const patience = setTimeout(() => child.kill("SIGKILL"), 180_000);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(patience);
      if (signal !== null) return resolve("(the tests never came to an end)");
      if (!existsSync(report)) return reject(new Problem(`vitest did not run in ${folder}:\n${errors}`));
      const { testResults } = JSON.parse(readFileSync(report, "utf8"));
      for (const { assertionResults, message, status } of testResults) {
        for (const test of assertionResults) {
          if (test.status === "failed") return resolve(test.fullName);
        }
        if (status === "failed") return resolve(`(${String(message).split("\n")[0]})`);
      }
      if (code !== 0 || testResults.length === 0) {
        return reject(new Problem(`vitest ended with code ${code} and no failed test:\n${errors}`));
      }
      resolve(undefined);
    });
  });
}

/**
 * Tries mistakes one after another in one copy.
 * @param {string} folder
 * @param {() => Mistake | undefined} next
 * @param {(verdict: Verdict) => void} tell
 */
export async function work(folder, next, tell) {
  for (let mistake = next(); mistake !== undefined; mistake = next()) {
    const path = join(folder, "src", mistake.file);
    const healthy = readFileSync(path, "utf8");
    const started = Date.now();
    writeFileSync(path, seed(mistake, healthy));
    // The SIMD kernels run from the bytes that their sources compile to.
    const simd = join(folder, "src/numbers/kernels/simd");
    const bytes = readFileSync(join(simd, "bytes.ts"), "utf8");
    try {
      if (mistake.file.includes("simd/assembly/")) {
        writeFileSync(join(simd, "bytes.ts"), await compileSimd(simd));
      }
      const noticed = await runTests(folder, testsFor(mistake.file));
      tell({ mistake, noticed, seconds: (Date.now() - started) / 1000 });
    } finally {
      writeFileSync(path, healthy);
      writeFileSync(join(simd, "bytes.ts"), bytes);
    }
  }
}
