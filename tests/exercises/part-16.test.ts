// The exercises of notebook 16, answered as readers answer.
import { Random, SelfAttention } from "glassbox";
import { checkBitsPerCharacter, checkCacheSize, checkWholePerplexity } from "glassbox/notebook";
import { describeAnswers } from "../support/answers";

type Bits = (loss: number, tokens: number, characters: number) => unknown;
describeAnswers<Bits>(
  checkBitsPerCharacter,
  {
    "divided by ln 2": (loss, tokens, characters) => (loss * tokens) / characters / Math.log(2),
    "to base 2": (loss, tokens, characters) => Math.log2(Math.exp(loss)) * (tokens / characters),
  },
  [
    ["nats", (loss, tokens, characters) => (loss * tokens) / characters, /nats a character/],
    ["a token", (loss) => loss / Math.LN2, /bits a token/],
    ["turned", (loss, tokens, characters) => (loss * characters) / tokens / Math.LN2, /wrong way round/],
    ["times", (loss, tokens, characters) => ((loss * tokens) / characters) * Math.LN2, /multiply by ln 2/],
    ["perplexity", (loss, tokens, characters) => Math.exp((loss * tokens) / characters), /a perplexity/],
    ["nothing", () => undefined, /return/i],
  ],
);

type Cache = (blocks: number, width: number, tokens: number) => unknown;
describeAnswers<Cache>(
  checkCacheSize,
  {
    formula: (blocks, width, tokens) => 2 * blocks * width * tokens,
    "the library's": (blocks, width, tokens) => {
      const { keys, values } = new SelfAttention(width, { random: new Random(1) }).start();
      return blocks * tokens * (keys.rows + values.rows);
    },
  },
  [
    ["keys alone", (blocks, width, tokens) => blocks * width * tokens, /a key and a value/],
    ["queries too", (blocks, width, tokens) => 3 * blocks * width * tokens, /A query is asked once/],
    ["one block", (_blocks, width, tokens) => 2 * width * tokens, /That is one block/],
    ["squared", (blocks, _width, tokens) => 2 * blocks * tokens * tokens, /it is not kept/],
    ["the matrices", (blocks, width) => 2 * blocks * width * width, /the size of the matrices/],
    ["nothing", () => undefined, /return/i],
  ],
);

type Whole = (perplexities: number[], tokens: number[]) => unknown;
const sum = (list: number[]): number => list.reduce((total, each) => total + each, 0);
describeAnswers<Whole>(
  checkWholePerplexity,
  {
    "losses added": (perplexities, tokens) =>
      Math.exp(sum(perplexities.map((each, i) => tokens[i] * Math.log(each))) / sum(tokens)),
    "powers multiplied": (perplexities, tokens) =>
      perplexities.reduce((product, each, i) => product * each ** (tokens[i] / sum(tokens)), 1),
    "in bits": (perplexities, tokens) => {
      let bits = 0;
      for (let i = 0; i < tokens.length; i++) bits += tokens[i] * Math.log2(perplexities[i]);
      return 2 ** (bits / sum(tokens));
    },
  },
  [
    [
      "mean of the perplexities",
      (perplexities, tokens) => sum(perplexities.map((each, i) => tokens[i] * each)) / sum(tokens),
      /average the perplexities themselves/,
    ],
    [
      "no lengths",
      (perplexities) => Math.exp(sum(perplexities.map(Math.log)) / perplexities.length),
      /Each chapter counts once/,
    ],
    ["plain mean", (perplexities) => sum(perplexities) / perplexities.length, /plain mean/],
    [
      "the loss",
      (perplexities, tokens) => sum(perplexities.map((each, i) => tokens[i] * Math.log(each))) / sum(tokens),
      /the loss of the whole text/,
    ],
    [
      "two to the power",
      (perplexities, tokens) =>
        2 ** (sum(perplexities.map((each, i) => tokens[i] * Math.log(each))) / sum(tokens)),
      /Two to the power/,
    ],
    [
      "one loss a chapter",
      (perplexities, tokens) => Math.exp(sum(perplexities.map(Math.log)) / sum(tokens)),
      /the loss of \*one\* token/,
    ],
    [
      "mean of the probabilities",
      (perplexities, tokens) => sum(tokens) / sum(perplexities.map((each, i) => tokens[i] / each)),
      /average the probabilities/,
    ],
    ["nothing", () => undefined, /return/i],
  ],
);
