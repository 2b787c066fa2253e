// Finding a Python that can make a virtual environment, or saying in one line what is wrong with those that exist.
import { spawnSync } from "node:child_process";
import { Problem } from "./problem.mjs";

const oldest = [3, 10];

/** Prints the version, and whether `python -m venv` will work: Debian packs ensurepip apart. */
const question = `
import sys
try:
    import ensurepip, venv
    whole = "whole"
except ImportError:
    whole = "no-venv"
print(sys.version_info[0], sys.version_info[1], whole)
`;

/**
 * The first Python on the path that is new enough and complete. GLASSBOX_PYTHON names one to use instead.
 * @returns {{ program: string, version: string }}
 */
export function findPython() {
  const named = process.env.GLASSBOX_PYTHON;
  const names = named
    ? [named]
    : [
        "python3",
        "python",
        ...(process.platform === "win32" ? ["py"] : []),
        "python3.14",
        "python3.13",
        "python3.12",
        "python3.11",
        "python3.10",
      ];
  const seen = names.map(ask).filter((answer) => answer !== undefined);

  const good = seen.find((answer) => answer.recent && answer.whole);
  if (good) return good;

  const incomplete = seen.find((answer) => answer.recent);
  if (incomplete) {
    throw new Problem(
      `${incomplete.program} (Python ${incomplete.version}) cannot make virtual environments: its venv module is missing or incomplete. Install it (Debian, Ubuntu: apt install python3-venv) and run the command again.`,
    );
  }
  const wish =
    "Install Python 3.10 or newer (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python), or set GLASSBOX_PYTHON to one.";
  const old = seen[0];
  if (old)
    throw new Problem(`Python 3.10 or newer is needed; ${old.program} is Python ${old.version}. ${wish}`);
  throw new Problem(
    `Python 3.10 or newer is needed; ${named ? `${named} does not run` : "none was found"}. ${wish}`,
  );
}

/** @param {string} program */
function ask(program) {
  const { status, stdout } = spawnSync(program, ["-c", question], { encoding: "utf8", timeout: 20_000 });
  const match = /^(\d+) (\d+) (whole|no-venv)\s*$/.exec(status === 0 ? stdout : "") ?? undefined;
  if (!match) return undefined;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return {
    program,
    version: `${major}.${minor}`,
    recent: major > oldest[0] || (major === oldest[0] && minor >= oldest[1]),
    whole: match[3] === "whole",
  };
}
