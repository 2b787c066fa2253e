// The exercises of notebook 10, answered as readers answer.
import { Matrix } from "glassbox";
import { checkEmbeddingBackward, checkSmoothedPerplexity, checkTrigramCounts } from "glassbox/notebook";
import { describeAnswers } from "../support/answers";

type Count = (ids: number[], V: number) => Matrix;
const count =
  (add: (counts: Matrix, pair: number, next: number) => void, from = 2, to = 0, by = 1): Count =>
  (ids, V) => {
    const counts = new Matrix(V, V * V);
    for (let t = from; t < ids.length + to; t += by) add(counts, V * ids[t - 2] + ids[t - 1], ids[t]);
    return counts;
  };
const plus = (M: Matrix, i: number, j: number) => M.set(i, j, M.at(i, j) + 1);
const right = count((M, pair, next) => plus(M, next, pair));

describeAnswers(
  checkTrigramCounts,
  {
    "a loop": right,
    "one-hot columns": (ids, V) => {
      const hot = (list: number[], size: number) =>
        new Matrix(size, list.length).map((_, i, t) => (list[t] === i ? 1 : 0));
      const pairs = ids.slice(0, -2).map((id, t) => V * id + ids[t + 1]);
      return hot(ids.slice(2), V).times(hot(pairs, V * V).transpose());
    },
  },
  [
    [
      "the pair turned",
      (ids, V) => {
        const counts = new Matrix(V, V * V);
        for (let t = 2; t < ids.length; t++) plus(counts, ids[t], V * ids[t - 1] + ids[t - 2]);
        return counts;
      },
      /turned pairs/,
    ],
    ["the table turned", (ids, V) => right(ids, V).transpose(), /the table is turned/],
    ["set to 1", count((M, pair, next) => M.set(next, pair, 1)), /Asked is how often/],
    ["the last one forgotten", count((M, pair, next) => plus(M, next, pair), 2, -1), /last one is missing/],
    ["by threes", count((M, pair, next) => plus(M, next, pair), 2, 0, 3), /walk on by three/],
    ["a ring", (ids, V) => right([...ids, ids[0], ids[1]], V), /Two too many/],
    [
      "one too far",
      (ids, V) => {
        const counts = new Matrix(V, V * V);
        for (let t = 0; t + 3 < ids.length; t++) plus(counts, ids[t + 3], V * ids[t] + ids[t + 1]);
        return counts;
      },
      /a place between/,
    ],
    ["nothing", () => undefined as unknown as Matrix, /returns nothing/],
    ["a list", (ids) => ids as unknown as Matrix, /plain list/],
    [
      "pairs, as in the notebook",
      (ids, V) => {
        const counts = new Matrix(V, V);
        for (let t = 1; t < ids.length; t++) plus(counts, ids[t], ids[t - 1]);
        return counts;
      },
      /expected 2 × 4|2 × 4/,
    ],
  ],
);

type Back = (groups: number[][], dY: Matrix, V: number) => Matrix;
const collect =
  (share: (slope: number, group: number[], places: number) => number, overwrite = false): Back =>
  (groups, dY, V) => {
    const dE = new Matrix(dY.rows, V);
    groups.forEach((group, t) => {
      for (const id of group)
        for (let i = 0; i < dY.rows; i++)
          dE.set(i, id, (overwrite ? 0 : dE.at(i, id)) + share(dY.at(i, t), group, groups.length));
    });
    return dE;
  };
const evenly = (slope: number, group: number[]) => slope / group.length;
const shares = (groups: number[][], V: number) =>
  new Matrix(V, groups.length).map((_, i, t) => groups[t].filter((id) => id === i).length / groups[t].length);

describeAnswers(
  checkEmbeddingBackward,
  {
    "a loop": collect(evenly),
    "a product": (groups, dY, V) => dY.times(shares(groups, V).transpose()),
  },
  [
    ["as in the notebook", collect((slope) => slope), /the whole blame of its place/],
    ["overwritten", collect(evenly, true), /overwrote the first/],
    [
      "once a place",
      (groups, dY, V) => {
        const dE = new Matrix(dY.rows, V);
        groups.forEach((group, t) => {
          for (const id of [...new Set(group)])
            for (let i = 0; i < dY.rows; i++) dE.set(i, id, dE.at(i, id) + dY.at(i, t) / group.length);
        });
        return dE;
      },
      /two shares of the blame/,
    ],
    ["by the places", collect((slope, _group, places) => slope / places), /number of places/],
    ["turned", (groups, dY, V) => shares(groups, V).times(dY.transpose()), /turned/],
    ["shares", collect((_slope, group) => 1 / group.length), /how much each column was read/],
    [
      "the mean over uses",
      (groups, dY, V) =>
        dY
          .times(shares(groups, V).transpose())
          .map((sum, _i, j) => sum / Math.max(1, groups.flat().filter((id) => id === j).length)),
      /gets the mean of its slopes/,
    ],
    ["dY itself", (_groups, dY) => dY, /unchanged/],
    ["minus", collect((slope, group) => -slope / group.length), /sign/i],
  ],
);

const sum = (list: number[]) => list.reduce((total, each) => total + each, 0);
const mean = (list: number[]) => sum(list) / list.length;
type Perplexity = (counts: number[], ids: number[], added: number) => number;
const of =
  (p: (count: number, total: number, added: number, V: number) => number): Perplexity =>
  (counts, ids, added) =>
    Math.exp(-mean(ids.map((id) => Math.log(p(counts[id], sum(counts), added, counts.length)))));
const smooth = (count: number, total: number, added: number, V: number) =>
  (count + added) / (total + added * V);

describeAnswers(
  checkSmoothedPerplexity,
  {
    "e to the mean surprise": of(smooth),
    "two to the mean surprise in bits, of counts that grew first": (counts, ids, added) => {
      const grown = counts.map((count) => count + added);
      return 2 ** -mean(ids.map((id) => Math.log2(grown[id] / sum(grown))));
    },
    "a root of the product": (counts, ids, added) =>
      ids.reduce((all, id) => all * smooth(counts[id], sum(counts), added, counts.length), 1) **
      (-1 / ids.length),
  },
  [
    ["the old sum", of((count, total, added) => (count + added) / total), /more than 1/],
    ["added once", of((count, total, added) => (count + added) / (total + added)), /in the sum once/],
    [
      "added below only",
      of((count, total, added, V) => count / (total + added * V)),
      /the count itself has not/,
    ],
    ["no smoothing", of((count, total) => count / total), /is not in it/],
    ["the loss", (...given) => Math.log(of(smooth)(...given)), /This is the loss/],
    ["two and e mixed", (...given) => 2 ** Math.log(of(smooth)(...given)), /Two to the power/],
    ["the whole text", (counts, ids, added) => of(smooth)(counts, ids, added) ** ids.length, /not divided/],
    ["below 1", (...given) => 1 / of(smooth)(...given), /sign is turned/],
    [
      "the mean of 1/p",
      (counts, ids, added) =>
        mean(ids.map((id) => 1 / smooth(counts[id], sum(counts), added, counts.length))),
      /the mean of 1\/p/,
    ],
    [
      "the unseen alone",
      of((count, total, added, V) => (count === 0 ? added : count) / (total + added * V)),
      /unseen tokens alone/,
    ],
  ],
);
