// The notebooks, executed once for a whole run of the tests: the first test file that asks does the work, the others wait.
// What `npm start` has executed, and what has not changed since, is taken from there.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describeFailure, executeNotebooks } from "../../tools/lib/execute.mjs";
import { allNotebooks } from "../../tools/lib/notebooks.mjs";
import { cache, executed, notebooksFolder } from "../../tools/lib/paths.mjs";
import { lastRuns, madeFrom } from "../../tools/lib/runs.mjs";
import { whyNotNative } from "../../tools/lib/setup.mjs";
import { runExporter } from "../site/sample";

export interface Executed {
  /** The folder of the executed copies. */
  readonly folder: string;
  /** How many messages the kernel sent for each notebook, by file name. */
  readonly runs: Readonly<Record<string, { messages: number }>>;
}

/** All workers of one run have one parent. */
const folder = join(cache, `test-run-${process.ppid}`);
const result = join(folder, "result.json");

/** Execute every notebook of the course, or wait until another test file has. Throws when one failed. */
export async function executedNotebooks(): Promise<Executed> {
  mkdirSync(cache, { recursive: true });
  const { failure, runs } = await once(folder, result, () => {
    forgetOldRuns();
    return execute();
  });
  if (failure) throw new Error(failure);
  return { folder, runs };
}

export interface Exported {
  /** The folder of the pages. */
  readonly pages: string;
  /** What the exporter said: nothing on stderr, when all is well. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Export the executed course, or wait until another test file has. */
export async function exportedCourse(): Promise<Exported> {
  await executedNotebooks();
  const pages = `${folder}-pages`;
  return once(pages, join(pages, "exported.json"), async () => {
    const { status, stdout, stderr } = runExporter(folder, pages);
    return { pages, status, stdout, stderr };
  });
}

/** What `work` gives, done by the first process that asks; `claim` is a folder that it makes, `result` a file for all. */
async function once<T>(claim: string, result: string, work: () => Promise<T>): Promise<T> {
  if (isFirst(claim)) {
    const outcome = await work();
    writeFileSync(`${result}.part`, JSON.stringify(outcome));
    renameSync(`${result}.part`, result);
    return outcome;
  }
  while (!existsSync(result)) await pause(200);
  return JSON.parse(readFileSync(result, "utf8"));
}

/** Making a folder succeeds for one process only. */
function isFirst(claim: string): boolean {
  try {
    mkdirSync(claim);
    return true;
  } catch {
    return false;
  }
}

async function execute() {
  let runs: Record<string, { messages: number }> = {};
  try {
    runs = takeMade();
    const missing = allNotebooks().filter((name) => !(name in runs));
    const failures = await executeNotebooks(
      missing.map((name) => join(notebooksFolder, name)),
      {
        out: folder,
        onEvent(event) {
          if (event.event === "done") runs[event.notebook] = { messages: event.messages };
        },
      },
    );
    return { failure: failures.map(describeFailure).join("\n\n"), runs };
  } catch (error) {
    return { failure: String(error), runs };
  }
}

/** The notebooks that `npm start` executed, and that would be executed to the same end again. */
function takeMade() {
  const runs: Record<string, { messages: number }> = {};
  const { GLASSBOX_REFERENCE: asked = "node" } = process.env;
  if (asked !== "node" || whyNotNative() !== undefined) return runs; // what is remembered was held to the native reference
  const last = lastRuns(executed);
  for (const [name, origin] of Object.entries(madeFrom(allNotebooks()))) {
    const run = last[name];
    const copy = join(executed, name);
    if (run === undefined || run.madeFrom !== origin || !existsSync(copy)) continue;
    cpSync(copy, join(folder, name));
    runs[name] = { messages: run.messages };
  }
  return runs;
}

function forgetOldRuns(): void {
  const anHourAgo = Date.now() - 3_600_000;
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    if (name.startsWith("test-run-") && !path.startsWith(folder) && statSync(path).mtimeMs < anHourAgo) {
      rmSync(path, { recursive: true, force: true });
    }
  }
}
