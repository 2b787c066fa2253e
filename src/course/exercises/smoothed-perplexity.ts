/** The perplexity of a text from counts to which something was added, so that no token has the probability 0. */

import { exercise } from "../exercise";

type Given = [counts: number[], ids: number[], added: number];
type Share = (count: number, sum: number, added: number, size: number) => number;

const mean = (list: readonly number[]): number => list.reduce((sum, each) => sum + each, 0) / list.length;
const smoothed: Share = (count, sum, added, size) => (count + added) / (sum + added * size);
/** The surprise −ln p at each token. */
const surprises =
  (share: Share = smoothed) =>
  (...[counts, ids, added]: Given): number[] => {
    const sum = counts.reduce((total, count) => total + count, 0);
    return ids.map((id) => -Math.log(share(counts[id], sum, added, counts.length)));
  };
const perplexity =
  (share?: Share) =>
  (...given: Given): number =>
    Math.exp(mean(surprises(share)(...given)));

/** (counts, ids, added) → e to the mean surprise, with p = (count + added)/(Σ counts + added·V). */
export const checkSmoothedPerplexity = exercise<Given>({
  name: "smoothedPerplexity",
  given: ["counts", "ids", "added"],
  sizes: [3, 4, 6, 8, 5],
  drawn: (random, length) => [
    [7, 1, 0, 4, 12],
    // All five at least, the unseen one among them.
    [2, 0, 1, ...Array.from({ length }, () => random.randint(0, 5))],
    0.5 + random.rand(),
  ],
  edges: {
    "an unseen token, 1 added": [[3, 0, 1], [1], 1],
    "two tokens, as often as each other": [[4, 4], [0, 1, 1], 2],
    "one often, one seldom": [[98, 0], [0, 0, 1], 1],
  },
  reference: perplexity(),
  slips: [
    {
      name: "nothing added below",
      gives: perplexity((count, sum, added) => (count + added) / sum),
      words:
        "The shares add up to more than 1: you added to every count, and divide by the old sum. It grew as well, by `added` for each of the V tokens.",
    },
    {
      name: "added once below",
      gives: perplexity((count, sum, added) => (count + added) / (sum + added)),
      words:
        "`added` is in the sum once. It was added to every one of the V counts, so the sum grows by `added · V`.",
    },
    {
      name: "nothing added above",
      gives: perplexity((count, sum, added, size) => count / (sum + added * size)),
      words: "The sum has grown, and the count itself has not: an unseen token still has the probability 0.",
    },
    {
      name: "not smoothed",
      gives: perplexity((count, sum) => count / sum),
      words:
        "`added` is not in it. A token that was never counted has the probability 0, and one of them makes the perplexity infinite.",
    },
    {
      name: "only for the unseen",
      gives: perplexity((count, sum, added, size) =>
        count === 0 ? added / (sum + added * size) : count / (sum + added * size),
      ),
      words: "You add to the unseen tokens alone. It is added to every count, so that the shares sum to 1.",
    },
    {
      name: "the loss itself",
      gives: (...given) => mean(surprises()(...given)),
      words: "This is the loss, in nats. The perplexity is e to the power of it.",
    },
    {
      name: "two to the power",
      gives: (...given) => 2 ** mean(surprises()(...given)),
      words:
        "Two to the power of a loss in nats. Either take e, or take the logarithm to base 2 as well: both give the same.",
    },
    {
      name: "not divided",
      gives: (...given) => Math.exp(given[1].length * mean(surprises()(...given))),
      words:
        "The surprises are added up, but not divided by how many there are. This is 1 over the probability of the whole text, and grows with its length.",
    },
    {
      name: "no minus",
      gives: (...given) => Math.exp(-mean(surprises()(...given))),
      words: "The sign is turned: this is below 1. A surprise is −ln p.",
    },
    {
      name: "mean outside",
      gives: (...given) => mean(surprises()(...given).map(Math.exp)),
      words:
        "This is the mean of 1/p. The mean is taken of the surprises, −ln p, and only the result is raised: so one bad guess does not drown all others.",
    },
  ],
  hints: [
    "First the probability of a token: its count with `added`, as a share of all counts, each with `added`.",
    "p = (count + added)/(Σ counts + added · V). Then the mean of −ln p over the text, and e to the power of it.",
    "`Math.exp(sum / ids.length)` with `sum -= Math.log((counts[id] + added) / (total + added * counts.length))`.",
  ],
  praise: "From here on a table is asked about texts it was not counted on, and so it needs this.",
});
