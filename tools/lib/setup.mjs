// From a fresh clone to something that runs: npm packages, a Python environment, the kernel, the build. Each part is made
// beside its place, seen to load, stamped and moved in whole. Where the stamp still fits and what it vouches for is there,
// the part costs a few milliseconds; where not, it is made anew.

import { isPackage } from "./paths.mjs";
import { findPython } from "./python.mjs";
import { sweepRuns } from "./run-folder.mjs";
import { sweep } from "./setup/fresh.mjs";
import { writeKernelspecs } from "./setup/kernelspec.mjs";
import { buildLibrary as build, isLibraryReady } from "./setup/library.mjs";
import { alone } from "./setup/lock.mjs";
import { arePackagesReady, installPackages } from "./setup/packages.mjs";
import { createVenv, isVenvReady } from "./setup/python-environment.mjs";

export { jupyterEnvironment } from "./setup/kernelspec.mjs";
export { whyNotNative } from "./setup/native.mjs";

/** Set up whatever is missing or out of date. Says nothing when all is in place. */
export async function setup() {
  if (!isSetUp()) {
    await alone(setUp, {
      onWait: (pid) =>
        console.log(`Another command (process ${pid ?? "unknown"}) is setting up here. Waiting for it …`),
    });
  }
  sweepRuns();
  writeKernelspecs();
}

/** As a package we come with the library compiled, and npm has brought the others. */
export const isSetUp = () => isVenvReady() && (isPackage || (arePackagesReady() && isLibraryReady()));

async function setUp() {
  sweep();
  // Ask for Python before the long downloads: whoever has none should hear it at once.
  const python = isVenvReady() ? undefined : findPython();
  // At the same time: both wait for their registry more than they compute. Both have ended, well or not, before we go on.
  const ends = await Promise.allSettled([!isPackage && installPackages(), python && createVenv(python)]);
  const failed = ends.find((end) => end.status === "rejected");
  if (failed) throw failed.reason;
  if (!isPackage) await build();
}

/** Compile src/ to dist/. @param {boolean} force whatever the stamp says */
export function buildLibrary(force) {
  return alone(() => build(force));
}
