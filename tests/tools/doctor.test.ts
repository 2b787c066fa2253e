// What the doctor says of broken machines: a line that tells what to do, and exit code 1.
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../../tools/lib/paths.mjs";
import { bareClone, command } from "../support/command";
import { expectFault } from "../support/fault-table";
import { closed, commandAmongDisks, describeWithDisks, disk } from "../support/mounts";

let bare: string;
let clone: string;
const empty = mkdtempSync(join(tmpdir(), "glassbox-no-programs-"));
beforeAll(() => {
  bare = bareClone();
  clone = bareClone();
});
afterAll(() => {
  for (const folder of [bare, clone, empty]) rmSync(folder, { recursive: true, force: true });
});

const doctor = (env: NodeJS.ProcessEnv = {}, cwd = bare) =>
  command(["doctor"], { cwd, env: { ...process.env, ...env } });

describe("npm run doctor", { timeout: 300_000 }, () => {
  test("a machine that is set up", async () => {
    await command(["setup"]);
    const { status, output } = await command(["doctor"]);
    expect(output).not.toContain("BROKEN");
    expect(output).toMatch(/^fine {5}npm packages, kernel, compiler: they load$/m);
    expect(output).toMatch(/Everything that the commands need is here\.\n$/);
    expect(status).toBe(0);
  });

  test("nothing set up", async () => {
    const result = await doctor();
    expectFault("doctor-bare", result);
    expect(result.output).toMatch(/^BROKEN {3}Python environment: not made yet: npm run setup$/m);
    expect(result.output).toMatch(
      /^without {2}native reference: tfjs-node is not installed\. The course runs on WebAssembly as well\. The next npm start makes it native, or npm run setup:tfjs-node now: a download of 150 to 270 MB, once\.$/m,
    );
  });

  test("no program at all", async () => {
    const result = await doctor({ PATH: empty, CXX: undefined });
    expectFault("doctor-python", result);
    expectFault("doctor-compiler", result);
  });

  test.skipIf(process.platform === "win32")("a Python without its venv module", async () => {
    writeFileSync(join(empty, "python3"), "#!/bin/sh\necho 3 11 no-venv\n");
    chmodSync(join(empty, "python3"), 0o755);
    expectFault("doctor-venv", await doctor({ PATH: empty }));
    rmSync(join(empty, "python3"));
  });

  test("packages that are half there, an environment that is not one, a Chromium that is not there", async () => {
    mkdirSync(join(clone, "node_modules/tslab"), { recursive: true });
    mkdirSync(join(clone, ".venv"));
    writeFileSync(join(clone, ".venv/pyvenv.cfg"), "");
    const result = await doctor({ CHROMIUM_PATH: join(empty, "chromium") }, clone);
    expectFault("doctor-packages", result);
    expectFault("doctor-environment", result);
    expectFault("doctor-chromium", result);
  });

  test("a kernelspec that names what is gone", async () => {
    const spec = join(clone, ".venv/share/jupyter/kernels/tslab");
    cpSync(join(root, ".venv/share/jupyter/kernels/tslab"), spec, { recursive: true });
    const argv = [join(empty, "node"), "--require", "preload.cjs"];
    writeFileSync(join(spec, "kernel.json"), JSON.stringify({ argv }));
    expectFault("doctor-kernel", await doctor({}, clone));
  });

  test("a proxy that does not answer is named, its password is not", async () => {
    const result = await doctor({ HTTPS_PROXY: "http://me:secret@127.0.0.1:9" });
    expectFault("doctor-proxy", result);
    expect(result.output).toContain("HTTPS_PROXY=http://…@127.0.0.1:9");
    expect(result.output).not.toContain("secret");
  });
});

describeWithDisks("npm run doctor, of disks", () => {
  test("a disk with no room", async () => {
    const small = join(empty, "small");
    mkdirSync(small);
    const before = [disk(small, "20m"), `cp -r "${bare}/." "${small}"`];
    expectFault("doctor-disk", await commandAmongDisks(["doctor"], { before, cwd: small }));
  });

  test("packages in a folder that cannot be written", async () => {
    const before = [closed(join(clone, "node_modules"))];
    expectFault("doctor-closed", await commandAmongDisks(["doctor"], { before, cwd: clone }));
  });
});
