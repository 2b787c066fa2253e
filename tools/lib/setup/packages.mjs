// The npm packages, as locked.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isPackage, kernelPreload, nodeModules, root } from "../paths.mjs";
import { Problem } from "../problem.mjs";
import { looksOffline, run, step, tail } from "../run.mjs";
import { fingerprint, isStamped, stamp } from "../stamp.mjs";
import { discard, freshFolder, replaceFolder } from "./fresh.mjs";
import { carryNative } from "./native.mjs";

/** What npm needs to know in order to fetch them. */
const recipe = ["package.json", "package-lock.json", "notebooks/package.json"];
const stampFile = join(nodeModules, ".glassbox-stamp");
const loader = fileURLToPath(new URL("load-packages.cjs", import.meta.url));

/** Are they there, and those that package.json and its lock ask for? */
export function arePackagesReady() {
  return isStamped(stampFile, packageFingerprint());
}

export async function installPackages() {
  if (arePackagesReady() || adoptOldInstallation()) return;
  await step("Installing npm packages", reinstallPackages);
}

/**
 * Fetch all of them anew, beside the old ones, and put them in their place when they have been seen to load. npm itself
 * cannot complete a node_modules that it was interrupted in: it takes a package that is half there for whole.
 */
export async function reinstallPackages() {
  const fresh = freshFolder("packages");
  try {
    for (const file of recipe) {
      mkdirSync(dirname(join(fresh, file)), { recursive: true });
      copyFileSync(join(root, file), join(fresh, file));
    }
    // Install scripts stay off: none of the packages needs one, and the one of tfjs-node waits for a download that many
    // networks refuse and then takes the package away.
    const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    const patience = ["--fetch-retries=1", "--fetch-retry-mintimeout=2000", "--fetch-timeout=60000"];
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    const { status, output, log } = await run("npm", npm, ["ci", ...quiet, ...patience], { cwd: fresh });
    if (status !== 0) {
      if (looksOffline(output)) {
        throw new Problem(
          `npm cannot reach its package registry. Connect to the network (behind a proxy: npm config set proxy …) and run the command again. Details: ${log}`,
        );
      }
      throw new Problem(`npm could not install the packages:\n${tail(output)}\nAll of it: ${log}`);
    }
    const made = join(fresh, "node_modules");
    linkWorkspace(made);
    const { problem, files } = tryPackages(fresh);
    if (problem) throw new Problem(`The npm packages were installed, but they do not load:\n${problem}`);
    carryNative(nodeModules, made);
    stampPackages(made, files);
    replaceFolder(made, nodeModules);
  } finally {
    discard(fresh);
  }
}

/** npm linked the workspace to where it stood. It stands in the checkout now; on Windows a link holds the whole path. @param {string} made */
function linkWorkspace(made) {
  if (process.platform !== "win32") return;
  for (const [name, target] of [
    ["glassbox", root],
    ["glassbox-notebooks", join(root, "notebooks")],
  ]) {
    rmSync(join(made, /** @type {string} */ (name)), { recursive: true, force: true });
    symlinkSync(/** @type {string} */ (target), join(made, /** @type {string} */ (name)), "junction");
  }
}

/**
 * Load what the commands stand on, in a process of its own.
 * @param {string} [folder] whose node_modules
 * @returns {{ problem?: string, files: string[] }} what does not load, or the files that were needed
 */
export function tryPackages(folder = root) {
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    [loader, folder, kernelPreload, ...(isPackage ? ["package"] : [])],
    {
      encoding: "utf8",
      cwd: folder,
    },
  );
  if (status === 0) return { files: JSON.parse(stdout.trim().split("\n").at(-1) ?? "[]") };
  const reason = /^\w*Error.*$/m.exec(stderr)?.[0];
  return { problem: reason ?? error?.message ?? (tail(stderr, 4) || "the process crashed"), files: [] };
}

/** @param {string} folder a node_modules @param {string[]} files that must be there */
function stampPackages(folder, files) {
  const everyPackage = Object.keys(installed(folder))
    .map((name) => `${name.replace(/^node_modules\//, "")}/package.json`)
    .filter((file) => existsSync(join(folder, file)));
  stamp(join(folder, ".glassbox-stamp"), packageFingerprint(folder), [
    ...new Set([...everyPackage, ...files]),
  ]);
}

/** What the packages were made from: what is asked for, what is locked, what npm says is there. @param {string} [folder] a node_modules */
export function packageFingerprint(folder = nodeModules) {
  const wanted = ["package.json", "notebooks/package.json"].map((file) => {
    const { dependencies, devDependencies, optionalDependencies, workspaces } = readJson(join(root, file));
    return JSON.stringify({ dependencies, devDependencies, optionalDependencies, workspaces });
  });
  return fingerprint([], [...wanted, JSON.stringify(locked()), JSON.stringify(installed(folder))]);
}

/** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean, link?: boolean }>} Packages */

/** The lock's packages, without our own. @returns {Packages} */
function locked() {
  return packagesIn(readJson(join(root, "package-lock.json")).packages);
}

/** npm's own record of what it put there, the last thing it writes. @param {string} folder @returns {Packages} */
function installed(folder) {
  const file = join(folder, ".package-lock.json");
  return existsSync(file) ? packagesIn(readJson(file).packages) : {};
}

/** @param {Packages} packages */
const packagesIn = (packages) =>
  Object.fromEntries(
    Object.entries(packages).filter(([path, { link }]) => path.startsWith("node_modules/") && !link),
  );

/** @param {string} file */
const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));

/** A set-up by an earlier version, whose stamp named no files: where all of it is there and loads, it is as good as a new one. */
function adoptOldInstallation() {
  if (!existsSync(stampFile) || readFileSync(stampFile, "utf8").trim().includes("\n")) return false;
  const there = installed(nodeModules);
  const isWhole = Object.entries(locked()).every(
    ([path, { version, optional }]) => optional || there[path]?.version === version,
  );
  if (!isWhole) return false;
  const { problem, files } = tryPackages();
  if (problem) return false;
  stampPackages(nodeModules, files);
  return true;
}
