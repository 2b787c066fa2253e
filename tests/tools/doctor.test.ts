// What the doctor says of broken machines: a line that tells what to do, and exit code 1.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bareClone, command } from "../support/command";

let clone: string;
const empty = mkdtempSync(join(tmpdir(), "glassbox-no-programs-"));
beforeAll(() => {
  clone = bareClone();
});
afterAll(() => {
  for (const folder of [clone, empty]) rmSync(folder, { recursive: true, force: true });
});

const doctor = (env: NodeJS.ProcessEnv = {}) =>
  command(["doctor"], { cwd: clone, env: { ...process.env, ...env } });

describe("npm run doctor", { timeout: 120_000 }, () => {
  test("a machine that is set up", async () => {
    await command(["setup"]);
    const { status, output } = await command(["doctor"]);
    expect(output).not.toContain("BROKEN");
    expect(output).toMatch(/^fine {5}npm packages, kernel, compiler: they load$/m);
    expect(output).toMatch(/Everything that the commands need is here\.\n$/);
    expect(status).toBe(0);
  });

  test("nothing set up, and a Python that does not run", async () => {
    const { status, output } = await doctor({ GLASSBOX_PYTHON: join(empty, "nowhere") });
    expect(output).toMatch(
      /^BROKEN {3}Python: Python 3\.10 or newer is needed; .*nowhere does not run\. Install/m,
    );
    expect(output).toMatch(/^BROKEN {3}npm packages, kernel, compiler: not installed yet: npm run setup$/m);
    expect(output).toMatch(/^BROKEN {3}Python environment: not made yet: npm run setup$/m);
    expect(output).toMatch(
      /^without {2}native reference: tfjs-node is not installed\. The course runs on WebAssembly/m,
    );
    expect(status).toBe(1);
  });

  test("packages that are half there, an environment that is not one, a Chromium that is not there", async () => {
    mkdirSync(join(clone, "node_modules/tslab"), { recursive: true });
    mkdirSync(join(clone, ".venv"));
    writeFileSync(join(clone, ".venv/pyvenv.cfg"), "");
    const { status, output } = await doctor({ CHROMIUM_PATH: join(empty, "chromium") });
    expect(output).toMatch(
      /^BROKEN {3}npm packages.*they do not load \(.*\)\. Delete node_modules and run npm run setup/m,
    );
    expect(output).toMatch(
      /^BROKEN {3}Python environment: it does not load \(.*\)\. Delete \.venv and run npm run setup/m,
    );
    expect(output).toMatch(
      /^BROKEN {3}Chromium.*: CHROMIUM_PATH names .* does not run\. Name another, or unset it\.$/m,
    );
    expect(status).toBe(1);
  });

  test("a proxy is named, its password is not", async () => {
    const { output } = await doctor({ HTTPS_PROXY: "http://me:secret@proxy.example:3128" });
    expect(output).toContain("HTTPS_PROXY=http://…@proxy.example:3128");
    expect(output).not.toContain("secret");
  });
});
