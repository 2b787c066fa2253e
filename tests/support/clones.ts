// Clones to set up, without a network and without long downloads: stand-ins for npm and for Python's venv take what
// they bring from this checkout.
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { dist, nodeModules, venv } from "../../tools/lib/paths.mjs";
import { findPython } from "../../tools/lib/python.mjs";
import { bareClone } from "./command";

export interface StandIns {
  readonly env: NodeJS.ProcessEnv;
  /** What the stand-ins were asked to do, a line each. */
  calls(): string[];
  forget(): void;
}

interface StandInOptions {
  /** Shell that the stand-in for npm runs first. */
  readonly before?: string;
  /** Shell that it runs last. */
  readonly after?: string;
  /** Packages to bring besides those that the set-up looks at. */
  readonly more?: readonly string[];
  /** Whether Python's venv has one, too. */
  readonly venv?: boolean;
}

/** What load-packages.cjs loads, with what that needs. */
const few = [
  ...["tslab", "@tslab", "commander", "semver", "zeromq", "cmake-ts", "node-addon-api", "@types/node"],
  ...["typescript", "esbuild", "@esbuild", "katex", "plotly.js-dist/package.json", ".package-lock.json"],
];

/** Programs to stand before the real ones on the path. */
export function standIns({
  before = "",
  after = "",
  more = [],
  venv: bringVenv = true,
}: StandInOptions = {}): StandIns {
  const bin = mkdtempSync(join(tmpdir(), "glassbox-stand-ins-"));
  const log = join(bin, "calls");
  writeFileSync(log, "");
  // Links cost nothing, and nothing ever writes into these files.
  const link = process.platform === "darwin" ? "cp -cR" : "cp -al";
  const bring = [...few, ...more].map(
    (name) =>
      `[ -e "${nodeModules}/${name}" ] && mkdir -p "node_modules/$(dirname ${name})" && ${link} "${nodeModules}/${name}" "node_modules/${name}"`,
  );
  const python = spawnSync(findPython().program, ["-c", "import sys; print(sys.executable)"], {
    encoding: "utf8",
  });
  const scripts = {
    npm: [`echo "npm $1" >> "${log}"`, before, ...bring, after, "true"].join("\n"),
    ...(bringVenv && {
      python3: `case "$*" in
      "-m venv "*) echo "venv" >> "${log}"; rm -rf "$3"; ${link} "${venv}" "$3" && rm -rf "$3/.glassbox-stamp" "$3/etc/jupyter/labconfig" ;;
      *) exec "${python.stdout.trim()}" "$@" ;;
    esac`,
    }),
  };
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return {
    env: {
      ...process.env,
      PATH: [bin, dirname(process.execPath), process.env.PATH].join(delimiter),
      ...(bringVenv && { GLASSBOX_PYTHON: join(bin, "python3") }),
    },
    calls: () => readFileSync(log, "utf8").split("\n").filter(Boolean),
    forget: () => writeFileSync(log, ""),
  };
}

/** A clone with packages and environment still to be set up, the library compiled: that takes a minute and is tried elsewhere. */
export function compiledClone(): string {
  const clone = bareClone();
  if (existsSync(dist)) cpSync(dist, join(clone, "dist"), { recursive: true });
  return clone;
}

/** Does what the set-up made work, the packages and the environment, or one of them? Says what does not. */
export function whatDoesNotWork(clone: string, part?: "npm ci" | "venv"): string | undefined {
  const looks = { "npm ci": "tryPackages().problem", venv: "tryVenv().problem" };
  const asked = part === undefined ? Object.values(looks) : [looks[part]];
  const script = `
    const { tryPackages } = await import(${JSON.stringify(join(clone, "tools/lib/setup/packages.mjs"))});
    const { tryVenv } = await import(${JSON.stringify(join(clone, "tools/lib/setup/python-environment.mjs"))});
    const problem = ${asked.join(" ?? ")};
    if (problem) { console.log(problem); process.exitCode = 1; }`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    encoding: "utf8",
  });
  return status === 0 ? undefined : stdout + stderr;
}

/** A file of a clone, broken without touching the one in this checkout that it is a link to. */
export function spoil(file: string, text: string): void {
  const whole = existsSync(file) ? readFileSync(file, "utf8") : "";
  cpSync(file, `${file}.copy`);
  spawnSync("mv", ["-f", `${file}.copy`, file]);
  if (text === "half") writeFileSync(file, whole.slice(0, whole.length / 2));
  else appendFileSync(file, text);
}
