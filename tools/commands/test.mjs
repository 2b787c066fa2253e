// npm test: set up, then vitest. Arguments go to vitest: npm test -- tests/matrix.test.ts
// npm run test:all (`--all`): the notebooks whose cells run twice under a plain kernel, which JupyterLab shows, and whose
// pages run in two browsers, are all of them, not a sample; so are the ways in which a set-up is damaged.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { nodeModules, root } from "../lib/paths.mjs";
import { Finding } from "../lib/problem.mjs";
import { setup } from "../lib/setup.mjs";

/** @param {string[]} args */
export default async function main(args) {
  await setup();
  const vitest = join(nodeModules, "vitest/vitest.mjs");
  const all = args.includes("--all");
  const child = spawn(process.execPath, [vitest, "run", ...args.filter((arg) => arg !== "--all")], {
    cwd: root,
    env: { ...process.env, ...(all && { GLASSBOX_TEST_ALL: "1" }) },
    stdio: "inherit",
  });
  const code = await new Promise((resolve) => child.on("close", (code) => resolve(code ?? 1)));
  if (code === 1) throw new Finding();
  process.exitCode = code;
}
