// What a newcomer follows is true: the template runs, paths and commands that the texts and the workflow name are there.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readNotebook, sourceOf } from "../../tools/lib/cells.mjs";
import { root } from "../../tools/lib/paths.mjs";
import { command } from "../support/command";
import { expectFault } from "../support/fault-table";

const folder = mkdtempSync(join(tmpdir(), "glassbox-newcomers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const read = (file: string) => readFileSync(join(root, file), "utf8");
const { scripts } = JSON.parse(read("package.json"));

describe("npm run new:notebook", { timeout: 300_000 }, () => {
  const create = (...args: string[]) => command(["new-notebook", ...args, "--to", folder]);

  test("writes a notebook that runs and has a page", async () => {
    await command(["setup"]);
    const { status, output } = await create("10", `Attention: "keys" & Ünïts`);
    expect(status).toBe(0);
    expect(output).toContain("10-attention-keys-u-ni-ts.ipynb");
    const [name] = readdirSync(folder) as [string];
    const { cells } = readNotebook(name, folder);
    expect(sourceOf(cells[0] as (typeof cells)[0])).toMatch(
      /^# 10 · Attention: "keys" & Ünïts\n\n\*About 10 minutes\. Builds on 01\.\*/,
    );
    expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
    const exported = await command(["export", join(folder, name)]);
    expect(exported.output).toContain(".html");
    expect(exported.status).toBe(0);
    expect(readFileSync(join(folder, name.replace("ipynb", "html")), "utf8")).toContain("output");
  });

  test("takes nothing's place, and says what it needs", async () => {
    expectFault("new-there", await create("10", `Attention: "keys" & Ünïts`));
    expectFault("new-nameless", await create("10"));
  });
});

describe("what texts name is there", () => {
  const texts = [
    "README.md",
    "CONTRIBUTING.md",
    ".github/pull_request_template.md",
    ".github/workflows/ci.yml",
    "binder/postBuild",
    ".devcontainer/devcontainer.json",
  ];

  test.each(texts)("the commands in %s", (file) => {
    const named = [...read(file).matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name as string);
    for (const name of named) if (name !== "x") expect(Object.keys(scripts), name).toContain(name);
  });

  test.each(["README.md", "CONTRIBUTING.md"])("the files in %s", (file) => {
    const named = [...read(file).matchAll(/`((?:src|tests|tools|docs|notebooks)\/[\w./-]*)`/g)].map(
      ([, path]) => path as string,
    );
    const made = ["tools/commands/x.mjs"];
    expect(named.length).toBeGreaterThan(5);
    for (const path of named) if (!made.includes(path)) expect(existsSync(join(root, path)), path).toBe(true);
  });

  test("every command has a script, or is one's inner name", () => {
    const commands = readdirSync(join(root, "tools/commands")).map((name) => name.replace(".mjs", ""));
    const used = Object.values<string>(scripts).join("\n");
    for (const name of commands) expect(used).toMatch(new RegExp(`glassbox\\.cjs ${name}( |$)`, "m"));
  });

  test("the workflow tries every Node that is promised, three systems, and the same command as CI", () => {
    const workflow = read(".github/workflows/ci.yml");
    expect(workflow).toContain("node: [20, 22, 24, 26]");
    for (const system of ["ubuntu-", "macos-", "windows-"]) expect(workflow).toContain(system);
    expect(workflow).toContain("run: .ci/run");
    expect(workflow).toContain("path: site");
  });

  test("devcontainer and Binder use the set-up of every command", () => {
    expect(JSON.parse(read(".devcontainer/devcontainer.json")).postCreateCommand).toContain("npm run setup");
    expect(read("binder/postBuild")).toMatch(/^npm run setup$/m);
  });
});
