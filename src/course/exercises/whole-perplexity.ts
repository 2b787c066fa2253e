/** The perplexity of a whole text from those of its parts. */

import { exercise } from "../exercise";

type Given = [perplexities: number[], tokens: number[]];

const sum = (list: readonly number[]): number => list.reduce((total, each) => total + each, 0);
/** Every part counts as often as it has tokens. */
const weighted = (values: readonly number[], tokens: readonly number[]): number =>
  sum(values.map((value, i) => value * tokens[i])) / sum(tokens);
const logs = (perplexities: readonly number[]): number[] => perplexities.map((each) => Math.log(each));

/** (perplexities, tokens) → e to the mean loss of a token, over all parts. */
export const checkWholePerplexity = exercise<Given>({
  name: "wholePerplexity",
  given: ["perplexities", "tokens"],
  sizes: [2, 3, 4, 5],
  drawn: (random, parts) => [
    Array.from({ length: parts }, () => 2 + 10 * random.rand()),
    // The first part is the longest, so that the lengths always count.
    Array.from({ length: parts }, (_, i) => random.randint(2, 9) + (i === 0 ? 12 : 0)),
  ],
  edges: {
    "2 and 8, a hundred tokens each": [
      [2, 8],
      [100, 100],
    ],
    "one chapter": [[7.5], [40]],
    "a long one and a short one": [
      [4, 16],
      [30, 10],
    ],
  },
  reference: (perplexities, tokens) => Math.exp(weighted(logs(perplexities), tokens)),
  slips: [
    {
      name: "mean of the perplexities",
      gives: weighted,
      words:
        "You average the perplexities themselves, and that is too large: one hard chapter drowns the others. What adds up over a text are its losses, in nats. From 2 and 8, equally long, comes 4, not 5.",
    },
    {
      name: "no lengths",
      gives: (perplexities) => Math.exp(sum(logs(perplexities)) / perplexities.length),
      words:
        "Each chapter counts once with you, the short ones as much as the long ones. Every token has a loss, so a chapter counts as often as it has tokens.",
    },
    {
      name: "no lengths, no losses",
      gives: (perplexities) => sum(perplexities) / perplexities.length,
      words:
        "This is the plain mean of the perplexities. Two things are missing: what adds up over a text are losses, ln of the perplexity, and a chapter counts as often as it has tokens.",
    },
    {
      name: "the loss",
      gives: (perplexities, tokens) => weighted(logs(perplexities), tokens),
      words: "That is the loss of the whole text, in nats a token. The perplexity is e to the power of it.",
    },
    {
      name: "two to the power",
      gives: (perplexities, tokens) => 2 ** weighted(logs(perplexities), tokens),
      words: "Two to the power of a loss in nats. Take e, or take the logarithms to base 2 as well.",
    },
    {
      name: "losses of chapters, shared by tokens",
      gives: (perplexities, tokens) => Math.exp(sum(logs(perplexities)) / sum(tokens)),
      words:
        "ln of a perplexity is the loss of *one* token. You add one for each chapter and share the sum by all tokens: times the tokens of its chapter first.",
    },
    {
      name: "turned means",
      gives: (perplexities, tokens) =>
        1 /
        weighted(
          perplexities.map((each) => 1 / each),
          tokens,
        ),
      words:
        "You average the probabilities, 1 over a perplexity. Probabilities of one token after the other are multiplied: what adds up are their logarithms.",
    },
  ],
  hints: [
    "What can be added up over the tokens of a text: perplexities, probabilities or losses?",
    "ln of a perplexity is the loss of a token. Times its tokens it is the loss of the chapter; all of it, shared by all tokens, is the loss of the whole. Then e to the power of it.",
    "`Math.exp(loss / count)` with `loss += tokens[i] * Math.log(perplexities[i])` and `count += tokens[i]`.",
  ],
  praise:
    "A chapter with 2 and one with 8, equally long, make 4: perplexities are multiplied, losses are added.",
});
