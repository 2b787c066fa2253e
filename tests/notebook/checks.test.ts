// The assertions of a folded cell: one line where they hold, an error that says which, expected and actual where not.
import { Matrix } from "glassbox";
import { type Check, checks, checksHtml, recordOutputs } from "glassbox/notebook";
import { describe, expect, test } from "vitest";

describe("claims that hold", () => {
  test("show one line that opens to say which, with their figures", () => {
    const [output, ...others] = recordOutputs(() =>
      checks((check) => {
        check.equal("files decided rightly", 475, 475);
        check.near("z after scaling", 3.95 + 1e-14, 3.95, 1e-12);
        check.below("the largest difference", 2e-14, 1e-13);
        check.above("gains", [1, 2], 0);
        check.between("share", Matrix.column([0.3, 0.7]), 0.3, 0.7);
        check.holds("a < b", true);
        check.throws("a rate of 0", () => {
          throw new Error("rate: expected more than 0");
        });
      }),
    );
    expect(others).toEqual([]);
    expect(output.mimeType).toBe("text/html");
    expect(output.content).toMatch(/^<details class="gb-checks"><summary>✓ 7 checks hold<\/summary>/);
    expect(output.content).toContain("<li>files decided rightly: 475</li>");
    expect(output.content).toContain("<li>the largest difference: 2.00e−14, below 1.00e−13</li>");
    expect(output.content).toContain("<li>a &lt; b: yes</li>");
    expect(output.content).toContain("stops with &quot;rate: expected more than 0&quot;");
  });

  test("one alone is told in the singular", () => {
    expect(checksHtml((check) => check.holds("it", true))).toContain("✓ 1 check holds<");
  });

  test("lists, words, matrices and NaN are compared by what they hold", () => {
    const line = checksHtml(({ equal }) => {
      equal("list", [1, [2, "three"]], [1, [2, "three"]]);
      equal("typed list", new Float64Array([1, 2]), [1, 2]);
      equal("matrix", Matrix.column([1, 2]), Matrix.column([1, 2]));
      equal("nothing", Number.NaN, Number.NaN);
      equal("zero", -0, 0);
      equal("absent", undefined, undefined);
    });
    expect(line).toContain("6 checks hold");
  });
});

describe("claims that do not hold", () => {
  test.each<[string, (check: Check) => void, string]>([
    ["equal", (c) => c.equal("right", 474, 475), "right: expected 475, got 474"],
    ["equal, words", (c) => c.equal("end", "a", "b"), 'end: expected "b", got "a"'],
    ["equal, last digit", (c) => c.equal("x", 0.1 + 0.2, 0.3), "expected 0.3, got 0.30000000000000004"],
    ["equal, shapes", (c) => c.equal("W", Matrix.zeros(1, 2), Matrix.zeros(2, 1)), "expected 2 × 1 (0, 0)"],
    [
      "near",
      (c) => c.near("z", 3.96, 3.95, 1e-3),
      "z: expected 3.95 within 0.001, got 3.96; they are 0.01 apart",
    ],
    ["near, NaN", (c) => c.near("z", Number.NaN, 1, 1), "got NaN"],
    ["near, lengths", (c) => c.near("z", [1, 2], [1], 1), "expected 1 within 1, got 1, 2"],
    ["below", (c) => c.below("d", [0.1, 2], 1), "d: expected below 1, got 2"],
    ["below, NaN", (c) => c.below("d", Number.NaN, 1), "got NaN"],
    ["above", (c) => c.above("d", 1, 1), "d: expected above 1, got 1"],
    ["between", (c) => c.between("d", 3, 1, 2), "d: expected from 1 to 2, got 3"],
    ["holds", (c) => c.holds("order", false, [3, 2]), "order: expected to hold, and does not, 3, 2"],
    ["holds, not a boolean", (c) => c.holds("order", 1 as unknown as boolean), "expected to hold"],
    ["throws", (c) => c.throws("rate", () => 1), "rate: expected an error, and none came"],
    [
      "throws another",
      (c) =>
        c.throws(
          "rate",
          () => {
            throw new Error("no");
          },
          /yes/,
        ),
      'rate: expected an error that says /yes/, got "no"',
    ],
  ])("%s stops the cell and says why", (_name, claims, message) => {
    expect(() => checks(claims)).toThrow(message);
  });

  test("all that fail are named, and those that hold are not", () => {
    const run = () =>
      checks((check) => {
        check.equal("first", 1, 2);
        check.holds("second", true);
        check.holds("third", false);
      });
    expect(run).toThrow("2 of 3 checks do not hold:\n  first: expected 2, got 1\n  third: expected to hold");
    expect(run).not.toThrow(/second/);
  });
});

test("what cannot fail is refused: no claim, no name, a promise, no number", () => {
  expect(() => checks(() => {})).toThrow("at least one claim, got none");
  expect(() => checks(({ holds }) => holds("", true))).toThrow("a name for every claim");
  expect(() => checks(async ({ holds }) => holds("x", true))).toThrow("got an async one");
  expect(() => checks(({ below }) => below("x", [], 1))).toThrow('checks, "x": expected a number');
  expect(() => checks(({ near }) => near("x", 1, 1, Number.NaN))).toThrow("a tolerance ≥ 0, got NaN");
});
