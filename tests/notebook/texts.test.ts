// The texts that the course learns from: how long they are, which characters they have, and that nothing of them is lost.
import { firstNames, mobyDick } from "glassbox/notebook";
import { describe, expect, test } from "vitest";

describe("the book", () => {
  test("is whole, from the first word of chapter 1 to the last of chapter 135", () => {
    const text = mobyDick();
    expect(
      text.startsWith("CHAPTER 1. Loomings.\n\nCall me Ishmael. Some years ago--never mind how long"),
    ).toBe(true);
    expect(text.trim().endsWith("as it rolled five thousand years ago.")).toBe(true);
    // 1,190,317 characters as it is printed, and 1,616 dashes that are two characters here
    expect(text).toHaveLength(1_190_317 + 1616);
    expect(text.match(/--/g)?.length).toBeGreaterThanOrEqual(1616);
  });

  test("has 80 different characters, all of them on a keyboard", () => {
    const characters = [...new Set(mobyDick())].sort();
    expect(characters).toHaveLength(80);
    expect(characters.join("")).toMatch(/^[\n\x20-\x7e]*$/);
  });
});

describe("the names", () => {
  test("are 8,422 different ones in order, 8,403 of them of plain letters", () => {
    const names = firstNames();
    expect(names).toHaveLength(8422);
    expect(new Set(names).size).toBe(8422);
    expect([...names].sort()).toEqual(names);
    const plain = names.filter((name) => /^[a-z]+$/i.test(name));
    expect(plain).toHaveLength(8403);
    expect(new Set(plain.map((name) => name.toLowerCase())).size).toBe(8403);
    expect(names).toContain("Ann-Marie");
    for (const name of ["Ada", "Grace", "Alan", "Claude"]) expect(names).toContain(name);
  });

  test("are the caller's own", () => {
    firstNames().length = 0;
    expect(firstNames()).toHaveLength(8422);
  });
});
