// The notebooks, executed once for a whole run of the tests: the first test file that asks does the work, the others wait.
// GLASSBOX_TEST_STARTED says that `npm start` has just executed them, as in CI: then the tests are held to what it made.
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
import { describeFailure, executeNotebooks, lastRuns } from "../../tools/lib/execute.mjs";
import { allNotebooks } from "../../tools/lib/notebooks.mjs";
import { cache, executed, notebooksFolder } from "../../tools/lib/paths.mjs";
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
    return process.env.GLASSBOX_TEST_STARTED ? takeStarted() : execute();
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
  const runs: Record<string, { messages: number }> = {};
  const notebooks = allNotebooks().map((name) => join(notebooksFolder, name));
  try {
    const failures = await executeNotebooks(notebooks, {
      out: folder,
      onEvent(event) {
        if (event.event === "done") runs[event.notebook] = { messages: event.messages };
      },
    });
    return { failure: failures.map(describeFailure).join("\n\n"), runs };
  } catch (error) {
    return { failure: String(error), runs };
  }
}

/** What `npm start` made, whole. */
async function takeStarted() {
  const made = lastRuns();
  const runs = Object.fromEntries(allNotebooks().map((name) => [name, made[name]]));
  for (const name of allNotebooks()) cpSync(join(executed, name), join(folder, name));
  return { failure: "", runs };
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
