// npm test: set up, then vitest. Arguments go to vitest: npm test -- tests/matrix.test.ts
import { spawn } from "node:child_process";
import { join } from "node:path";
import { nodeModules, root } from "../lib/paths.mjs";
import { setup } from "../lib/setup.mjs";

/** @param {string[]} args */
export default async function main(args) {
  await setup();
  const vitest = join(nodeModules, "vitest/vitest.mjs");
  const child = spawn(process.execPath, [vitest, "run", ...args], { cwd: root, stdio: "inherit" });
  process.exitCode = await new Promise((resolve) => child.on("close", (code) => resolve(code ?? 1)));
}
