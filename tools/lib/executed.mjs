// The executed copies of notebooks, kept between runs so that one notebook can be run anew and the others exported as they
// were. Each folder of notebooks has one. Those that nobody is likely to come back to go.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { executed, notebooksFolder } from "./paths.mjs";
import { remove } from "./setup/fresh.mjs";
import { shortHash } from "./short-hash.mjs";

/** As many are kept of other people's folders, the latest used. */
const KEPT = 8;
const sourceName = ".source";

/** The folder for the copies of a folder of notebooks. @param {string} from */
export function executedFolder(from) {
  if (from === notebooksFolder) return executed;
  const folder = `${executed}-${shortHash(from)}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, sourceName), from);
  utimesSync(folder, new Date(), new Date());
  prune(folder);
  return folder;
}

/** Copies of notebooks that are no longer there, and all but the latest. @param {string} current */
function prune(current) {
  const parent = dirname(executed);
  const others = readdirSync(parent)
    .filter((name) => name.startsWith(`${basename(executed)}-`))
    .map((name) => join(parent, name))
    .filter((folder) => folder !== current)
    .map((folder) => ({ folder, source: sourceOf(folder), used: statSync(folder).mtimeMs }))
    .sort((a, b) => b.used - a.used);
  const stale = others.filter(({ source }) => source === undefined || !existsSync(source));
  const beyond = others.filter((other) => !stale.includes(other)).slice(KEPT - 1);
  for (const { folder } of [...stale, ...beyond]) remove(folder);
}

/** @param {string} folder */
function sourceOf(folder) {
  const file = join(folder, sourceName);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
