// Disks that are full, closed or a place of their own: one line says what happened, what was kept and what to do.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { dist, root } from "../../tools/lib/paths.mjs";
import { standIns } from "../support/clones";
import { bareClone, command } from "../support/command";
import { expectFault } from "../support/fault-table";
import { closed, commandAmongDisks, describeWithDisks, disk, filled } from "../support/mounts";
import { writeCells } from "../support/notebook";

const base = mkdtempSync(join(tmpdir(), "glassbox-disks-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

let folder: string;
let from: string;
beforeEach(() => {
  folder = mkdtempSync(join(base, "case-"));
  from = join(folder, "mine");
  writeCells(join(from, "01-one.ipynb"), [`console.log("one");`]);
});
const make = (name: string) => {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
};
const reference = ["--reference", "cpu"];
const doctorAtTheEnd = /npm run doctor looks for the cause\.\n?$/;

describeWithDisks("a full disk", () => {
  beforeAll(() => command(["setup"]));

  /** A clone on a disk of 12 MB, and a step of the set-up that writes more. */
  function setUpOnSmallDisk(env: NodeJS.ProcessEnv) {
    const clone = bareClone();
    const small = make("small");
    return commandAmongDisks(["setup"], {
      before: [disk(small, "12m"), `cp -r "${clone}/." "${small}"`],
      after: `ls "${small}/.glassbox/new"; [ ! -e "${small}/node_modules" ] || echo packages; [ ! -e "${small}/.venv" ] || echo venv`,
      cwd: small,
      env,
    }).finally(() => rmSync(clone, { recursive: true, force: true }));
  }
  const tooMuch = "dd if=/dev/zero of=big bs=1M count=50 status=none || exit 1";

  test("while npm installs", async () => {
    const result = await setUpOnSmallDisk(standIns({ before: tooMuch }).env);
    expectFault("full-npm", result);
    expect(result.output).toMatch(doctorAtTheEnd);
    expect(result.seen).toBe("");
  });

  test("while the environment is made", async () => {
    // Packages that fit, through a link: nothing is copied to the small disk.
    const { env } = standIns({ venv: false });
    const python = join(folder, "python3");
    const answer = `case "$*" in "-m venv "*) mkdir -p "$3"; cd "$3"; ${tooMuch} ;; *) echo 3 11 whole ;; esac`;
    writeFileSync(python, `#!/bin/sh\n${answer}\n`, { mode: 0o755 });
    const npm = join(folder, "npm");
    writeFileSync(npm, `#!/bin/sh\nln -s '${root}/node_modules' node_modules\n`, { mode: 0o755 });
    const result = await setUpOnSmallDisk({ ...env, PATH: `${folder}:${env.PATH}`, GLASSBOX_PYTHON: python });
    expectFault("full-venv", result);
    expect(result.seen).toBe("packages\n");
  });

  test("while notebooks run", async () => {
    const cache = make("cache");
    const result = await commandAmongDisks(
      ["start", "--from", from, "--to", join(folder, "out"), ...reference],
      {
        before: [disk(cache, "200k"), filled(cache)],
        env: { ...process.env, GLASSBOX_CACHE: cache },
      },
    );
    expectFault("full-cells", result);
  });

  test("that a cell writes to", async () => {
    writeCells(join(from, "01-one.ipynb"), [`require("node:fs").writeFileSync("/dev/full", "text");`]);
    writeCells(join(from, "02-two.ipynb"), [`console.log("two");`]);
    const out = join(folder, "out");
    const result = await command(["start", "--from", from, "--to", out, ...reference]);
    expectFault("full-in-cell", result);
    expect(readFileSync(join(out, "02-two.html"), "utf8")).toContain("two");
  });

  test("while pages are written: the old ones stay, in whole", async () => {
    const out = make("out");
    const result = await commandAmongDisks(["start", "--from", from, "--to", out, ...reference], {
      before: [disk(out, "300k"), `echo old > "${out}/old.html"`],
      after: `ls -A "${out}"; cat "${out}/old.html"`,
    });
    expectFault("full-pages", result);
    expect(result.seen).toBe("old.html\nold\n");
  });
});

describeWithDisks("a checkout that cannot be written", () => {
  test("fresh: all is done in a copy, which follows it and keeps what its reader changes", async () => {
    const clone = bareClone();
    await command(["setup"]);
    const cache = make("cache");
    const copy = join(cache, "checkout");
    const { env } = standIns();
    // Compiling takes a minute and is tried elsewhere.
    cpSync(dist, join(copy, "dist"), { recursive: true });
    const setUp = () =>
      commandAmongDisks(["setup"], {
        before: [closed(clone)],
        cwd: clone,
        env: { ...env, GLASSBOX_CACHE: cache },
      });
    const first = await setUp();
    expectFault("closed-fresh", first);
    expect(first.output).toMatch(/Everything is set up\.\n?$/);

    const ours = join(copy, "tools/python/requirements.txt");
    const theirs = join(copy, "notebooks/package.json");
    const changed = `${readFileSync(theirs, "utf8")}\n`;
    writeFileSync(theirs, changed);
    writeFileSync(join(copy, "notebooks/mine.ipynb"), "{}");
    rmSync(ours);
    writeFileSync(join(clone, "tools/new.txt"), "new");
    const again = await setUp();
    expect(again.status).toBe(0);
    expect(readFileSync(theirs, "utf8")).toBe(changed);
    expect(readFileSync(join(copy, "notebooks/mine.ipynb"), "utf8")).toBe("{}");
    expect(readFileSync(ours, "utf8")).toBe(
      readFileSync(join(root, "tools/python/requirements.txt"), "utf8"),
    );
    expect(readFileSync(join(copy, "tools/new.txt"), "utf8")).toBe("new");
    rmSync(clone, { recursive: true, force: true });
  });

  // Again if need be: another test file may be setting the same checkout up just then.
  test("set up: it works where it is, and writes elsewhere", { retry: 2 }, async () => {
    await command(["setup"]);
    const cache = make("cache");
    const result = await commandAmongDisks(["start", "--from", from, ...reference], {
      before: [closed(root)],
      env: { ...process.env, GLASSBOX_CACHE: cache },
    });
    expectFault("closed-set-up", result);
    expect(readFileSync(join(cache, "site/01-one.html"), "utf8")).toContain("one");
  });

  test("without GLASSBOX_CACHE, the place is that of programs' caches, or the one for temporary files", async () => {
    await command(["setup"]);
    const noFolder = join(from, "01-one.ipynb");
    for (const usual of [make("home"), noFolder]) {
      const env = { ...process.env, XDG_CACHE_HOME: usual, TMPDIR: make(`tmp${usual.length}`) };
      const result = await commandAmongDisks(["start", "77"], { before: [closed(root)], env });
      const place = usual === noFolder ? env.TMPDIR : usual;
      expect(result.output).toContain(`working files and pages are in ${place}/glassbox-`);
    }
  });

  test("a command that must write there says so in one line", async () => {
    const env = { ...process.env, GLASSBOX_CACHE: make("cache") };
    const result = await commandAmongDisks(["build"], { before: [closed(root)], env });
    expectFault("closed-build", result);
    expect(result.output).toMatch(doctorAtTheEnd);
  });
});

describeWithDisks("--to", () => {
  test("a folder that cannot be written is refused before any work", async () => {
    const out = make("out");
    const result = await commandAmongDisks(["start", "--from", from, "--to", join(out, "pages")], {
      before: [closed(out)],
    });
    expectFault("closed-to", result);
    expect(result.output).not.toContain("01-one");
  });

  test("a mount point", async () => {
    const out = make("out");
    const result = await commandAmongDisks(["start", "--from", from, "--to", out, ...reference], {
      before: [disk(out, "20m"), `echo theirs > "${out}/notes.txt"`],
      after: `ls -A "${out}"`,
    });
    expectFault("to-mount", result);
    expect(result.seen).toBe(".glassbox-files.json\n01-one.html\nindex.html\nnotes.txt\n");
  });

  test("a folder in which another disk is mounted: files cross over", () => {
    const out = make("out");
    mkdirSync(join(out, "api"));
    const program = `
      import { mkdirSync, writeFileSync } from "node:fs";
      import { publish } from ${JSON.stringify(join(root, "tools/lib/publish.mjs"))};
      await publish(${JSON.stringify(out)}, (fresh) => {
        mkdirSync(fresh + "/api");
        writeFileSync(fresh + "/api/page.html", "page");
      });`;
    const file = join(folder, "program.mjs");
    writeFileSync(file, program);
    const script = `${disk(join(out, "api"), "1m")} && '${process.execPath}' '${file}' && cd '${out}/api' && ls -A && cat page.html`;
    const { stdout, stderr } = spawnSync("unshare", ["-m", "sh", "-c", script], { encoding: "utf8" });
    expect(stdout + stderr).toBe("page.html\npage");
  });
});
