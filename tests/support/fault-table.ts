// What can go wrong, and what the reader then sees: one row a fault, each held by a test that calls `expectFault` with its
// name. docs/faults.md is this table; tests/tools/fault-table.test.ts holds the two together.
import { expect } from "vitest";

const areas = [
  "the machine",
  "set-up",
  "disks",
  "arguments",
  "notebooks",
  "pages",
  "publishing",
  "the package",
] as const;

interface Fault {
  readonly area: (typeof areas)[number];
  readonly fault: string;
  /** What is printed; "…" stands for anything on the line. */
  readonly says: string;
  /** The exit code of the command. */
  readonly code: number;
  readonly kept: string;
}

export const faults = {
  "full-npm": {
    area: "disks",
    fault: "the disk fills up while npm installs",
    says: "The disk is full…. What was there before is kept as it was. Make room and run the command again",
    code: 1,
    kept: "the old packages, if any; nothing half-made is left",
  },
  "full-venv": {
    area: "disks",
    fault: "the disk fills up while the Python environment is made",
    says: "The disk is full…. What was there before is kept as it was. Make room and run the command again",
    code: 1,
    kept: "the npm packages; nothing half-made is left",
  },
  "full-cells": {
    area: "disks",
    fault: "the disk of the working files is full while notebooks run",
    says: "The disk is full…. What was there before is kept as it was. Make room and run the command again",
    code: 1,
    kept: "the pages of the last good run",
  },
  "full-in-cell": {
    area: "disks",
    fault: "a cell itself writes to a full disk",
    says: "ENOSPC: no space left on device, write",
    code: 1,
    kept: "the page of the last good run; the other notebooks get theirs",
  },
  "full-pages": {
    area: "disks",
    fault: "the disk of the pages fills up while they are written",
    says: "The disk is full…. What was there before is kept as it was. Make room and run the command again",
    code: 1,
    kept: "the pages that were there, and the executed notebooks",
  },
  "closed-fresh": {
    area: "disks",
    fault: "a checkout that cannot be written, with nothing set up",
    says: "… cannot be written: working in a copy of it, ….",
    code: 0,
    kept: "the checkout; what the reader changes in the copy",
  },
  "closed-set-up": {
    area: "disks",
    fault: "a checkout that cannot be written, set up",
    says: "… cannot be written: working files and pages are in ….",
    code: 0,
    kept: "the checkout; pages and working files go where one can write",
  },
  "closed-build": {
    area: "disks",
    fault: "a command that changes the checkout, where it cannot be written",
    says: "… cannot be written: its disk is read-only. What was there before is kept as it was. Allow writing there",
    code: 1,
    kept: "everything",
  },
  "closed-to": {
    area: "publishing",
    fault: "`--to` a folder that cannot be written",
    says: "Pages cannot go to …: … cannot be written. Nothing was written. Name another folder.",
    code: 1,
    kept: "everything; it is said before any notebook runs",
  },
  "to-mount": {
    area: "publishing",
    fault: "`--to` a mount point",
    says: "2 pages in …. Open …index.html",
    code: 0,
    kept: "what else is on that disk",
  },
  "stopped-cells": {
    area: "notebooks",
    fault: "Ctrl-C while notebooks run",
    says: "Stopped. What was finished is kept, what was half-made is cleared away; run the command again to go on.",
    code: 130,
    kept: "the pages; the kernel has ended, and the file with its key is gone",
  },
  "killed-cells": {
    area: "notebooks",
    fault: "the command was killed while notebooks ran, and is run again",
    says: "2 pages in …",
    code: 0,
    kept: "everything but what the kill left half-made, which goes now",
  },
  "stopped-pages": {
    area: "pages",
    fault: "Ctrl-C while pages are written",
    says: "Stopped. What was finished is kept, what was half-made is cleared away; run the command again to go on.",
    code: 130,
    kept: "the old pages, all of them",
  },
  "other-digest": {
    area: "set-up",
    fault: "a Python package that is not the one reviewed",
    says: "… is not the file that was reviewed: its digest is another. Nothing of it was installed.",
    code: 1,
    kept: "the old environment, if any",
  },
  "package-command": {
    area: "the package",
    fault: "a command that there is in a checkout only",
    says: `There is no command "start". There are: export, doctor.`,
    code: 1,
    kept: "everything",
  },
  "export-theirs": {
    area: "the package",
    fault: "`export` where a page of that name is somebody else's",
    says: "…theirs.html is there already, and Glassbox did not write it. Nothing was done. Name another folder: --to.",
    code: 1,
    kept: "everything; it is said before the notebook runs",
  },
  "export-missing": {
    area: "the package",
    fault: "`export` of a notebook that is not there",
    says: "There is no notebook …nowhere.ipynb.",
    code: 1,
    kept: "everything",
  },
  "export-none": {
    area: "the package",
    fault: "`export` of nothing",
    says: "No notebook is named.",
    code: 1,
    kept: "everything",
  },
  "notebook-empty": {
    area: "notebooks",
    fault: "an empty file",
    says: "notebook-empty.ipynb is empty. Delete it, or restore it from a copy.",
    code: 1,
    kept: "its page of the last good run; the other notebooks get theirs",
  },
  "notebook-merged": {
    area: "notebooks",
    fault: "the marks of a merge in the file",
    says: "notebook-merged.ipynb holds the marks of a merge (<<<<<<<, >>>>>>>). Choose one side in an editor for text.",
    code: 1,
    kept: "its page of the last good run; the other notebooks get theirs",
  },
  "notebook-half": {
    area: "notebooks",
    fault: "a file that was cut off",
    says: "notebook-half.ipynb is not JSON: line 1",
    code: 1,
    kept: "its page of the last good run; the other notebooks get theirs",
  },
  "notebook-other": {
    area: "notebooks",
    fault: "JSON that is no notebook",
    says: "notebook-other.ipynb … not a notebook",
    code: 1,
    kept: "its page of the last good run; the other notebooks get theirs",
  },
  "notebook-nameless": {
    area: "notebooks",
    fault: "a notebook that names no kernel",
    says: "notebook-nameless.ipynb names no kernel",
    code: 1,
    kept: "its page of the last good run; the other notebooks get theirs",
  },
  "notebook-julia": {
    area: "notebooks",
    fault: "a kernel that is not installed",
    says: 'notebook-julia.ipynb asks for the kernel "julia-1.9", which is not installed here (there are: …). Choose another in JupyterLab and save.',
    code: 1,
    kept: "its page of the last good run; the other notebooks get theirs",
  },
  "notebook-shape": {
    area: "notebooks",
    fault: "a cell that breaks the format",
    says: "notebook-shape.ipynb breaks the format",
    code: 1,
    kept: "its page of the last good run; the other notebooks get theirs",
  },
  "cell-throws": {
    area: "notebooks",
    fault: "a cell throws",
    says: "cell-throws.ipynb, code cell 2 (id cell-2) failed.",
    code: 1,
    kept: "its page of the last good run; the other notebooks get theirs",
  },
  "cell-rejects": {
    area: "notebooks",
    fault: "a cell awaits a promise that is rejected",
    says: "Error: too late",
    code: 1,
    kept: "its page of the last good run; the other notebooks get theirs",
  },
  "cell-type": {
    area: "notebooks",
    fault: "a cell has an error of types",
    says: "not assignable",
    code: 1,
    kept: "its page of the last good run; the other notebooks get theirs",
  },
  "cell-exits": {
    area: "notebooks",
    fault: "a cell ends the kernel",
    says: "The kernel ended while the cell was running (exit code 3).",
    code: 1,
    kept: "its page of the last good run; the other notebooks get theirs",
  },
  "cell-lost": {
    area: "notebooks",
    fault: "a promise is rejected, and nobody awaits it",
    says: "a rejected promise",
    code: 1,
    kept: "its page of the last good run; the other notebooks get theirs",
  },
  "cell-timer": {
    area: "notebooks",
    fault: "an error is thrown from a timer",
    says: "thrown where nothing could catch it",
    code: 1,
    kept: "its page of the last good run; the other notebooks get theirs",
  },
  "cell-package": {
    area: "notebooks",
    fault: "a cell asks for a package that is not there",
    says: "Cannot find module 'not-here'",
    code: 1,
    kept: "its page of the last good run; the other notebooks get theirs",
  },
  "cell-forever": {
    area: "notebooks",
    fault: "a cell does not end",
    says: "The cell was still running after 5 s. --cell-timeout allows more (0: no limit).",
    code: 1,
    kept: "its page of the last good run; the other notebooks get theirs",
  },
  "cell-memory": {
    area: "notebooks",
    fault: "a cell takes all memory",
    says: "The cell needs more memory than the kernel may use (… MB). Let it keep less, or allow more: NODE_OPTIONS=--max-old-space-size=8192",
    code: 1,
    kept: "its page of the last good run; the other notebooks get theirs",
  },
  "page-picture": {
    area: "pages",
    fault: "a picture that is not there",
    says: 'page-picture.ipynb, cell "text": the picture cat.png does not exist: put it beside the notebook',
    code: 1,
    kept: "everything; the page is written, with a note in its place",
  },
  "page-remote": {
    area: "pages",
    fault: "a picture from the network",
    says: 'page-remote.ipynb, cell "text": the picture https://example.org/cat.png is not on this machine, and a page loads nothing: save it beside the notebook',
    code: 1,
    kept: "everything; the page is written, with a note in its place",
  },
  "page-script": {
    area: "pages",
    fault: "an output that loads a script",
    says: 'page-script.ipynb, cell "cell-1": the output wants to load …, and a page loads nothing: let it bring its script along',
    code: 1,
    kept: "everything; the page is written, with a note in its place",
  },
  "page-formula": {
    area: "pages",
    fault: "a formula that is none",
    says: 'page-formula.ipynb, cell "text": the formula … is shown as it was',
    code: 1,
    kept: "everything; the page is written, with a note in its place",
  },
  "argument-notebook": {
    area: "arguments",
    fault: "a notebook that is not there",
    says: 'There is no notebook "77". There are:',
    code: 1,
    kept: "everything; it is said before any work",
  },
  "argument-reference": {
    area: "arguments",
    fault: "an unknown backend",
    says: '--reference takes node, wasm or cpu, not "gpu".',
    code: 1,
    kept: "everything; it is said before any work",
  },
  "argument-option": {
    area: "arguments",
    fault: "an unknown option",
    says: "Usage: npm start",
    code: 1,
    kept: "everything; it is said before any work",
  },
  "argument-timeout": {
    area: "arguments",
    fault: "a time limit that is no number",
    says: '--cell-timeout takes whole seconds (0: no limit), not "soon".',
    code: 1,
    kept: "everything; it is said before any work",
  },
  "argument-from": {
    area: "arguments",
    fault: "`--from` a folder without notebooks",
    says: "There are no notebooks in …nowhere.",
    code: 1,
    kept: "everything; it is said before any work",
  },
  "argument-command": {
    area: "arguments",
    fault: "a command that is not there",
    says: 'There is no command "sart". There are: …',
    code: 1,
    kept: "everything; it is said before any work",
  },
  "argument-crosscheck": {
    area: "arguments",
    fault: "an unknown backend for the cross-check",
    says: '--reference takes node, wasm or cpu, not "gpu".',
    code: 1,
    kept: "everything; it is said before any work",
  },
  "to-own": {
    area: "publishing",
    fault: "`--to` the folder of the notebooks",
    says: "Pages cannot go to …: the notebooks lie there…. Nothing was written. Name another folder.",
    code: 1,
    kept: "everything; it is said before any work",
  },
  "to-around": {
    area: "publishing",
    fault: "`--to` a folder around the notebooks",
    says: "Pages cannot go to …: the notebooks (…) lie in it…. Nothing was written. Name another folder.",
    code: 1,
    kept: "everything; it is said before any work",
  },
  "to-checkout": {
    area: "publishing",
    fault: "`--to` the checkout",
    says: "Pages cannot go to …: it is the checkout itself…. Nothing was written. Name another folder.",
    code: 1,
    kept: "everything; it is said before any work",
  },
  "to-sources": {
    area: "publishing",
    fault: "`--to` a part of the checkout",
    says: "Pages cannot go to …: src is a part of the checkout…. Nothing was written. Name another folder.",
    code: 1,
    kept: "everything; it is said before any work",
  },
  "to-file": {
    area: "publishing",
    fault: "`--to` a file",
    says: "Pages cannot go to …: it is a file…. Nothing was written. Name another folder.",
    code: 1,
    kept: "everything; it is said before any work",
  },
  "to-notebooks": {
    area: "publishing",
    fault: "`--to` a folder with other notebooks",
    says: "Pages cannot go to …: it holds notebooks (05.ipynb)…. Nothing was written. Name another folder.",
    code: 1,
    kept: "everything; it is said before any work",
  },
  "to-page": {
    area: "publishing",
    fault: "`--to` a folder with a page of somebody else's",
    says: "Pages cannot go to …: index.html is there already, and Glassbox did not write it…. Nothing was written. Name another folder.",
    code: 1,
    kept: "everything; it is said before any work",
  },
  "to-list": {
    area: "publishing",
    fault: "the list of what is ours cannot be read",
    says: "… says which files of that folder Glassbox wrote, and cannot be read. Nothing was written. Name another folder, or delete that list and the pages beside it.",
    code: 1,
    kept: "everything",
  },
  "python-none": {
    area: "set-up",
    fault: "no Python",
    says: "Python 3.10 or newer is needed; none was found. Install",
    code: 1,
    kept: "everything; nothing is fetched",
  },
  "python-old": {
    area: "set-up",
    fault: "a Python that is too old",
    says: "Python 3.10 or newer is needed; python3 is Python 3.9. Install",
    code: 1,
    kept: "everything; nothing is fetched",
  },
  "python-venv": {
    area: "set-up",
    fault: "a Python without its venv module",
    says: "python3 (Python 3.11) cannot make virtual environments: its venv module is missing or incomplete. Install it (Debian, Ubuntu: apt install python3-venv) and run the command again.",
    code: 1,
    kept: "everything; nothing is fetched",
  },
  "python-named": {
    area: "set-up",
    fault: "`GLASSBOX_PYTHON` names a program that does not run",
    says: "Python 3.10 or newer is needed; …nowhere does not run.",
    code: 1,
    kept: "everything; nothing is fetched",
  },
  "node-old": {
    area: "set-up",
    fault: "a Node that is too old",
    says: "Node 20 or newer is needed; this is Node 18.19.0. Install a newer one and run the command again.",
    code: 1,
    kept: "everything; nothing is fetched",
  },
  "offline-npm": {
    area: "set-up",
    fault: "no network for npm",
    says: "npm cannot reach its package registry. Connect to the network (behind a proxy: npm config set proxy …) and run the command again.",
    code: 1,
    kept: "the old packages, if any",
  },
  "offline-pip": {
    area: "set-up",
    fault: "no network for pip",
    says: "pip cannot reach its package index. Connect to the network (behind a proxy: set HTTPS_PROXY) and run the command again.",
    code: 1,
    kept: "the npm packages, and the old environment, if any",
  },
  "doctor-bare": {
    area: "the machine",
    fault: "nothing is set up",
    says: "BROKEN   npm packages, kernel, compiler: not installed yet: npm run setup",
    code: 1,
    kept: "everything: the doctor changes nothing",
  },
  "doctor-python": {
    area: "the machine",
    fault: "no Python",
    says: "BROKEN   Python: Python 3.10 or newer is needed; none was found. Install",
    code: 1,
    kept: "everything: the doctor changes nothing",
  },
  "doctor-venv": {
    area: "the machine",
    fault: "a Python without its venv module",
    says: "BROKEN   Python: python3 (Python 3.11) cannot make virtual environments",
    code: 1,
    kept: "everything: the doctor changes nothing",
  },
  "doctor-packages": {
    area: "the machine",
    fault: "packages that are half there",
    says: "BROKEN   npm packages, kernel, compiler: they do not load (…). Delete node_modules and run npm run setup.",
    code: 1,
    kept: "everything: the doctor changes nothing",
  },
  "doctor-environment": {
    area: "the machine",
    fault: "an environment that is none",
    says: "BROKEN   Python environment: it does not load (…). Delete .venv and run npm run setup.",
    code: 1,
    kept: "everything: the doctor changes nothing",
  },
  "doctor-kernel": {
    area: "the machine",
    fault: "a kernelspec that names a Node that is gone",
    says: "BROKEN   kernelspec: it names …, which is gone: npm run setup writes it",
    code: 1,
    kept: "everything: the doctor changes nothing",
  },
  "doctor-chromium": {
    area: "the machine",
    fault: "`CHROMIUM_PATH` names a program that does not run",
    says: "BROKEN   Chromium, for tests and screenshots: CHROMIUM_PATH names …, which does not run. Name another, or unset it.",
    code: 1,
    kept: "everything: the doctor changes nothing",
  },
  "doctor-proxy": {
    area: "the machine",
    fault: "a proxy that does not answer",
    says: "BROKEN   proxy: HTTPS_PROXY=… does not answer. Correct the variable, or unset it; downloads wait for it in vain.",
    code: 1,
    kept: "everything: the doctor changes nothing",
  },
  "doctor-compiler": {
    area: "the machine",
    fault: "no compiler",
    says: "without  C++ compiler, for the native reference: g++ and make not found.",
    code: 1,
    kept: "everything: the doctor changes nothing",
  },
  "doctor-disk": {
    area: "the machine",
    fault: "a disk with no room for a set-up",
    says: "BROKEN   disk: … GB free; a set-up from nothing takes up to 2.2 GB. Make room.",
    code: 1,
    kept: "everything: the doctor changes nothing",
  },
  "doctor-closed": {
    area: "the machine",
    fault: "packages in a folder that cannot be written",
    says: "BROKEN   permissions: … cannot be written. Allow it, or delete it and run npm run setup.",
    code: 1,
    kept: "everything: the doctor changes nothing",
  },
  "new-there": {
    area: "arguments",
    fault: "`new:notebook` with a name that is taken",
    says: "….ipynb is there already. Nothing was written.",
    code: 1,
    kept: "everything",
  },
  "new-nameless": {
    area: "arguments",
    fault: "`new:notebook` without a title",
    says: "A number and a title are needed.",
    code: 1,
    kept: "everything",
  },
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;

/** What a row says, as a pattern: one line, "…" stands for anything on it. */
export function patternOf(says: string): RegExp {
  const parts = says.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(parts.join(".*"));
}

/** Does the row hold? And is there no trace of a program that fell over? */
export function expectFault(name: FaultName, { status, output }: { status: number | null; output: string }) {
  const { says, code } = faults[name];
  expect(output, `exit code ${status}`).toMatch(patternOf(says));
  expect(output).not.toMatch(/Traceback \(most recent|This is a bug|^ {4}at .*\(?(node:|file:)/m);
  expect(status).toBe(code);
}

/** docs/faults.md */
export function faultsDocument(): string {
  const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
  const rows: Fault[] = Object.values(faults);
  return [
    "# What can go wrong",
    "",
    "And what you then see. Each row is held by a test, which fails when a word of it changes; `…` stands for what differs from",
    "one machine to the next. The doctor is `npm run doctor`.",
    ...areas.flatMap((area) => [
      "",
      `## ${area.charAt(0).toUpperCase()}${area.slice(1)}`,
      "",
      "| fault | what you see | exit code | what was kept |",
      "| --- | --- | --- | --- |",
      ...rows
        .filter((row) => row.area === area)
        .map(({ fault, says, code, kept }) => `| ${cell(fault)} | ${cell(says)} | ${code} | ${cell(kept)} |`),
    ]),
    "",
  ].join("\n");
}
