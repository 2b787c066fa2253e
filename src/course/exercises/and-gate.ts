/** Two weights and a bias that make an AND gate. */

import { construction } from "../construction";

/** What a gate is made of. */
export interface GateWeights {
  readonly weights: readonly [number, number];
  readonly bias: number;
}

/** Weights and a bias for "credit score good AND income good": yes for (1, 1), no for the other three. */
export const checkAndGate = construction<GateWeights, readonly [number, number]>({
  name: "andGate",
  like: { weights: [1, 1], bias: 0 },
  coordinates: ["credit score", "income"],
  points: [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ],
  does: ({ weights: [w1, w2], bias }, a, b) => (w1 * a + w2 * b + bias > 0 ? 1 : 0),
  reference: (a, b) => a * b,
  slips: [
    {
      name: "or",
      gives: (a, b) => Math.max(a, b),
      words: "This is OR: one good fact is enough already. One weight alone overcomes the bias.",
    },
    {
      name: "never",
      gives: () => 0,
      words: "It never says yes: even both weights together do not overcome the bias.",
    },
    {
      name: "always",
      gives: () => 1,
      words: "It always says yes, even where no fact is good: the bias is positive. Which sign must it have?",
    },
    {
      name: "not and",
      gives: (a, b) => 1 - a * b,
      words: "This is NOT AND: every answer is the opposite. All three signs are the wrong way round.",
    },
    {
      name: "first only",
      gives: (a) => a,
      words: "Only the first fact decides. It alone must not be enough.",
    },
    {
      name: "second only",
      gives: (_a, b) => b,
      words: "Only the second fact decides. It alone must not be enough.",
    },
    {
      name: "nor",
      gives: (a, b) => (1 - a) * (1 - b),
      words: "It says yes where no fact is good, and only there.",
    },
  ],
  hints: [
    "Two facts, one threshold: how much must be on the scale for a yes?",
    "The bias is negative. One weight must not outweigh it, and both together must.",
    "With two weights of 1, any bias between −2 and −1 does, and −1 itself: z must exceed 0.",
  ],
  praise: "No weight alone exceeds −b, and both together do.",
});
