// What the set-up says when something is missing: one line that tells what to do, and exit code 1.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { discard, remove } from "../../tools/lib/setup/fresh.mjs";
import { standIns } from "../support/clones";
import { bareClone, command } from "../support/command";
import { expectFault } from "../support/fault-table";

/** Stand-ins for programs are shell scripts. */
const windows = process.platform === "win32";

let clone: string;
const bin = mkdtempSync(join(tmpdir(), "glassbox-bin-"));
beforeAll(() => {
  clone = bareClone();
});
afterAll(() => {
  rmSync(clone, { recursive: true, force: true });
  rmSync(bin, { recursive: true, force: true });
});

/** A folder with nothing in it but a python3 that gives this answer when asked about itself. */
function pathWithPython(answer: string): string {
  const folder = mkdtempSync(join(bin, "python-"));
  writeFileSync(join(folder, "python3"), `#!/bin/sh\necho "${answer}"\n`);
  chmodSync(join(folder, "python3"), 0o755);
  return folder;
}

/** Nothing answers on the discard port, so every registry is out of reach. */
const offline = {
  npm_config_registry: "http://127.0.0.1:9",
  npm_config_cache: join(bin, "npm-cache"),
  PIP_CONFIG_FILE: "/dev/null",
  PIP_INDEX_URL: "http://127.0.0.1:9/simple",
  PIP_EXTRA_INDEX_URL: "",
  PIP_FIND_LINKS: "",
  PIP_CACHE_DIR: join(bin, "pip-cache"),
  PIP_NO_INDEX: "",
};

test("what cannot be cleared away hides no reason", () => {
  const impossible = "\0"; // no name of a folder, so that removing it fails wherever this runs
  expect(() => remove(impossible)).toThrow();
  expect(() => discard(impossible)).not.toThrow();
});

describe("set-up", { timeout: 300_000 }, () => {
  test("a second run does nothing, and starts no other program", async () => {
    await command(["setup"]);
    // No program is found, and none is missed.
    const { status, output } = await command(["setup"], { env: { ...process.env, PATH: bin } });
    expect(output).toBe("Everything is set up.\n");
    expect(status).toBe(0);
  });

  test("no Python", async () => {
    const result = await command(["setup"], { cwd: clone, env: { ...process.env, PATH: bin } });
    expectFault("python-none", result);
  });

  test.skipIf(windows)("a Python that is too old", async () => {
    const env = { ...process.env, PATH: pathWithPython("3 9 whole") };
    const result = await command(["setup"], { cwd: clone, env });
    expectFault("python-old", result);
  });

  test.skipIf(windows)("a Python without its venv module", async () => {
    const env = { ...process.env, PATH: pathWithPython("3 11 no-venv") };
    const result = await command(["setup"], { cwd: clone, env });
    expectFault("python-venv", result);
  });

  test("a GLASSBOX_PYTHON that does not run", async () => {
    const env = { ...process.env, GLASSBOX_PYTHON: join(bin, "nowhere") };
    const result = await command(["setup"], { cwd: clone, env });
    expectFault("python-named", result);
  });

  test("an old Node", async () => {
    const preload = join(bin, "old-node.cjs");
    writeFileSync(
      preload,
      `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.19.0" } });`,
    );
    const result = await command(["setup"], { cwd: clone, nodeArgs: ["--require", preload] });
    expectFault("node-old", result);
  });

  test("no network for npm", async () => {
    const result = await command(["setup"], { cwd: clone, env: { ...process.env, ...offline } });
    expectFault("offline-npm", result);
  });

  test.skipIf(windows)("no network for pip", async () => {
    // npm is there, Python too: the real one.
    const env = { ...standIns({ venv: false }).env, ...offline };
    const result = await command(["setup"], { cwd: clone, env });
    expectFault("offline-pip", result);
  });
});
