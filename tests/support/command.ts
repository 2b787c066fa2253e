// Running the commands as a reader does, in a process of their own.
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../tools/lib/paths.mjs";
import { whyNotNative } from "../../tools/lib/setup.mjs";

export interface CommandResult {
  readonly status: number | null;
  readonly output: string;
}

interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly nodeArgs?: readonly string[];
}

/**
 * Whatever executes notebooks makes the reference native where it is not. In the checkout that is tested the tests leave it
 * as it is: what they compare with one another must have met one reference.
 */
export const leavingReference = (env: NodeJS.ProcessEnv, cwd: string): NodeJS.ProcessEnv =>
  cwd === root && env.GLASSBOX_REFERENCE === undefined && whyNotNative() !== undefined
    ? { ...env, GLASSBOX_REFERENCE: "wasm" }
    : env;

/** `node tools/glassbox.cjs …`, both streams in one. */
export function command(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const { cwd = root, env = process.env, nodeArgs = [] } = options;
  const child = spawn(process.execPath, [...nodeArgs, join(cwd, "tools/glassbox.cjs"), ...args], {
    cwd,
    env: leavingReference(env, cwd),
  });
  let output = "";
  const keep = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  return new Promise((resolve) => {
    child.on("close", (status) => resolve({ status, output }));
  });
}

/** A clone in which nothing is set up yet: the files that the set-up reads, in an empty folder. */
export function bareClone(): string {
  const clone = mkdtempSync(join(tmpdir(), "glassbox-clone-"));
  for (const name of [
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "tsconfig.base.json",
    "tools",
    "src",
  ]) {
    cpSync(join(root, name), join(clone, name), { recursive: true });
  }
  mkdirSync(join(clone, "notebooks"));
  cpSync(join(root, "notebooks/package.json"), join(clone, "notebooks/package.json"));
  return clone;
}
