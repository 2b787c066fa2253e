// The exercises of notebook 16, answered as readers answer.
import { Random, SelfAttention } from "glassbox";
import { checkBitsPerCharacter, checkCacheSize, checkHeadScale } from "glassbox/notebook";
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

type Scale = (width: number, heads: number) => unknown;
describeAnswers<Scale>(
  checkHeadScale,
  {
    formula: (width, heads) => Math.sqrt(heads / width),
    "the library's": (width, heads) => new SelfAttention(width, { heads, random: new Random(1) }).scale,
  },
  [
    ["by the width", (width) => 1 / Math.sqrt(width), /by the whole width/],
    ["not one over", (width, heads) => Math.sqrt(width / heads), /one over it/],
    ["no root", (width, heads) => heads / width, /Without the root/],
    ["by the heads", (_width, heads) => 1 / Math.sqrt(heads), /the number of heads/],
    ["times the heads", (width, heads) => 1 / Math.sqrt(width * heads), /share the width/],
    ["nothing", () => undefined, /return/i],
  ],
);
