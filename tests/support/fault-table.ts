// What can go wrong, and what the reader then sees: one row a fault, each held by a test that calls `expectFault` with its
// name. docs/faults.md is this table; tests/tools/fault-table.test.ts holds the two together.
import { expect } from "vitest";

interface Fault {
  readonly area: "set-up" | "disks" | "notebooks" | "pages" | "publishing" | "the machine" | "the package";
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
  expect(output).toMatch(patternOf(says));
  expect(output).not.toMatch(/Traceback \(most recent|This is a bug|^ {4}at .*\(?(node:|file:)/m);
  expect(status).toBe(code);
}
