// Disks that are small, full or closed, for one command: made in a mount namespace of its own, so that they are gone with
// it whatever happens. Linux, as root; elsewhere the tests that need them are skipped, and say so.
import { spawn, spawnSync } from "node:child_process";
import { describe } from "vitest";
import { root } from "../../tools/lib/paths.mjs";
import { type CommandResult, leavingReference } from "./command";

const canMount =
  process.platform === "linux" &&
  spawnSync("unshare", ["-m", "sh", "-c", "mount -t tmpfs -o size=1m none /mnt"]).status === 0;

/** `describe` for tests that need disks of their own. */
export function describeWithDisks(title: string, body: () => void): void {
  if (canMount) return void describe(title, { timeout: 300_000 }, body);
  console.warn(`Skipped, because no disk can be mounted here: ${title}`);
  describe.skip(`${title} (nothing can be mounted)`, body);
}

/** Shell that closes a folder to writing. */
export const closed = (folder: string) =>
  `mount --bind "${folder}" "${folder}" && mount -o remount,ro,bind "${folder}"`;

/** Shell that puts an empty disk of a size (`300k`, `5m`) over a folder. */
export const disk = (folder: string, size: string) => `mount -t tmpfs -o size=${size} none "${folder}"`;

/** Shell that fills a disk. */
export const filled = (folder: string) => `{ cat /dev/zero > "${folder}/ballast" 2> /dev/null || true; }`;

interface Plan {
  /** Shell lines that come first, such as `disk(…)`. */
  readonly before: readonly string[];
  /** Shell that comes last and whose output is `seen`: what the disk holds then. */
  readonly after?: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** `node tools/glassbox.cjs …` among such disks, both streams in one. */
export function commandAmongDisks(
  args: readonly string[],
  { before, after = "true", cwd = root, env = process.env }: Plan,
): Promise<CommandResult & { readonly seen: string }> {
  const quoted = args.map((arg) => `'${arg}'`).join(" ");
  const script = [
    "set -e",
    ...before,
    `status=0; '${process.execPath}' '${cwd}/tools/glassbox.cjs' ${quoted} || status=$?`,
    "echo; echo --seen--",
    `${after} || true`,
    "exit $status",
  ].join("\n");
  const child = spawn("unshare", ["-m", "sh", "-c", script], { cwd, env: leavingReference(env, cwd) });
  let text = "";
  const keep = (chunk: Buffer) => {
    text += chunk;
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  return new Promise((resolve) => {
    child.on("close", (status) => {
      const [output = "", seen = ""] = text.split("\n--seen--\n");
      resolve({ status, output, seen });
    });
  });
}
