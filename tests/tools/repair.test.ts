// A set-up that was stopped at any point, or damaged since, is mended by the next command. Half-states are made by hand.
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeModules } from "../../tools/lib/paths.mjs";
import { whyNotNative } from "../../tools/lib/setup.mjs";
import { compiledClone, spoil, standIns, whatDoesNotWork } from "../support/clones";
import { command } from "../support/command";
import { runsAll } from "../support/course";

const helpers = standIns();
let clone: string;
const at = (path: string) => join(clone, path);
const setup = () => command(["setup"], { cwd: clone, env: helpers.env });
const sitePackages = () => {
  const lib = at(".venv/lib");
  return join(lib, readdirSync(lib)[0] as string, "site-packages");
};

beforeAll(async () => {
  // The clone takes its compiled library from here.
  await command(["setup"]);
  clone = compiledClone();
  const { status, output } = await setup();
  expect(output).toMatch(/Everything is set up\.\n$/);
  expect(status).toBe(0);
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

describe.skipIf(process.platform === "win32")("a half-made set-up", { timeout: 300_000 }, () => {
  test("whole, is left alone", async () => {
    helpers.forget();
    expect((await setup()).output).toBe("Everything is set up.\n");
    expect(helpers.calls()).toEqual([]);
  });

  const states: [what: string, made: "npm ci" | "venv", spoilIt: () => void][] = [
    ["no packages at all", "npm ci", () => rmSync(at("node_modules"), { recursive: true })],
    [
      "an empty node_modules",
      "npm ci",
      () => {
        rmSync(at("node_modules"), { recursive: true });
        mkdirSync(at("node_modules"));
      },
    ],
    [
      "packages without a stamp: npm was interrupted",
      "npm ci",
      () => rmSync(at("node_modules/.glassbox-stamp")),
    ],
    [
      "packages whose record npm did not get to write",
      "npm ci",
      () => rmSync(at("node_modules/.package-lock.json")),
    ],
    [
      "a kernel that is half there under a good stamp",
      "npm ci",
      () => rmSync(at("node_modules/tslab/dist/main.js")),
    ],
    [
      "a compiler that is half there under a good stamp",
      "npm ci",
      () => rmSync(at("node_modules/typescript"), { recursive: true }),
    ],
    ["a file that was cut off", "npm ci", () => spoil(at("node_modules/tslab/dist/executor.js"), "half")],
    [
      "packages moved away, new ones not yet in their place",
      "npm ci",
      () => {
        mkdirSync(at(".glassbox/new"), { recursive: true });
        renameSync(at("node_modules"), at(".glassbox/new/node_modules-old-999999999"));
      },
    ],
    [
      "an old stamp over packages that do not load",
      "npm ci",
      () => {
        writeFileSync(at("node_modules/.glassbox-stamp"), "an earlier version's\n");
        rmSync(at("node_modules/tslab/dist/executor.js"));
      },
    ],
    ["no environment", "venv", () => rmSync(at(".venv"), { recursive: true })],
    ["an environment without Python", "venv", () => rmSync(at(".venv/bin/python"))],
    [
      "an environment without nbclient",
      "venv",
      () => rmSync(join(sitePackages(), "nbclient"), { recursive: true }),
    ],
    [
      "an environment with a file cut off",
      "venv",
      () => spoil(join(sitePackages(), "nbclient/client.py"), "half"),
    ],
  ];

  // Both ways in which most of them come about; npm run test:all makes every one.
  const common = /^(no environment|packages without a stamp)/;
  const these = states.filter(([what]) => runsAll || common.test(what));

  test.each(these)("%s: %s mends it", async (_, made, spoilIt) => {
    helpers.forget();
    spoilIt();
    const { status, output } = await setup();
    expect(output).toMatch(/Everything is set up\.\n$/);
    expect(status).toBe(0);
    expect(helpers.calls()).toEqual([made]);
    expect(whatDoesNotWork(clone, made)).toBeUndefined();
    expect(readdirSync(at(".glassbox/new"))).toEqual([]);
  });

  test("an old stamp over packages that load is taken over, without fetching anything", async () => {
    helpers.forget();
    writeFileSync(at("node_modules/.glassbox-stamp"), "an earlier version's\n");
    expect((await setup()).output).toBe("Everything is set up.\n");
    expect(helpers.calls()).toEqual([]);
    expect(readFileSync(at("node_modules/.glassbox-stamp"), "utf8")).toContain("tslab/dist/main.js");
  });

  test("scripts of the environment name its place, not where it was made", () => {
    for (const file of ["bin/pip", "bin/jupyter", "bin/activate", "pyvenv.cfg"]) {
      expect(readFileSync(at(`.venv/${file}`), "utf8"), file).not.toContain(".glassbox/new");
    }
  });

  test("an environment that is not ours is kept, and the way out is said", async () => {
    renameSync(at(".venv"), at("ours"));
    mkdirSync(at(".venv"));
    writeFileSync(at(".venv/pyvenv.cfg"), "somebody's");
    const { status, output } = await setup();
    expect(status).toBe(1);
    expect(output).toMatch(/\.venv was not made by Glassbox.*Rename it if it is yours, else delete it/);
    expect(readFileSync(at(".venv/pyvenv.cfg"), "utf8")).toBe("somebody's");
    rmSync(at(".venv"), { recursive: true });
    renameSync(at("ours"), at(".venv"));
  });

  test.skipIf(whyNotNative() !== undefined)("a native tfjs-node stays native", async () => {
    const native = "node_modules/@tensorflow/tfjs-node/lib";
    // A packages folder with the native parts, then an npm that brings the same packages without them.
    const more = [
      "@tensorflow",
      "@mapbox",
      ...readdirSync(nodeModules).filter((name) => !/^(\.|@)/.test(name)),
    ];
    const strip = `rm -rf ${native} node_modules/@tensorflow/tfjs-node/deps`;
    for (const after of ["", strip]) {
      rmSync(at("node_modules/.glassbox-stamp"));
      const { status } = await command(["setup"], { cwd: clone, env: standIns({ more, after }).env });
      expect(status).toBe(0);
    }
    expect(existsSync(at(native))).toBe(true);
    expect(whyNotNative("--compute", "--in", at("node_modules"))).toBeUndefined();
  });
});

describe.skipIf(process.platform === "win32")("stopping a set-up", { timeout: 300_000 }, () => {
  /** Starts a set-up whose npm waits, and resolves when that npm is at work. */
  async function atWork(npm: string) {
    rmSync(at("node_modules/.glassbox-stamp"), { force: true });
    const slow = standIns({ before: npm });
    const child = spawn(process.execPath, [at("tools/glassbox.cjs"), "setup"], { cwd: clone, env: slow.env });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    const closed = new Promise<number | null>((resolve) => child.on("close", resolve));
    while (slow.calls().length === 0) await pause(50);
    await pause(200);
    return { child, closed, output: () => output, slow };
  }

  test.each([
    ["SIGINT", "INT", 130],
    ["SIGTERM", "TERM", 143],
    ["SIGHUP", "HUP", 129],
  ] as const)(
    "%s reaches npm, waits for its end, and clears away what was half-made",
    async (signal, name, code) => {
      const ended = at("npm-ended");
      rmSync(ended, { force: true });
      const { child, closed, output } = await atWork(
        `trap 'sleep 1; touch "${ended}"; exit 1' ${name}; mkdir node_modules; for i in 1 2 3 4 5 6 7 8 9 10; do sleep 1; done`,
      );
      child.kill(signal);
      expect(await closed).toBe(code);
      expect(existsSync(ended), "npm came to its end first").toBe(true);
      expect(output()).toMatch(/Stopped\. What was finished is kept/);
      expect(readdirSync(at(".glassbox/new"))).toEqual([]);
      expect(existsSync(at(".glassbox/setup.lock"))).toBe(false);
      expect((await setup()).output).toMatch(/Everything is set up\.\n$/);
    },
  );

  test("a second Ctrl-C ends an npm that does not listen", async () => {
    const { child, closed } = await atWork("trap '' INT; for i in 1 2 3 4 5 6 7 8 9 10; do sleep 1; done");
    child.kill("SIGINT");
    await pause(300);
    child.kill("SIGINT");
    expect(await closed).toBe(130);
    expect((await setup()).output).toMatch(/Everything is set up\.\n$/);
  });

  test("after SIGKILL the next run clears away, and works while the orphan still writes", async () => {
    const { child, closed } = await atWork("mkdir node_modules; for i in 1 2 3 4 5 6; do sleep 1; done");
    child.kill("SIGKILL");
    await closed;
    expect(existsSync(at(".glassbox/setup.lock"))).toBe(true);
    expect((await setup()).output).toMatch(/Everything is set up\.\n$/);
    expect(whatDoesNotWork(clone)).toBeUndefined();
  });

  test("two at once: one works, the other waits and finds all in place", async () => {
    rmSync(at("node_modules/.glassbox-stamp"), { force: true });
    rmSync(at(".venv"), { recursive: true, force: true });
    helpers.forget();
    const results = await Promise.all([setup(), setup()]);
    for (const { status, output } of results) {
      expect(output).toMatch(/Everything is set up\.\n$/);
      expect(status).toBe(0);
    }
    expect(results.map(({ output }) => /Waiting for it/.test(output)).sort()).toEqual([false, true]);
    expect(helpers.calls().sort()).toEqual(["npm ci", "venv"]);
  });

  test.each([
    ["of a process that is no more", JSON.stringify({ pid: 999_999_999, host: "here", since: 0 })],
    ["that says nothing", ""],
  ])("a lock %s does not hold anybody up once it is old", async (_, text) => {
    const lock = at(".glassbox/setup.lock");
    writeFileSync(lock, text);
    utimesSync(lock, new Date(0), new Date(0));
    rmSync(at("node_modules/.glassbox-stamp"), { force: true });
    expect((await setup()).output).toMatch(/Everything is set up\.\n$/);
    expect(existsSync(lock)).toBe(false);
  });
});
