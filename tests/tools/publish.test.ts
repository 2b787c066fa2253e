// Pages go into folders that may hold other people's work. Nothing that we did not write is ever lost.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { notebooksFolder, root, site } from "../../tools/lib/paths.mjs";
import { listName, needTarget, publish } from "../../tools/lib/publish.mjs";
import { command } from "../support/command";
import { writeCells } from "../support/notebook";

const base = mkdtempSync(join(tmpdir(), "glassbox-publish-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(base, "case-"));
});

function write(file: string, text = file): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Publishes files, each with a text, into a folder. */
function publishFiles(target: string, files: Record<string, string>, keep?: (file: string) => boolean) {
  const make = (fresh: string) => {
    for (const [name, text] of Object.entries(files)) write(join(fresh, name), text);
  };
  return publish(target, make, { keep });
}

const everything = (path: string) =>
  Object.fromEntries(
    readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.path, entry.name))
      .map((file) => [file.slice(path.length + 1), readFileSync(file, "utf8")]),
  );

describe("a folder with other things in it", () => {
  test("keeps them, run after run, hidden ones and folders too", async () => {
    const precious = {
      "thesis.tex": "three years",
      ".git/HEAD": "ref: refs/heads/main",
      "api/mine.html": "beside ours",
      "notes/index.html": "not ours, whatever its name",
    };
    for (const [name, text] of Object.entries(precious)) write(join(folder, name), text);
    await publishFiles(folder, { "index.html": "1", "05.html": "1", "api/index.html": "1" });
    await publishFiles(folder, { "index.html": "2", "api/index.html": "2" });
    const { [listName]: list, ...rest } = everything(folder);
    expect(rest).toEqual({ ...precious, "index.html": "2", "api/index.html": "2" });
    expect(JSON.parse(list as string).files).toEqual(["api/index.html", "index.html"]);
  });

  test("of what we wrote, what is no longer made goes, with the folders that it leaves empty", async () => {
    await publishFiles(folder, { "index.html": "", "api/a/b.html": "" });
    await publishFiles(folder, { "index.html": "" });
    expect(readdirSync(folder).sort()).toEqual([listName, "index.html"]);
  });

  test("of what we wrote, what is to be kept stays, and stays ours", async () => {
    await publishFiles(folder, { "index.html": "", "04.html": "4", "05.html": "5" });
    await publishFiles(folder, { "index.html": "" }, (file) => file === "05.html");
    expect(readdirSync(folder).sort()).toEqual([listName, "05.html", "index.html"]);
    await publishFiles(folder, { "05.html": "new" });
    expect(everything(folder)["05.html"]).toBe("new");
  });

  test.each([
    ["a file under a name of ours", "index.html", { "index.html": "ours" }],
    ["a folder under a name of ours", "index.html/mine.txt", { "index.html": "ours" }],
    ["a file where we need a folder", "api", { "api/index.html": "ours" }],
  ])("%s is not overwritten: nothing is written at all", async (_, mine, files) => {
    write(join(folder, mine), "mine");
    await expect(publishFiles(folder, { ...files, "other.html": "ours" })).rejects.toThrow(
      /is there already, and Glassbox did not write it\. Nothing was written\./,
    );
    expect(everything(folder)).toEqual({ [mine]: "mine" });
  });

  test("a link on the way to a file of ours is not followed", async () => {
    const elsewhere = mkdtempSync(join(base, "elsewhere-"));
    write(join(elsewhere, "index.html"), "mine");
    symlinkSync(elsewhere, join(folder, "api"));
    await expect(publishFiles(folder, { "api/index.html": "ours" })).rejects.toThrow(
      /api\/index\.html is there/,
    );
    await expect(publishFiles(folder, { "api/new.html": "ours" })).rejects.toThrow(/api\/new\.html is there/);
    expect(everything(elsewhere)).toEqual({ "index.html": "mine" });
  });

  test("a list that speaks of other folders is not believed", async () => {
    const outside = join(base, "outside.txt");
    write(outside, "mine");
    write(
      join(folder, listName),
      JSON.stringify({ files: ["../outside.txt", outside, "a/../../outside.txt"] }),
    );
    await publishFiles(folder, { "index.html": "" });
    expect(readFileSync(outside, "utf8")).toBe("mine");
  });

  test("a list that cannot be read stops the work", async () => {
    write(join(folder, listName), "<<<<<<< merge");
    await expect(publishFiles(folder, { "index.html": "" })).rejects.toThrow(
      /cannot be read\. Nothing was written/,
    );
    expect(readdirSync(folder)).toEqual([listName]);
  });

  test("a failure while the files are made changes nothing, and leaves no new folder behind", async () => {
    const before = { "index.html": "1" };
    await publishFiles(folder, before);
    const saved = everything(folder);
    const failing = async (fresh: string) => {
      write(join(fresh, "index.html"), "half");
      throw new Error("a bad formula");
    };
    await expect(publish(folder, failing)).rejects.toThrow("a bad formula");
    expect(everything(folder)).toEqual(saved);
    await expect(publish(join(folder, "new/er"), failing)).rejects.toThrow("a bad formula");
    expect(existsSync(join(folder, "new"))).toBe(false);
  });

  test("what a killed run left is cleared away by the next, and what a living one makes is not", async () => {
    const dead = join(folder, ".glassbox-new-999999999");
    const alive = join(folder, `.glassbox-new-${process.ppid}`);
    for (const leftover of [dead, alive]) write(join(leftover, "index.html"));
    await publishFiles(folder, { "index.html": "" });
    expect([existsSync(dead), existsSync(alive)]).toEqual([false, true]);
  });

  test("a run that was killed while it moved its files has them on the list", async () => {
    await publishFiles(folder, { "index.html": "1", "04.html": "1" });
    // As the kill leaves it: the list names old and new, one new file is in its place.
    write(join(folder, listName), JSON.stringify({ files: ["04.html", "05.html", "index.html"] }));
    write(join(folder, "05.html"), "2");
    await publishFiles(folder, { "index.html": "3", "05.html": "3" });
    const { [listName]: _, ...rest } = everything(folder);
    expect(rest).toEqual({ "index.html": "3", "05.html": "3" });
  });
});

describe("a folder that is no place for pages is refused", () => {
  test.each([
    ["the checkout", () => root, /it is the checkout itself/],
    ["a folder that holds the checkout", () => dirname(root), /the checkout lies in it/],
    ["the root of the disk", () => "/", /the checkout lies in it/],
    ["the sources", () => join(root, "src"), /src is a part of the checkout/],
    ["a folder in .git", () => join(root, ".git/pages"), /\.git is a part of the checkout/],
    ["the course", () => notebooksFolder, /notebooks is a part of the checkout/],
  ])("%s", (_, target, reason) => {
    expect(() => needTarget(target())).toThrow(reason);
  });

  test("one that holds notebooks, is the notebooks' own, or lies around it", () => {
    const from = join(folder, "mine");
    writeCells(join(from, "01-one.ipynb"), ["1;"]);
    expect(() => needTarget(from)).toThrow(/it holds notebooks \(01-one\.ipynb\)/);
    expect(() => needTarget(from, { from })).toThrow(/the notebooks lie there/);
    expect(() => needTarget(folder, { from })).toThrow(/the notebooks .* lie in it/);
    for (const good of ["mine-too", "mine/pages"])
      expect(() => needTarget(join(folder, good), { from })).not.toThrow();
  });

  test("a link to one, and a file", () => {
    symlinkSync(root, join(folder, "link"));
    expect(() => needTarget(join(folder, "link"))).toThrow(/it is the checkout itself/);
    expect(() => needTarget(join(folder, "link/src/pages"))).toThrow(/src is a part of the checkout/);
    write(join(folder, "file.txt"));
    expect(() => needTarget(join(folder, "file.txt"))).toThrow(/it is a file/);
  });

  test("the default site/ and a folder of one's own in the checkout are places for pages", () => {
    expect(() => needTarget(site, { from: notebooksFolder, files: ["index.html"] })).not.toThrow();
    expect(() => needTarget(join(root, "pages-of-mine"))).not.toThrow();
  });
});

describe("npm start --to", { timeout: 60_000 }, () => {
  test.each([
    ["the notebooks' own folder", (from: string) => from],
    ["a folder around them", (from: string) => dirname(from)],
    ["the checkout", () => "."],
  ])("%s is refused before any work, and all stays", async (_, target) => {
    const from = join(folder, "mine");
    writeCells(join(from, "01-one.ipynb"), ["1;"]);
    write(join(folder, "thesis.tex"));
    const before = everything(folder);
    const { status, output } = await command(["start", "--from", from, "--to", target(from)]);
    expect(output).toMatch(
      /^Pages cannot go to .*Nothing was written\. Name another folder\.\nnpm run doctor looks for the cause\.\n$/,
    );
    expect(status).toBe(1);
    expect(everything(folder)).toEqual(before);
  });

  test("a page of somebody else's is refused before any work", async () => {
    writeCells(join(folder, "mine/01-one.ipynb"), ["1;"]);
    write(join(folder, "out/index.html"), "mine");
    const { status, output } = await command([
      "start",
      "--from",
      join(folder, "mine"),
      "--to",
      join(folder, "out"),
    ]);
    expect(output).toMatch(/index\.html is there already, and Glassbox did not write it/);
    expect(status).toBe(1);
    expect(everything(join(folder, "out"))).toEqual({ "index.html": "mine" });
  });
});
