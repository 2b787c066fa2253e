// What every checker of the course owes its reader, whatever the exercise.
import * as book from "glassbox/notebook";
import { type Checker, todo } from "glassbox/notebook";
import { describe, expect, test } from "vitest";

const isChecker = (value: unknown): value is Checker<unknown> =>
  typeof value === "function" && "examine" in value && "slips" in value;

const checkers = Object.entries(book)
  .filter((entry): entry is [string, Checker<unknown>] => isChecker(entry[1]))
  .map(([exported, checker]) => ({ exported, checker }));

test("the course's checkers are found", () => {
  expect(checkers.length).toBeGreaterThanOrEqual(27);
});

describe.each(checkers)("$exported", ({ checker }) => {
  test("waits kindly while nothing is written", () => {
    const stub = checker.title.includes(" ") ? undefined : () => todo("something");
    const finding = checker.examine(stub);
    expect(finding.kind).toBe("not written");
    expect(finding.message).toMatch(/^Your turn: /);
  });

  test("knows three mistakes or more by name, and has three hints", () => {
    expect(checker.slips.length).toBeGreaterThanOrEqual(3);
    expect(new Set(checker.slips.map(({ name }) => name)).size).toBe(checker.slips.length);
    expect(checker.hints.filter((hint) => hint.length > 10)).toHaveLength(3);
  });

  const made = checker.slips.filter(({ answer }) => answer !== undefined);

  test.each(made)("recognises: $name", ({ name, answer }) => {
    const finding = checker.examine(answer);
    expect(finding).toMatchObject({ kind: "slip", slips: [name] });
    // Twice the same: a notebook's cell may be run again.
    expect(checker.examine(answer)).toEqual(finding);
  });

  test("a verdict has its code typeset", () => {
    expect(checker.title).not.toContain("`");
    for (const { answer } of made) {
      const [output] = book.recordOutputs(() => checker(answer));
      expect(output.content).not.toContain("`");
      expect(output.content.match(/<details class="gb-hint">/g)).toHaveLength(3);
      expect(book.verdictText(checker.title, checker.examine(answer))).not.toContain("`");
    }
  });
});
