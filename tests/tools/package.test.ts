// The tarball that `npm pack` makes: what is in it, and (npm run test:all) that it works in somebody else's folder.
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../../tools/lib/paths.mjs";
import { command } from "../support/command";
import { expectFault } from "../support/fault-table";
import { writeCells } from "../support/notebook";

const folder = mkdtempSync(join(tmpdir(), "glassbox-package-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (file: string) => readFileSync(join(root, file), "utf8");
const asked = JSON.parse(read("package.json"));
const windows = process.platform === "win32";

let tarball: string;
let files: Map<string, number>;
let size: number;
beforeAll(async () => {
  await command(["setup"]);
  const { stdout, stderr } = spawnSync(
    "npm",
    ["pack", "--ignore-scripts", "--json", "--pack-destination", folder],
    {
      cwd: root,
      encoding: "utf8",
      shell: windows,
    },
  );
  if (stdout === "") throw new Error(stderr);
  const [packed] = JSON.parse(stdout);
  tarball = join(folder, packed.filename);
  size = packed.size;
  files = new Map(packed.files.map((file: { path: string; size: number }) => [file.path, file.size]));
}, 600_000);

describe("the tarball", () => {
  test("is for anybody, and has one version everywhere", () => {
    expect(asked.private).toBeUndefined();
    for (const [file, pattern] of [
      ["CITATION.cff", /^version: (.*)$/m],
      ["CHANGELOG.md", /^## (\d.*)$/m],
      ["notebooks/package.json", /"version": "(.*)"/],
      ["package-lock.json", /"version": "(.*)"/],
    ] as const) {
      expect(pattern.exec(read(file))?.[1], file).toBe(asked.version);
    }
  });

  test("holds every entry point with its types, the command, the licences", () => {
    const points = Object.values<string | Record<string, string>>(asked.exports).flatMap((point) =>
      typeof point === "string" ? [point] : Object.values(point),
    );
    const entries = [
      ...points,
      asked.main,
      asked.types,
      asked.bin.glassbox,
      "LICENSE",
      "docs/licences.md",
      "README.md",
    ];
    for (const entry of entries) expect(files.has(entry.replace(/^\.\//, "")), entry).toBe(true);
    for (const parts of Object.values<string[]>(asked.typesVersions["*"]))
      for (const part of parts) expect(files.has(part), part).toBe(true);
    expect(files.has("dist/licences.json")).toBe(true);
    expect(files.has("dist/fonts/source-serif-4-latin-wght-normal.woff2")).toBe(true);
  });

  test("holds no test, no notebook, nothing of this machine", () => {
    const foreign = [...files.keys()].filter((file) =>
      /^(tests|notebooks|node_modules|site|\.)|__pycache__|tools\/(mutants|lib\/check)/.test(file),
    );
    expect(foreign).toEqual([]);
    expect(size).toBeLessThan(3e6);
  });
});

describe.skipIf(windows)("a package in somebody's folder", { timeout: 600_000 }, () => {
  let home: string;
  const env = () => ({ ...process.env, GLASSBOX_CACHE: join(folder, "cache") });
  const glassbox = (args: string[], from = home) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(home, "node_modules/glassbox/tools/glassbox.cjs"), ...args],
      {
        cwd: from,
        env: env(),
        encoding: "utf8",
      },
    );
    return { status, output: stdout + stderr };
  };

  beforeAll(() => {
    // Unpacked as npm does it, beside the packages that it needs.
    home = join(folder, "home");
    mkdirSync(join(home, "node_modules/glassbox"), { recursive: true });
    spawnSync("tar", ["-xzf", tarball, "-C", join(home, "node_modules/glassbox"), "--strip-components=1"]);
    for (const name of ["katex", "plotly.js-dist", "tslab", "@tslab", "@tensorflow"]) {
      symlinkSync(join(root, "node_modules", name), join(home, "node_modules", name));
    }
  });

  test("has the commands that make sense there, and says what they do", () => {
    const none = glassbox([]);
    expect(none.output).toContain("There are: export, doctor.");
    expect(none.output).toContain(
      "glassbox export my.ipynb executes the notebook and writes my.html beside it.",
    );
    expectFault("package-command", glassbox(["start"]));
    expect(glassbox(["start"]).output).not.toContain("npx glassbox");
  });

  test("imports as a program of Node, every room", () => {
    const program = `
      const { Dense, Random } = require("glassbox");
      require("glassbox/notebook");
      console.log(new Dense(2, 3, { random: new Random(1) }).parameters.length);`;
    const { stdout, stderr } = spawnSync(process.execPath, ["-e", program], { cwd: home, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(stdout).toBe("2\n");
  });

  test("its types are read by a strict compiler", () => {
    writeFileSync(
      join(home, "program.ts"),
      `import { Dense, Random } from "glassbox";\nimport { figure } from "glassbox/notebook";\nconst d: Dense = new Dense(2, 3, { random: new Random(1) });\nvoid [d, figure];\n`,
    );
    const tsc = join(root, "node_modules/typescript/lib/tsc.js");
    for (const resolution of [["node10"], ["bundler", "--module", "esnext"]]) {
      const args = [
        tsc,
        "--noEmit",
        "--strict",
        "--target",
        "es2022",
        "--moduleResolution",
        ...resolution,
        "program.ts",
      ];
      const { status, stdout } = spawnSync(process.execPath, args, { cwd: home, encoding: "utf8" });
      expect(stdout).toBe("");
      expect(status).toBe(0);
    }
  });

  test("a page that somebody else wrote is not overwritten, a notebook that is not there is named", () => {
    writeCells(join(home, "theirs.ipynb"), ["1;"]);
    writeFileSync(join(home, "theirs.html"), "<p>mine");
    expectFault("export-theirs", glassbox(["export", "theirs.ipynb"]));
    expect(readFileSync(join(home, "theirs.html"), "utf8")).toBe("<p>mine");
    expectFault("export-missing", glassbox(["export", "nowhere.ipynb"]));
    expectFault("export-none", glassbox(["export"]));
  });
});

describe.skipIf(!process.env.GLASSBOX_TEST_ALL || windows)(
  "npx and npm with the tarball",
  { timeout: 1_200_000 },
  () => {
    const env = {
      ...process.env,
      GLASSBOX_CACHE: join(folder, "npx-cache"),
      npm_config_ignore_scripts: "true",
      npm_config_omit: "optional",
    };

    test("npx executes a notebook and writes its page; the library is there under a plain tslab", () => {
      const home = join(folder, "stranger");
      writeCells(join(home, "my.ipynb"), [
        `import { Matrix } from "glassbox";`,
        `console.log("sum", Matrix.from([[1, 2], [3, 4]]).toRows().flat().reduce((a, b) => a + b));`,
      ]);
      writeFileSync(join(home, "package.json"), "{}");
      // As a reader would: npx takes a path that does not begin with a dot for a command.
      copyFileSync(tarball, join(home, basename(tarball)));
      const exported = spawnSync("npx", ["--yes", `./${basename(tarball)}`, "export", "my.ipynb"], {
        cwd: home,
        env,
        encoding: "utf8",
      });
      expect(exported.stdout + exported.stderr).toContain("my.html");
      expect(exported.status).toBe(0);
      expect(readFileSync(join(home, "my.html"), "utf8")).toContain("sum 10");
      // Their folder holds their notebook and its page, and nothing else.
      expect(existsSync(join(home, "node_modules"))).toBe(false);

      const installed = spawnSync("npm", ["install", "--no-audit", "--no-fund", tarball], {
        cwd: home,
        env,
        encoding: "utf8",
      });
      expect(installed.stderr).not.toMatch(/npm error/);
      const jupyter = join(folder, "jupyter");
      const python = join(root, ".venv/bin/python");
      const tslab = join(home, "node_modules/.bin/tslab");
      spawnSync(tslab, ["install", "--python", python, "--prefix", jupyter, "--binary", tslab]);
      const run = spawnSync(
        python,
        ["-m", "jupyter", "nbconvert", "--to", "notebook", "--execute", "--stdout", "my.ipynb"],
        {
          cwd: home,
          env: { ...env, JUPYTER_PATH: join(jupyter, "share/jupyter"), JUPYTER_PREFER_ENV_PATH: "0" },
          encoding: "utf8",
        },
      );
      expect(run.stdout, run.stderr).toContain("sum 10");
    });
  },
);
