// The exercises of notebook 8, answered as readers answer.
import { accuracy, argmax, Matrix } from "glassbox";
import { checkAccuracy, checkBestPossible, checkTurnedSpiral } from "glassbox/notebook";
import { describeAnswers } from "../support/answers";

describeAnswers(checkBestPossible, { "75": 75, "worked out": 0.5 * 100 + 0.5 * 50 }, [
  ["a fraction", 0.75, /^As a fraction it is right\. Per cent are asked for: 100 times yours\.$/],
  ["a coin", 50, /that half gives 50 %/],
  ["half a turn", 62.5, /answer for half a turn/],
  ["everything", 100, /nobody can be right for certain|There nobody can/],
  ["25", 25, /share that a coin gets right/],
  ["the measured, with noise", 62.45, /answer for half a turn/],
  ["another", 70, /^Not yet: 70 is too small/],
  ["a text", "75 %" as unknown as number, /got a text, "75 %"/],
  ["NaN", Number("75 %"), /Your calculation gave NaN/],
]);

const FULL = 4 * Math.PI;
const spiral =
  (radius: (t: number) => number, turn: number) =>
  (theta: Matrix): Matrix => {
    const angles = Array.from(theta.data);
    const along = (f: (t: number) => number) => angles.map((t) => radius(t) * f(t + turn));
    return Matrix.from([along(Math.cos), along(Math.sin)]);
  };

describeAnswers<(theta: Matrix) => unknown>(
  checkTurnedSpiral,
  {
    "turned by π": spiral((t) => t / FULL, Math.PI),
    "both signs changed": (theta) => spiral((t) => t / FULL, 0)(theta).scale(-1),
    "turned back": spiral((t) => t / FULL, -Math.PI),
  },
  [
    ["the slip itself", spiral((t) => (t + Math.PI) / FULL, Math.PI), /That is the slip itself/],
    ["not turned", spiral((t) => t / FULL, 0), /These points lie on class 0/],
    ["a whole turn", spiral((t) => t / FULL, 2 * Math.PI), /These points lie on class 0/],
    ["a quarter", spiral((t) => t / FULL, Math.PI / 2), /a quarter of a turn/],
    ["radius θ", spiral((t) => t, Math.PI), /Your radius is θ itself/],
    ["radius θ/2π", spiral((t) => t / (2 * Math.PI), Math.PI), /twice the right one/],
    [
      "sine first",
      (theta) => Matrix.from([...spiral((t) => t / FULL, Math.PI)(theta).toRows()].reverse()),
      /x and y have changed places/,
    ],
    [
      "points as rows",
      (theta) => spiral((t) => t / FULL, Math.PI)(theta).transpose(),
      /rows and columns exchanged: it is 2 × 2|rows and columns exchanged: it is \d × 2 and should be 2 × \d/,
    ],
    ["degrees", spiral((t) => t / FULL, 180), /^Your answer differs from the right one in \d of \d cases/],
    [
      "lists",
      (theta) => spiral((t) => t / FULL, Math.PI)(theta).toRows(),
      /returns a list of 2 lists; expected a Matrix/,
    ],
    [
      "one row",
      (theta) => theta.map((t) => (t / FULL) * Math.cos(t + Math.PI)),
      /Your answer is 1 × 1 and should be 2 × 1/,
    ],
  ],
);

describeAnswers<(scores: Matrix, targets: Matrix) => unknown>(
  checkAccuracy,
  {
    argmax: (scores, targets) =>
      argmax(scores).filter((row, j) => row === argmax(targets)[j]).length / scores.columns,
    "the library's": accuracy,
    "in loops": (scores, targets) => {
      let right = 0;
      for (let j = 0; j < scores.columns; j++) {
        let best = 0;
        for (let i = 1; i < scores.rows; i++) if (scores.at(i, j) > scores.at(best, j)) best = i;
        right += targets.at(best, j);
      }
      return right / targets.columns;
    },
  },
  [
    [
      "the count",
      (scores, targets) => accuracy(scores, targets) * scores.columns,
      /You counted the right ones/,
    ],
    ["the wrong ones", (scores, targets) => 1 - accuracy(scores, targets), /share of wrong ones/],
    ["per cent", (scores, targets) => 100 * accuracy(scores, targets), /^Right, in per cent/],
    [
      "by entries",
      (scores, targets) => (accuracy(scores, targets) * scores.columns) / scores.size,
      /number of entries/,
    ],
    [
      "by classes",
      (scores, targets) => (accuracy(scores, targets) * scores.columns) / scores.rows,
      /number of classes/,
    ],
    [
      "above one half",
      (scores, targets) => scores.map((s, k, j) => (s > 0.5 ? targets.at(k, j) : 0)).sum() / scores.columns,
      /whether the true class scores more than 0\.5/,
    ],
    ["by size", (scores, targets) => accuracy(scores.map(Math.abs), targets), /You compare the sizes/],
    ["lowest", (scores, targets) => accuracy(scores.scale(-1), targets), /You look for the lowest score/],
    [
      "hits, one by one",
      (scores, targets) => argmax(scores).map((row, j) => Number(row === argmax(targets)[j])),
      /returns a plain list of \d+ numbers?; expected a number/,
    ],
    ["always 1", () => 1, /^Your answer is 1 in every case/],
    [
      "entries that agree",
      (scores, targets) =>
        scores.map((s, k, j) => Number(Math.round(s) === targets.at(k, j))).sum() / scores.size,
      /differs from the right one in \d+ of \d+ cases/,
    ],
  ],
);
