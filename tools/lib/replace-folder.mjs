import { existsSync, renameSync, rmSync } from "node:fs";

/**
 * Put a finished folder in the place of an old one. The old one is gone for an instant only, and comes back when the
 * new one cannot be moved. Both must lie on one disk.
 * @param {string} fresh
 * @param {string} target
 */
export function replaceFolder(fresh, target) {
  const old = `${fresh}-old`;
  if (existsSync(target)) renameSync(target, old);
  try {
    renameSync(fresh, target);
  } catch (error) {
    if (existsSync(old)) renameSync(old, target);
    throw error;
  }
  rmSync(old, { recursive: true, force: true });
}
