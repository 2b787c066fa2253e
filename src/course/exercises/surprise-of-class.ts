/** The surprise at a class, −log softmax(z)ₖ, for scores of any size. */

import { Matrix, softmax } from "../../index";
import { exercise } from "../exercise";

const largestOf = (z: Matrix): number => z.data.reduce((a, b) => Math.max(a, b));
const sumOfPowers = (z: Matrix, off: number): number =>
  z.data.reduce((sum, score) => sum + Math.exp(score - off), 0);

/** (z, k) → −log softmax(z)ₖ for scores of any size. */
export const checkSurpriseOfClass = exercise<[z: Matrix, k: number]>({
  name: "surpriseOfClass",
  given: ["z", "k"],
  sizes: [2, 3, 4, 5, 6],
  drawn: (random, classes) => [random.randnMatrix(classes, 1).scale(2), random.randint(0, classes)],
  edges: {
    "two equal scores": [Matrix.column([0, 0]), 0],
    "all scores below 0": [Matrix.column([-3, -1]), 0],
  },
  extremes: {
    "scores around 1000": [Matrix.column([1000, 998, 1001]), 1],
    "scores around −1000": [Matrix.column([-1000, -1002, -999]), 2],
    "a class with hardly any chance, scores 0 and −900": [Matrix.column([0, -900]), 1],
  },
  reference: (z, k) => largestOf(z) + Math.log(sumOfPowers(z, largestOf(z))) - z.at(k, 0),
  slips: [
    {
      name: "not stable",
      gives: (z, k) => Math.log(sumOfPowers(z, 0)) - z.at(k, 0),
      words:
        "The right formula, and right for ordinary scores. At 1000 `exp` gives ∞, and at −1000 it gives 0, whose logarithm is −∞. Take the largest score off first, and put it back outside the logarithm.",
    },
    {
      name: "log of the softmax",
      gives: (z, k) => -Math.log(softmax(z).at(k, 0)),
      words:
        "Right for ordinary scores, and ∞ for the class with hardly any chance: its probability is rounded to 0 before the logarithm sees it. The difference log Σ exp(z) − zₖ never makes that probability.",
    },
    {
      name: "naive softmax",
      gives: (z, k) => -Math.log(Math.exp(z.at(k, 0)) / sumOfPowers(z, 0)),
      words:
        "The right formula on paper. At 1000 `exp` gives ∞, and ∞/∞ is NaN; at −1000 it gives 0, and so does 0/0. The difference log Σ exp(z) − zₖ with the largest score taken off has neither.",
    },
    {
      name: "no minus",
      gives: (z, k) => z.at(k, 0) - largestOf(z) - Math.log(sumOfPowers(z, largestOf(z))),
      words: "This is log softmax(z)ₖ, which is never positive. The surprise is minus that.",
    },
    {
      name: "probability",
      gives: (z, k) => softmax(z).at(k, 0),
      words: "This is the probability of class k. The surprise is minus its logarithm.",
    },
    {
      name: "largest not put back",
      gives: (z, k) => Math.log(sumOfPowers(z, largestOf(z))) - z.at(k, 0),
      words:
        "The largest score was subtracted inside the sum and not put back. log Σ exp(z) = largest + log Σ exp(z − largest).",
    },
    {
      name: "bits",
      gives: (z, k) => (largestOf(z) + Math.log(sumOfPowers(z, largestOf(z))) - z.at(k, 0)) / Math.LN2,
      words: "Right, in bits. Losses are measured in nats here: use the natural logarithm, `Math.log`.",
    },
    {
      name: "score not taken off",
      gives: (z) => largestOf(z) + Math.log(sumOfPowers(z, largestOf(z))),
      words: "This is log Σ exp(z), whichever class is true. The score of class k has to be taken off.",
    },
    {
      name: "another class",
      gives: (z) => largestOf(z) + Math.log(sumOfPowers(z, largestOf(z))) - z.at(0, 0),
      words: "This is the surprise of class 0, whatever k is.",
    },
  ],
  hints: [
    "Take the logarithm of the fraction on paper before you compute anything.",
    "−log softmax(z)ₖ = log Σ exp(z) − zₖ, and log Σ exp(z) = largest + log Σ exp(z − largest).",
    "`Math.max(...z.data)` is the largest; the sum of `Math.exp(score - largest)` lies between 1 and K.",
  ],
  praise: "This difference of a score and a log-sum-exp is what every library computes.",
});
