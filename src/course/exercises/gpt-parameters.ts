/** How many parameters a GPT has. */

import { exercise } from "../exercise";

type Given = [vocabulary: number, context: number, width: number, blocks: number];
interface Counted {
  /** Square matrices of the attention, and their biases. */
  readonly squares?: number;
  readonly squareBiases?: number;
  /** Hidden units, in widths; long matrices between them and the width. */
  readonly hidden?: number;
  readonly long?: number;
  readonly hiddenBias?: boolean;
  readonly downBias?: boolean;
  /** Norms of a block, and at the end; a norm has so many numbers, in widths. */
  readonly norms?: number;
  readonly lastNorm?: number;
  readonly ofNorm?: number;
  readonly places?: boolean;
  /** How often the table of tokens is counted. */
  readonly tables?: number;
  readonly piled?: boolean;
}

const count =
  ({
    squares = 4,
    squareBiases = 4,
    hidden = 4,
    long = 2,
    hiddenBias = true,
    downBias = true,
    norms = 2,
    lastNorm = 1,
    ofNorm = 2,
    places = true,
    tables = 1,
    piled = true,
  }: Counted = {}) =>
  (...[vocabulary, context, width, blocks]: Given): number => {
    const attention = squares * width ** 2 + squareBiases * width;
    const biases = (hiddenBias ? hidden * width : 0) + (downBias ? width : 0);
    const block = attention + long * hidden * width ** 2 + biases + norms * ofNorm * width;
    const embedded = (tables * vocabulary + (places ? context : 0)) * width;
    return embedded + (piled ? blocks : 1) * block + lastNorm * ofNorm * width;
  };

/** (vocabulary, context, width, blocks) → parameters of a GPT-2 of that size, its head tied to the table of tokens. */
export const checkGptParameters = exercise<Given>({
  name: "gptParameters",
  given: ["vocabulary", "context", "width", "blocks"],
  sizes: [8, 16, 12, 64],
  drawn: (random, width) => [random.randint(20, 90), random.randint(5, 40), width, random.randint(2, 6)],
  edges: {
    "one of each": [1, 1, 1, 1],
    "2 tokens, 3 places, width 4, 5 blocks": [2, 3, 4, 5],
    "the smallest GPT-2": [50_257, 1024, 768, 12],
  },
  reference: count(),
  slips: [
    {
      name: "no norm at the end",
      gives: count({ lastNorm: 0 }),
      words: "One norm is missing: the one after the last block, with a gain and a shift.",
    },
    {
      name: "no places",
      gives: count({ places: false }),
      words: "The table of places is missing: a column of `width` numbers for each of the `context` places.",
    },
    {
      name: "a head of its own",
      gives: count({ tables: 2 }),
      words:
        "You count the table of tokens twice. The head uses the same matrix once more, and a matrix that is used twice is learned once.",
    },
    {
      name: "four widths a block",
      gives: count({ squareBiases: 0 }),
      words:
        "4 · width are missing in each block. So many numbers have the biases of the attention, one for each of its four matrices, and as many its two norms.",
    },
    {
      name: "three squares",
      gives: count({ squares: 3, squareBiases: 3 }),
      words:
        "Queries, keys and values are three square matrices. The fourth, the one that mixes the heads, is missing, with its bias.",
    },
    {
      name: "feed-forward without biases",
      gives: count({ hiddenBias: false, downBias: false }),
      words:
        "The biases of the feed-forward layer are missing: one number for each hidden unit, and one for each row that it gives back.",
    },
    {
      name: "one width a block",
      gives: count({ downBias: false }),
      words:
        "One `width` is missing in each block: a bias. The feed-forward layer has two, the second with `width` entries, and the attention has four of that size.",
    },
    {
      name: "one long matrix",
      gives: count({ long: 1 }),
      words: "The feed-forward layer has two long matrices: up to the hidden units, and down again.",
    },
    {
      name: "no wider in the middle",
      gives: count({ hidden: 1 }),
      words: "You take as many hidden units as the width. Here there are four times as many.",
    },
    {
      name: "one norm a block",
      gives: count({ norms: 1 }),
      words: "You count one norm a block. There are two, one before each branch.",
    },
    {
      name: "gains alone",
      gives: count({ ofNorm: 1 }),
      words: "A norm has a gain *and* a shift for every feature. You count one of the two.",
    },
    {
      name: "one block",
      gives: count({ piled: false }),
      words: "That is a pile of one block. There are `blocks` of them, each with parameters of its own.",
    },
  ],
  hints: [
    "Four parts: two tables, the blocks, a norm at the end.",
    "A block: 4 · (width² + width) for the attention; 8 · width² + 5 · width for the feed-forward layer; 4 · width for its two norms.",
    "`(vocabulary + context) * width + blocks * (12 * width ** 2 + 13 * width) + 2 * width`.",
  ],
  praise: "124,439,808 for the smallest GPT-2. Two thirds of them stand in its blocks.",
});
