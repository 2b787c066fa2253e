/** What the scores of a head are multiplied with. */

import { exercise } from "../exercise";

/** (width, heads) → the scale. */
export const checkHeadScale = exercise<[width: number, heads: number]>({
  name: "headScale",
  given: ["width", "heads"],
  drawn: (random, m) => {
    const heads = 2 + random.randint(0, 6);
    return [heads * (m + 1), heads];
  },
  edges: { "width 64, 4 heads": [64, 4] },
  reference: (width, heads) => 1 / Math.sqrt(width / heads),
  slips: [
    {
      name: "by the width",
      gives: (width) => 1 / Math.sqrt(width),
      words:
        "That is the source's scale, by the whole width. A dot product here adds only as many products as a head has rows.",
    },
    {
      name: "not one over",
      gives: (width, heads) => Math.sqrt(width / heads),
      words: "The root is right, but the scores are to shrink: one over it.",
    },
    {
      name: "no root",
      gives: (width, heads) => heads / width,
      words: "Without the root the scores shrink too much: a sum of d products grows with √d, not with d.",
    },
    {
      name: "by the heads",
      gives: (_width, heads) => 1 / Math.sqrt(heads),
      words: "That is the number of heads. What counts is how many rows one head has.",
    },
    {
      name: "times the heads",
      gives: (width, heads) => 1 / Math.sqrt(width * heads),
      words: "The heads share the width, they do not multiply it.",
    },
  ],
  hints: [
    "How many products are added up in one score?",
    "A head has width/heads rows. A sum of d products of standard numbers has the standard deviation √d.",
    "`1 / Math.sqrt(width / heads)`",
  ],
  praise: "For width 64 and 4 heads it is 1/4, where the source has 1/8.",
});
