// What a command leaves behind when it is stopped: nothing half-made, no key to a kernel, no folder that nobody will miss.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { root } from "../../tools/lib/paths.mjs";
import { command } from "../support/command";
import { expectFault } from "../support/fault-table";
import { writeCells } from "../support/notebook";

const base = mkdtempSync(join(tmpdir(), "glassbox-left-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

let folder: string;
let cache: string;
let temporary: string;
let out: string;
beforeEach(() => {
  folder = mkdtempSync(join(base, "case-"));
  [cache, temporary, out] = ["cache", "tmp", "out"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const made of [cache, temporary, out]) mkdirSync(made);
});

const environment = () => ({ ...process.env, GLASSBOX_CACHE: cache, TMPDIR: temporary });
const runs = (): string[] =>
  existsSync(join(cache, "runs"))
    ? readdirSync(join(cache, "runs"), { recursive: true, encoding: "utf8" })
    : [];
const start = () => ["start", "--from", join(folder, "mine"), "--to", out, "--reference", "cpu"];

/** `npm start` on a notebook that does not end, when its kernel is at work. */
async function atWork() {
  writeCells(join(folder, "mine/01-long.ipynb"), [`await new Promise(() => setInterval(() => {}, 1000));`]);
  const child = spawn(process.execPath, [join(root, "tools/glassbox.cjs"), ...start()], {
    env: environment(),
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const status = new Promise<number | null>((resolve) => child.on("close", resolve));
  while (!runs().some((name) => /kernel-.*\.json$/.test(String(name)))) await pause(50);
  await pause(1500);
  return { child, result: async () => ({ status: await status, output }) };
}

describe.skipIf(process.platform === "win32")("a stopped command", { timeout: 300_000 }, () => {
  test("while it works, the key of its kernel is its reader's alone, and not among the temporary files", async () => {
    await command(["setup"]);
    const { child, result } = await atWork();
    const kernel = runs().find((name) => /kernel-.*\.json$/.test(String(name)));
    const file = join(cache, "runs", String(kernel));
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(statSync(join(cache, "runs")).mode & 0o077).toBe(0);
    expect(readdirSync(temporary).filter((name) => name.endsWith(".json"))).toEqual([]);
    child.kill("SIGINT");
    expectFault("stopped-cells", await result());
    expect(runs()).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
    expect(readdirSync(out)).toEqual([]);
  });

  test("what a kill leaves, the next command clears away", async () => {
    const { child, result } = await atWork();
    child.kill("SIGKILL");
    await result();
    expect(runs()).not.toEqual([]);
    writeCells(join(folder, "mine/01-long.ipynb"), ["1;"]);
    expectFault("killed-cells", await command(start(), { env: environment() }));
    expect(runs()).toEqual([]);
  });

  test("a site that is half made when Ctrl-C comes is gone, and the old one is there", async () => {
    const program = `
      import { writeFileSync } from "node:fs";
      import { setTimeout as pause } from "node:timers/promises";
      import { publish } from ${JSON.stringify(join(root, "tools/lib/publish.mjs"))};
      await publish(${JSON.stringify(out)}, (fresh) => writeFileSync(fresh + "/index.html", "old"));
      await publish(${JSON.stringify(out)}, async (fresh) => {
        writeFileSync(fresh + "/index.html", "half");
        console.log("half made");
        await pause(60_000);
      });`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", program]);
    let output = "";
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    child.kill("SIGINT");
    const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
    expectFault("stopped-pages", { status, output });
    expect(readdirSync(out).sort()).toEqual([".glassbox-files.json", "index.html"]);
  });
});

describe("executed copies of notebooks of one's own", { timeout: 60_000 }, () => {
  /** Asks for the folder of copies as a command does. */
  function folderFor(from: string): string {
    const program = `
      import { executedFolder } from ${JSON.stringify(join(root, "tools/lib/executed.mjs"))};
      console.log(executedFolder(${JSON.stringify(from)}));`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
      env: environment(),
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    return stdout.trim();
  }

  test("go when their notebooks are gone, and when eight other folders were used since", () => {
    const sources = Array.from({ length: 12 }, (_, i) => join(folder, `notebooks-${i}`));
    const copies = sources.map((source) => {
      mkdirSync(source);
      const made = folderFor(source);
      writeFileSync(join(made, "01.ipynb"), "");
      return made;
    });
    expect(copies.filter(existsSync)).toHaveLength(8);
    expect(existsSync(copies[11] as string)).toBe(true);
    rmSync(sources[10] as string, { recursive: true });
    folderFor(sources[11] as string);
    expect(existsSync(copies[10] as string)).toBe(false);
    expect(copies.filter(existsSync)).toHaveLength(7);
  });
});

test("git is told of no half-made folder", () => {
  for (const name of [
    ".glassbox-new-123/index.html",
    "pages/.glassbox-new-123/index.html",
    ".glassbox/runs/x",
  ]) {
    const { status } = spawnSync("git", ["check-ignore", "--quiet", "--no-index", name], { cwd: root });
    expect(status, name).toBe(0);
  }
});
