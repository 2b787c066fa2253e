// The exercises of notebook 10, answered as readers answer.
import { Matrix } from "glassbox";
import { checkBigramCounts, checkEmbeddingBackward, checkPerplexity } from "glassbox/notebook";
import { describeAnswers } from "../support/answers";

type Count = (ids: number[], V: number) => Matrix;
const count =
  (add: (counts: Matrix, before: number, next: number) => void, from = 1, to = 0): Count =>
  (ids, V) => {
    const counts = new Matrix(V, V);
    for (let t = from; t < ids.length + to; t++) add(counts, ids[t - 1], ids[t]);
    return counts;
  };
const plus = (M: Matrix, i: number, j: number) => M.set(i, j, M.at(i, j) + 1);

describeAnswers(
  checkBigramCounts,
  {
    "a loop": count((M, before, next) => plus(M, next, before)),
    "one-hot columns": (ids, V) => {
      const hot = (list: number[]) => new Matrix(V, list.length).map((_, i, t) => (list[t] === i ? 1 : 0));
      return hot(ids.slice(1)).times(hot(ids.slice(0, -1)).transpose());
    },
  },
  [
    ["turned", count((M, before, next) => plus(M, before, next)), /the table is turned/],
    ["set to 1", count((M, before, next) => M.set(next, before, 1)), /Asked is how often/],
    [
      "both ways",
      count((M, before, next) => {
        plus(M, next, before);
        plus(M, before, next);
      }),
      /in both directions/,
    ],
    [
      "the last pair forgotten",
      count((M, before, next) => plus(M, next, before), 1, -1),
      /last pair is missing/,
    ],
    [
      "a ring",
      (ids, V) => count((M, before, next) => plus(M, next, before))([...ids, ids[0]], V),
      /One pair too many/,
    ],
    ["nothing", () => undefined as unknown as Matrix, /returns nothing/],
    ["a list", (ids) => ids as unknown as Matrix, /plain list/],
  ],
);

type Back = (ids: number[], dY: Matrix, V: number) => Matrix;
const collect =
  (write: (old: number, slope: number) => number): Back =>
  (ids, dY, V) => {
    const dE = new Matrix(dY.rows, V);
    ids.forEach((id, t) => {
      for (let i = 0; i < dY.rows; i++) dE.set(i, id, write(dE.at(i, id), dY.at(i, t)));
    });
    return dE;
  };
const oneHot = (ids: number[], V: number) =>
  new Matrix(V, ids.length).map((_, i, t) => (ids[t] === i ? 1 : 0));

describeAnswers(
  checkEmbeddingBackward,
  {
    "a loop": collect((old, slope) => old + slope),
    "a product": (ids, dY, V) => dY.times(oneHot(ids, V).transpose()),
  },
  [
    ["overwritten", collect((_old, slope) => slope), /overwrote the first/],
    ["kept", collect((old, slope) => (old === 0 ? slope : old)), /only its first slope/],
    ["counted", collect((old) => old + 1), /counts how often/],
    ["turned", (ids, dY, V) => oneHot(ids, V).times(dY.transpose()), /turned/],
    [
      "the mean",
      (ids, dY, V) => {
        const sums = dY.times(oneHot(ids, V).transpose());
        return sums.map((sum, _i, j) => sum / Math.max(1, ids.filter((id) => id === j).length));
      },
      /took the mean/,
    ],
    ["dY itself", (_ids, dY) => dY, /unchanged/],
    ["minus", collect((old, slope) => old - slope), /sign/i],
  ],
);

const mean = (list: number[]) => list.reduce((sum, each) => sum + each, 0) / list.length;
describeAnswers(
  checkPerplexity,
  {
    "e to the mean surprise": (p) => Math.exp(-mean(p.map(Math.log))),
    "two to the mean surprise in bits": (p) => 2 ** -mean(p.map(Math.log2)),
    "a root of the product": (p) => p.reduce((all, each) => all * each, 1) ** (-1 / p.length),
  },
  [
    ["the loss", (p) => -mean(p.map(Math.log)), /This is the loss/],
    ["the mean of 1/p", (p) => mean(p.map((each) => 1 / each)), /the mean of 1\/p/],
    ["two and e mixed", (p) => 2 ** -mean(p.map(Math.log)), /Two to the power/],
    ["the whole text", (p) => 1 / p.reduce((all, each) => all * each, 1), /not divided/],
    ["below 1", (p) => Math.exp(mean(p.map(Math.log))), /sign is turned/],
    ["one over the mean", (p) => 1 / mean(p), /One over the mean/],
  ],
);
