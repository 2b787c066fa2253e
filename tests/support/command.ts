// Running the commands as a reader does, in a process of their own.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../tools/lib/paths.mjs";

export interface CommandResult {
  readonly status: number | null;
  readonly output: string;
  readonly milliseconds: number;
  /** When the first output that matches `until` arrived. */
  readonly reached: number | undefined;
}

interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly nodeArgs?: readonly string[];
  readonly until?: RegExp;
}

/** `node tools/glassbox.cjs …`, both streams in one. */
export function command(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const { cwd = root, env = process.env, nodeArgs = [], until } = options;
  const started = performance.now();
  const child = spawn(process.execPath, [...nodeArgs, join(cwd, "tools/glassbox.cjs"), ...args], {
    cwd,
    env,
  });
  let output = "";
  let reached: number | undefined;
  const keep = (chunk: Buffer) => {
    output += chunk;
    if (until?.test(output)) reached ??= performance.now() - started;
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  return new Promise((resolve) => {
    child.on("close", (status) =>
      resolve({ status, output, milliseconds: performance.now() - started, reached }),
    );
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

/** How much slower than a quiet machine this one is now, by the time that an empty Node takes: 50 ms where nothing else runs. */
function slowdown(): number {
  const started = performance.now();
  spawnSync(process.execPath, ["--eval", "0"]);
  return Math.max(1, (performance.now() - started) / 50);
}

/**
 * Measure until a time is short enough, five times at most: other work on the machine can only add to a time.
 * @returns the shortest, as it would be on a quiet machine
 */
export async function bestTime(limit: number, measure: () => Promise<number | undefined>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 5 && best >= limit; attempt++) {
    const busy = slowdown();
    best = Math.min(best, ((await measure()) ?? Number.POSITIVE_INFINITY) / busy);
  }
  return best;
}
