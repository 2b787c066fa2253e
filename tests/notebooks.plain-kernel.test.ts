// The notebooks must not need our kernelspec: they run under the one that `tslab install` makes, as on a reader's machine.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { describeFailure, executeNotebooks } from "../tools/lib/execute.mjs";
import { nodeModules, notebooksFolder, tslab, venvPython } from "../tools/lib/paths.mjs";
import { someNotebooks } from "./support/course";

const prefix = mkdtempSync(join(tmpdir(), "glassbox-plain-kernel-"));
afterAll(() => rmSync(prefix, { recursive: true, force: true }));

test("notebooks run under a plain tslab kernel", { timeout: 900_000 }, async () => {
  const binary = join(nodeModules, ".bin", "tslab");
  execFileSync(process.execPath, [
    tslab,
    "install",
    "--python",
    venvPython,
    "--prefix",
    prefix,
    "--binary",
    binary,
  ]);
  const jupyter = join(prefix, "share/jupyter");
  const spec = JSON.parse(readFileSync(join(jupyter, "kernels/tslab/kernel.json"), "utf8"));
  expect(spec.argv).not.toContain("--require");

  const done: string[] = [];
  const failures = await executeNotebooks(
    someNotebooks().map((name) => join(notebooksFolder, name)),
    {
      out: join(prefix, "executed"),
      env: { JUPYTER_PATH: jupyter },
      onEvent: (event) => event.event === "done" && done.push(event.notebook),
    },
  );
  expect(failures.map(describeFailure)).toEqual([]);
  expect(done.sort()).toEqual(someNotebooks());
});
