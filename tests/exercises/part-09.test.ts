// The exercises of the appendix, answered as readers answer.
import { checkLayerShapes, checkMultiplications, type LayerShapes } from "glassbox/notebook";
import { describeAnswers } from "../support/answers";

const shapes = (inputs: number, units: number, m: number): LayerShapes => ({
  W: [units, inputs],
  b: [units, 1],
  Z: [units, m],
  dW: [units, inputs],
  dX: [inputs, m],
});
const slip =
  (change: (inputs: number, units: number, m: number) => object) => (i: number, u: number, m: number) => ({
    ...shapes(i, u, m),
    ...change(i, u, m),
  });

describeAnswers<(inputs: number, units: number, m: number) => unknown>(
  checkLayerShapes,
  {
    "one by one": shapes,
    "from one another": (inputs, units, m) => {
      const [W, X] = [
        [units, inputs],
        [inputs, m],
      ];
      return { W, dW: [...W], b: [W[0], 1], Z: [W[0], X[1]], dX: X };
    },
  },
  [
    [
      "as TensorFlow.js has it",
      slip((i, u) => ({ W: [i, u], dW: [i, u] })),
      /`W` and `dW` are the wrong way round/,
    ],
    [
      "W turned",
      slip((i, u) => ({ W: [i, u] })),
      /^`W` is the wrong way round.*\n`b` and `Z` and `dW` and `dX` are right already\.$/,
    ],
    ["a bias an example", slip((_i, u, m) => ({ b: [u, m] })), /whatever the batch/],
    ["a bias that lies", slip((_i, u) => ({ b: [1, u] })), /lies on its side/],
    ["dW with the batch", slip((_i, u, m) => ({ dW: [u, m] })), /shape of W/],
    ["Z turned", slip((_i, u, m) => ({ Z: [m, u] })), /a column is an example/],
    ["dX with the units", slip((_i, u, m) => ({ dX: [u, m] })), /shape of X/],
    [
      "three slips",
      slip((i, u, m) => ({ W: [i, u], Z: [m, u], dX: [u, m] })),
      /`W` is the wrong way round.*\n`Z` is the wrong way round.*\n`dX` belongs to X/,
    ],
    ["one number", slip((_i, u) => ({ b: u })), /`b` is the number \d+; expected a list of 2 numbers/],
    ["three numbers", slip((i, u, m) => ({ Z: [u, m, 1 + i] })), /Your `Z` has 3 numbers and should have 2/],
    [
      "texts",
      slip((i, u) => ({ W: `${u} × ${i}` })),
      /`W` is a text, ".* × .*"; expected a list of 2 numbers/,
    ],
    [
      "a bias with one more",
      slip((_i, u) => ({ b: [u + 1, 1] })),
      /Your `b` differs from the right one in 6 of 6 cases/,
    ],
  ],
);

describeAnswers(checkMultiplications, { "worked out": 32 * (784 * 128 + 128 * 10), typed: 3252224 }, [
  ["rounded to six digits", 3_252_220, /^Not yet: 3252220 is too small\.$/],
  ["one example", 101_632, /That is one example/],
  ["parameters", 101_770, /number of parameters/],
  ["with biases", 32 * 101_770, /counted the biases/],
  ["sizes added", 32 * 922, /added the sizes/],
  ["layers multiplied", 32 * 784 * 1280, /costs add up/],
  ["first layer", 32 * 784 * 128, /That is the first layer/],
  ["additions too", 2 * 3_252_224, /multiplications and additions/],
  ["a text", "3,252,224" as unknown as number, /got a text/],
]);
