/** The perplexity of a text from the probabilities that a model gave to what came. */

import { exercise } from "../exercise";

const mean = (list: readonly number[]): number => list.reduce((sum, each) => sum + each, 0) / list.length;
const surprises = (p: readonly number[]): number[] => p.map((each) => -Math.log(each));

/** (p) → e to the mean surprise; p holds the probability of each token that came. */
export const checkPerplexity = exercise<[p: number[]]>({
  name: "perplexityOf",
  given: ["p"],
  sizes: [2, 3, 5, 8, 4],
  drawn: (random, length) => [Array.from({ length }, () => 0.05 + 0.9 * random.rand())],
  edges: {
    "a fair choice out of four, twice": [[0.25, 0.25]],
    "one sure and one of a hundred": [[1, 0.01]],
    "one token": [[0.5]],
  },
  reference: (p) => Math.exp(mean(surprises(p))),
  slips: [
    {
      name: "mean outside",
      gives: (p) => mean(p.map((each) => 1 / each)),
      words:
        "This is the mean of 1/p. The mean is taken of the surprises, −ln p, and only the result is raised: so one bad guess does not drown all others.",
    },
    {
      name: "the loss itself",
      gives: (p) => mean(surprises(p)),
      words: "This is the loss, in nats. The perplexity is e to the power of it.",
    },
    {
      name: "two to the power",
      gives: (p) => 2 ** mean(surprises(p)),
      words:
        "Two to the power of a loss in nats. Either take e, or take the logarithm to base 2 as well: both give the same.",
    },
    {
      name: "not divided",
      gives: (p) => Math.exp(p.length * mean(surprises(p))),
      words:
        "The surprises are added up, but not divided by how many there are. This is 1 over the probability of the whole text, and grows with its length.",
    },
    {
      name: "no minus",
      gives: (p) => Math.exp(-mean(surprises(p))),
      words: "The sign is turned: this is below 1. A surprise is −ln p.",
    },
    {
      name: "one over the mean",
      gives: (p) => 1 / mean(p),
      words:
        "One over the mean of p. The mean belongs to the logarithms: the probability of a text is a product, and the mean of a product is the root of it.",
    },
  ],
  hints: [
    "First the loss that you know: the mean of −ln p.",
    "Then undo the logarithm, once, at the very end.",
    "`Math.exp(sum / p.length)` with `sum -= Math.log(each)`.",
  ],
  praise: "For a fair choice out of four it is 4, whatever the length of the text.",
});
