/** A window of a text, and what is to be said at each of its places. */

import { exercise } from "../exercise";

type Given = [ids: number[], from: number, n: number];
const windowOf = (ids: readonly number[], x: number, y: number, n: number) => ({
  x: ids.slice(x, x + n),
  y: ids.slice(y, y + n),
});

/** (ids, from, n) → { x, y }. */
export const checkNextWindow = exercise<Given>({
  name: "nextWindow",
  given: ["ids", "from", "n"],
  sizes: [3, 4, 2, 5],
  drawn: (random, n) => {
    const from = random.randint(2, 6);
    return [Array.from({ length: from + n + 4 }, (_, t) => 10 * t + random.randint(0, 10)), from, n];
  },
  edges: {
    "the beginning of a text": [[5, 6, 7, 8, 9], 0, 2],
    "the last window that fits": [[5, 6, 7, 8, 9], 2, 2],
  },
  reference: (ids, from, n) => windowOf(ids, from, from + 1, n),
  slips: [
    {
      name: "y is x",
      gives: (ids, from, n) => ({ y: windowOf(ids, from, from, n).y }),
      words: "`y` is the window itself. To be said is what comes next: the same window, moved by one.",
    },
    {
      name: "y moved back",
      gives: (ids, from, n) => ({ y: ids.slice(Math.max(0, from - 1), Math.max(0, from - 1) + n) }),
      words: "`y` is moved the wrong way: it holds what came before. To be said is what comes next.",
    },
    {
      name: "y short",
      gives: (ids, from, n) => ({ y: ids.slice(from + 1, from + n) }),
      words: "`y` is one short. The last place of the window has something to say, too: the token behind it.",
    },
    {
      name: "y the next window",
      gives: (ids, from, n) => ({ y: ids.slice(from + n, from + 2 * n) }),
      words: "`y` is the next window. Each place says its own next token: y[t] is what follows x[t].",
    },
    {
      name: "from the beginning",
      gives: (ids, _from, n) => windowOf(ids, 0, 1, n),
      words: "This is the first window of the text, whatever `from` is.",
    },
    {
      name: "exchanged",
      gives: (ids, from, n) => windowOf(ids, from + 1, from, n),
      words: "x and y are exchanged: x is what is read, y what follows it.",
    },
  ],
  hints: [
    "Write a text of five letters down, take three, and write under each what follows it.",
    "x is ids from `from` on, n of them; y the same, moved by one.",
    "`ids.slice(from, from + n)` and `ids.slice(from + 1, from + n + 1)`.",
  ],
  praise: "n tokens, n answers: a language model learns at every place at once.",
});
