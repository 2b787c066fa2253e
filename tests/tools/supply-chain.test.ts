// What comes from others: each package as it was reviewed, by its digest; no script of theirs runs while they are
// installed; each licence is known. tools/dependencies.json is what was reviewed, with reasons.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { licencesDocument } from "../../tools/lib/licences.mjs";
import { root, venv } from "../../tools/lib/paths.mjs";
import { standIns } from "../support/clones";
import { bareClone, command } from "../support/command";
import { expectFault } from "../support/fault-table";

const read = (file: string) => readFileSync(join(root, file), "utf8");
const review = JSON.parse(read("tools/dependencies.json"));
const asked = JSON.parse(read("package.json"));

interface Locked {
  version: string;
  resolved?: string;
  integrity?: string;
  license?: string;
  hasInstallScript?: boolean;
  link?: boolean;
}
const locked = Object.entries<Locked>(JSON.parse(read("package-lock.json")).packages)
  .filter(([path, { link }]) => path.includes("node_modules/") && !link)
  .map(([path, entry]) => ({ name: path.split("node_modules/").at(-1) as string, ...entry }));

/** `MIT AND (ISC OR X)`: every part is on the list; of an OR, one will do. */
function isKnown(licence: string): boolean {
  const bare = licence.replace(/^\((.*)\)$/, "$1");
  if (bare.includes(" OR ")) return bare.split(" OR ").some(isKnown);
  return bare.split(" AND ").every((part) => part.trim() in review.licences);
}

describe("npm packages", () => {
  test("there are some", () => {
    expect(locked.length).toBeGreaterThan(100);
  });

  test("what is asked for is asked for exactly, and each has its reason", () => {
    const direct = { ...asked.dependencies, ...asked.devDependencies, ...asked.optionalDependencies };
    for (const [name, version] of Object.entries(direct)) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
    expect(Object.keys(direct).sort()).toEqual(Object.keys(review.direct).sort());
  });

  test("what stands in for another package is one that is here anyway, and says why", () => {
    expect(Object.keys(review.overrides)).toEqual(["@stdlib/*"]);
    for (const [name, other] of Object.entries(asked.overrides)) {
      expect(name).toMatch(/^@stdlib\//);
      const [, stand, version] = /^npm:(.*)@(.*)$/.exec(String(other)) as RegExpExecArray;
      expect(locked).toContainEqual(expect.objectContaining({ name: stand, version }));
    }
    expect(locked.filter(({ name }) => name.startsWith("@stdlib/"))).toHaveLength(3);
  });

  test("each is locked by a digest, and comes from npm's own registry", () => {
    for (const { name, integrity, resolved } of locked) {
      expect(integrity, name).toMatch(/^sha512-/);
      expect(new URL(resolved ?? "https://registry.npmjs.org").host, name).toBe("registry.npmjs.org");
    }
  });

  test("their install scripts are named, and off", async () => {
    const scripted = [
      ...new Set(locked.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name)),
    ];
    expect(scripted.sort()).toEqual(Object.keys(review.installScripts).sort());
    const clone = bareClone();
    const before = `echo "$*" > "${join(clone, "asked")}"; exit 1`;
    await command(["setup"], { cwd: clone, env: standIns({ before }).env });
    expect(readFileSync(join(clone, "asked"), "utf8")).toContain("ci --ignore-scripts");
    rmSync(clone, { recursive: true, force: true });
  });

  test("each licence is known, or has a reason", () => {
    const unknown = locked.filter(({ license }) => !isKnown(license ?? "none")).map(({ name }) => name);
    expect([...new Set(unknown)].sort()).toEqual(Object.keys(review.licenceExceptions).sort());
  });
});

describe("Python packages", () => {
  const requirements = read("tools/python/requirements.txt").replaceAll("\\\n", " ");
  const lines = requirements.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

  test("what is asked for is in the file with the digests, as asked", () => {
    const wanted = read("tools/python/requirements.in")
      .split("\n")
      .filter((line) => /^\w/.test(line));
    expect(wanted.map((line) => line.split("==")[0])).toEqual(Object.keys(review.pythonDirect).sort());
    for (const line of wanted) expect(lines.map((other) => other.split(" ")[0])).toContain(line);
  });

  test("each has one version and the digests of its files; one for every platform", () => {
    expect(lines.length).toBeGreaterThan(80);
    for (const line of lines) {
      expect(line).toMatch(/^[\w.-]+==[\w.]+( ; .+?)? +--hash=sha256:[0-9a-f]{64}/);
    }
    for (const platform of ["pywinpty", "appnope", "ptyprocess", "exceptiongroup"]) {
      expect(
        lines.some((line) => line.startsWith(`${platform}==`)),
        platform,
      ).toBe(true);
    }
  });

  test.each(["tensorflow-cpu", "tensorflow"])(
    "the wheel of %s, for the native reference, is taken by its digest",
    (name) => {
      const version = /const version = "(.*)"/.exec(read("tools/lib/setup/make-native.mjs"))?.[1];
      const file = read(`tools/python/${name}.txt`)
        .replaceAll("\\\n", " ")
        .split("\n")
        .filter((line) => /^\w/.test(line));
      expect(file).toHaveLength(1);
      expect(file[0]).toMatch(new RegExp(`^${name}==${version} .*--hash=sha256:[0-9a-f]{64}`));
    },
  );

  test("nothing is in the environment that is not in the file", () => {
    const names = new Set(lines.map((line) => normal(line.split("==")[0] as string)));
    const python = join(venv, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
    const script =
      "import importlib.metadata as m; print('\\n'.join(d.metadata['Name'] + '==' + d.version for d in m.distributions()))";
    const there = spawnSync(python, ["-c", script], { encoding: "utf8" }).stdout.trim().split("\n");
    const others = there.filter((line) => !names.has(normal(line.split("==")[0] as string)));
    expect(
      others
        .map((line) => line.split("==")[0])
        .filter((name) => !["pip", "setuptools"].includes(name as string)),
    ).toEqual([]);
  });

  const normal = (name: string) => name.toLowerCase().replace(/[-_.]+/g, "-");

  describe.skipIf(process.platform === "win32")(
    "with a package that is not the one reviewed",
    { timeout: 120_000 },
    () => {
      let wheels: string;
      beforeAll(() => {
        wheels = mkdtempSync(join(tmpdir(), "glassbox-wheels-"));
        const script = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1] + "/tiny-1.0-py3-none-any.whl", "w") as wheel:
    wheel.writestr("tiny.py", "")
    wheel.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1.0\\n")
    wheel.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr("tiny-1.0.dist-info/RECORD", "")
`;
        expect(spawnSync("python3", ["-c", script, wheels]).status).toBe(0);
      });

      test("the set-up refuses it", async () => {
        const clone = bareClone();
        mkdirSync(join(clone, "tools/python"), { recursive: true });
        writeFileSync(
          join(clone, "tools/python/requirements.txt"),
          `tiny==1.0 --hash=sha256:${"0".repeat(64)}\n`,
        );
        const env = {
          ...standIns({ venv: false }).env,
          PIP_CONFIG_FILE: "/dev/null",
          PIP_NO_INDEX: "1",
          PIP_FIND_LINKS: wheels,
        };
        const result = await command(["setup"], { cwd: clone, env });
        expectFault("other-digest", result);
        expect(readdirSync(clone)).not.toContain(".venv");
        rmSync(clone, { recursive: true, force: true });
      });
    },
  );
});

describe("licences of what pages carry", () => {
  test("docs/licences.md is what the packages say; npm run fix writes it", () => {
    expect(read("docs/licences.md")).toBe(licencesDocument());
  });
});
