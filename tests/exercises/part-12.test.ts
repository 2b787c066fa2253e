// The exercises of notebook 12, answered as readers answer.
import { distribution, type Matrix, softmax } from "glassbox";
import { checkLstmParameters, checkNextWindow, checkTemperature } from "glassbox/notebook";
import { describeAnswers } from "../support/answers";

const powers = (z: Matrix) => z.map((score) => Math.exp(score));
const shares = (z: Matrix) => z.scale(1 / z.sum());

describeAnswers(
  checkTemperature,
  {
    "the library's softmax": (z, T) => softmax(z.scale(1 / T)),
    "the library's distribution": (z, T) => distribution(z, { temperature: T }),
    "by hand": (z, T) => shares(powers(z.map((score) => (score - Math.max(...z.data)) / T))),
  },
  [
    ["times T", (z, T) => softmax(z.scale(T)), /multiplied by T/],
    ["T forgotten", (z) => softmax(z), /at T = 1/],
    ["T behind", (z, T) => softmax(z).scale(1 / T), /behind the softmax/],
    ["naive", (z, T) => shares(powers(z.scale(1 / T))), /Right for ordinary scores/],
    ["not divided", (z, T) => powers(z.scale(1 / T)), /do not sum to 1/],
    ["a root", (z, T) => softmax(z.scale(T ** -0.5)), /√T/],
    ["a row", (z, T) => softmax(z.scale(1 / T)).transpose(), /transpose|shape|row/],
  ],
);

type Window = (ids: number[], from: number, n: number) => unknown;
const cut =
  (x: (from: number) => number, y: (from: number) => number): Window =>
  (ids, from, n) => ({ x: ids.slice(x(from), x(from) + n), y: ids.slice(y(from), y(from) + n) });
const same = (from: number) => from;
const next = (from: number) => from + 1;

describeAnswers(
  checkNextWindow as never,
  {
    slices: cut(same, next),
    "place by place": (ids: number[], from: number, n: number) => ({
      x: Array.from({ length: n }, (_, t) => ids[from + t]),
      y: Array.from({ length: n }, (_, t) => ids[from + t + 1]),
    }),
  } as never,
  [
    ["y = x", cut(same, same), /moved by one/],
    ["moved back", cut(same, (from) => Math.max(0, from - 1)), /wrong way/],
    [
      "one short",
      (ids: number[], from: number, n: number) => ({
        x: ids.slice(from, from + n),
        y: ids.slice(from + 1, from + n),
      }),
      /one short/,
    ],
    [
      "the window after",
      (ids: number[], from: number, n: number) => cut(same, (at) => at + n)(ids, from, n),
      /next window/,
    ],
    [
      "from 0",
      cut(
        () => 0,
        () => 1,
      ),
      /first window/,
    ],
    ["exchanged", cut(next, same), /exchanged/],
  ] as never,
);

const small = (inputs: number, units: number) => units * inputs + units * units + units;
describeAnswers(
  checkLstmParameters,
  {
    "four small layers": (inputs, units) => 4 * small(inputs, units),
    stacked: (inputs, units) => 4 * units * (inputs + units + 1),
  },
  [
    ["one", small, /plain recurrent layer/],
    ["three", (inputs, units) => 3 * small(inputs, units), /candidate is missing/],
    ["five", (inputs, units) => 5 * small(inputs, units), /cell itself learns nothing/],
    ["no b", (inputs, units) => 4 * units * (inputs + units), /biases are missing/],
    ["no U", (inputs, units) => 4 * units * (inputs + 1), /old state are missing/],
    ["two b", (inputs, units) => 4 * units * (inputs + units + 2), /Two biases/],
  ],
);
