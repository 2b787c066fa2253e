// The exercises of notebook 15, answered as readers answer.
import { distribution, Embedding, Ids, Matrix, TiedHead } from "glassbox";
import { checkTiedGradient, checkTopK, checkTopP } from "glassbox/notebook";
import { describeAnswers } from "../support/answers";

const share = (powers: number[]): number[] => powers.map((p) => p / powers.reduce((a, b) => a + b));

type Nucleus = (p: number[], share: number) => unknown;
const places = (p: number[]): number[] => p.map((_, i) => i).sort((a, b) => p[b] - p[a]);
const first = (p: number[], count: (share: number, sorted: number[]) => number, part: number): number[] => {
  const sorted = places(p);
  const chosen = sorted.slice(
    0,
    count(
      part,
      sorted.map((i) => p[i]),
    ),
  );
  return p.map((x, i) => (chosen.includes(i) ? x : 0));
};
const needed = (part: number, sorted: number[]): number => {
  let [sum, k] = [0, 0];
  while (sum < part) sum += sorted[k++];
  return k;
};
describeAnswers<Nucleus>(
  checkTopP,
  {
    "sorted, added up": (p, part) => share(first(p, needed, part)),
    "the library's": (p, part) => [...distribution(Matrix.column(p.map(Math.log)), { topP: part }).data],
  },
  [
    ["not scaled", (p, part) => first(p, needed, part), /no longer have 1/],
    ["one too many", (p, part) => share(first(p, (...x) => needed(...x) + 1, part)), /one token more/],
    [
      "one too few",
      (p, part) => share(first(p, (...x) => Math.max(1, needed(...x) - 1), part)),
      /less than the share/,
    ],
    ["each by itself", (p, part) => p.map((x) => (x >= part ? x : 0)), /by themselves/],
    ["into p", (p) => p.fill(0), /writes into its argument `p`/],
    ["nothing", () => undefined, /return/i],
  ],
);

type OnlyBest = (p: number[], k: number) => unknown;
describeAnswers<OnlyBest>(
  checkTopK,
  {
    "the k-th largest as the least": (p, k) => {
      const least = [...p].sort((a, b) => b - a)[k - 1];
      return share(p.map((x) => (x >= least ? x : 0)));
    },
    "the library's": (p, k) => [...distribution(Matrix.column(p.map(Math.log)), { topK: k }).data],
  },
  [
    [
      "not scaled",
      (p, k) => p.map((x) => (x >= [...p].sort((a, b) => b - a)[k - 1] ? x : 0)),
      /no longer have 1/,
    ],
    ["into p", (p) => p.fill(0), /writes into its argument `p`/],
    ["the first", (p, k) => share(p.map((x, i) => (i < k ? x : 0))), /the first k tokens/],
    [
      "the worst",
      (p, k) => share(p.map((x) => (x <= [...p].sort((a, b) => a - b)[k - 1] ? x : 0))),
      /least likely/,
    ],
    [
      "one too many",
      (p, k) => share(p.map((x) => (x >= ([...p].sort((a, b) => b - a)[k] ?? 0) ? x : 0))),
      /One token too many/,
    ],
    [
      "sorted",
      (p, k) => share([...p].sort((a, b) => b - a).map((x, i) => (i < k ? x : 0))),
      /they have moved/,
    ],
  ],
);

type Tied = (ids: number[], dX: Matrix, H: Matrix, dZ: Matrix) => unknown;
const head: Tied = (_ids, _dX, H, dZ) => H.times(dZ.transpose());
const both = (ids: number[], dX: Matrix, H: Matrix, dZ: Matrix): Matrix => {
  const dE = H.times(dZ.transpose());
  ids.forEach((id, t) => {
    for (let i = 0; i < dE.rows; i++) dE.set(i, id, dE.at(i, id) + dX.at(i, t));
  });
  return dE;
};
describeAnswers<Tied>(
  checkTiedGradient,
  {
    "by hand": both,
    "the library's": (ids, dX, H, dZ) => {
      const embedding = new Embedding(dZ.rows, dX.rows, { weights: new Matrix(dX.rows, dZ.rows) });
      new TiedHead(embedding).forward(H)[1](dZ);
      embedding.forward(new Ids(ids))[1](dX);
      return embedding.weights.gradient;
    },
  },
  [
    ["the head", head, /the head alone/],
    ["the embedding", (ids, dX, H, dZ) => both(ids, dX, H.scale(0), dZ), /the embedding alone/],
    ["the difference", (ids, dX, H, dZ) => both(ids, dX, H.scale(-1), dZ), /subtracted/],
    ["into H", (_ids, _dX, H) => H.fill(0), /writes into its argument `H`/],
    ["the mean", (...given) => both(...given).scale(0.5), /mean of the two/],
    ["turned", (...given) => both(...given).transpose(), /turned/],
    ["a list", (...given) => both(...given).toRows(), /expected a Matrix/],
  ],
);
