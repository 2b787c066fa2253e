// The map of the training loop at the top of every notebook.
import { expect, test } from "vitest";
import { trainingLoopHtml } from "../../src/notebook/loop";

const lit = (markup: string) => [...markup.matchAll(/gb-lit[^>]*><b>([^<]+)/g)].map(([, name]) => name);

test("lights the step it is asked for, several, or all", () => {
  expect(lit(trainingLoopHtml("loss", "the charge"))).toEqual(["loss"]);
  expect(lit(trainingLoopHtml(["forward", "backward"], "both ways"))).toEqual([
    "forward pass",
    "backward pass",
  ]);
  expect(lit(trainingLoopHtml("all", "everything"))).toHaveLength(5);
});

test("says what is lit, as text", () => {
  expect(trainingLoopHtml("update", "a < b")).toContain("Lit: a &lt; b.");
});

test("refuses a step that is not in the loop", () => {
  expect(() => trainingLoopHtml("reward" as "loss", "")).toThrow(
    /expected steps out of examples.*got "reward"/,
  );
  expect(() => trainingLoopHtml([], "")).toThrow(/got none/);
});
