// Answers as readers write them, each with what it must be told.
import type { Checker } from "glassbox/notebook";
import { describe, expect, test } from "vitest";

/** An answer, and the message it must get. */
export type Wrong<Answer> = readonly [label: string, answer: Answer, message: RegExp];

/**
 * Tries answers on a checker: right ones, written in two styles or more, and wrong ones. What is told to the wrong ones is read
 * against a pattern; nobody who is wrong is told that they are right, or that they have not begun.
 */
export function describeAnswers<Answer>(
  checker: Checker<Answer>,
  right: { readonly [style: string]: Answer },
  wrong: readonly Wrong<Answer>[],
): void {
  describe(checker.title, () => {
    test("at least eight answers are tried, two of them right", () => {
      expect(Object.keys(right).length).toBeGreaterThanOrEqual(2);
      expect(Object.keys(right).length + wrong.length).toBeGreaterThanOrEqual(8);
    });
    test.each(Object.entries(right))("right: %s", (_style, answer) => {
      const finding = checker.examine(answer);
      expect(finding.message).toMatch(/^Right: /);
      expect(finding.kind).toBe("right");
    });
    test.each(wrong)("wrong: %s", (_label, answer, message) => {
      const finding = checker.examine(answer);
      expect(finding.message).toMatch(message);
      expect(finding.kind).not.toBe("right");
      expect(finding.kind).not.toBe("not written");
    });
  });
}
