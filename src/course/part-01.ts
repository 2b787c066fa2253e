/** The exercises of notebook 1: a neuron for a batch, weights for other units, the distance from the line, a gate. */

import { Matrix } from "../index";
import { type Checker, checker, checkMatrixFunction, NotWrittenError } from "./check";
import type { Finding } from "./diagnose";

const preActivations = (w: Matrix, b: number, X: Matrix): Matrix => w.times(X).map((z) => z + b);
const step = (Z: Matrix): Matrix => Z.map((z) => (z > 0 ? 1 : 0));

/** (w 1 × n, b, X n × m) → answers 0 or 1, (1 × m). */
export const checkNeuronBatch = checkMatrixFunction<[Matrix, number, Matrix], Matrix>({
  name: "neuronBatch",
  arguments: ["w", "b", "X"],
  result: "answers",
  cases: (random, examples) => [
    random.randnMatrix(1, 4),
    1.5 * random.randn(),
    random.randnMatrix(4, examples),
  ],
  examples: [1, 9, 12, 7, 15],
  reference: (w, b, X) => step(preActivations(w, b, X)),
  extremes: [
    {
      name: "an applicant exactly on the line (z = 0, where the answer is 0)",
      inputs: [
        Matrix.row([1, 2, 0, 0]),
        -3,
        Matrix.from([
          [1, 3],
          [1, 3],
          [0, 0],
          [0, 0],
        ]),
      ],
    },
  ],
  mistakes: [
    {
      variant: preActivations,
      message: "These are the scores z, and they are right. The step is missing: 1 where z > 0, else 0.",
    },
    {
      variant: (w, _b, X) => step(w.times(X)),
      message: "The bias is missing: the sum has to exceed −b, not 0.",
    },
    {
      variant: (w, b, X) => step(preActivations(w, -b, X)),
      message: "The bias has the wrong sign: z = w·x + b, and its sign is part of b.",
    },
    {
      variant: (w, b, X) => step(preActivations(w, b, X)).map((answer) => 1 - answer),
      message: "Every answer is the opposite of the right one: the step says 1 above 0, not below.",
    },
    {
      variant: (w, b, X) => step(preActivations(w, w.columns * b, X)),
      message: "The bias is added once for every input. It belongs to the neuron: once for each applicant.",
    },
    {
      variant: (w, b, X) => {
        const first = step(preActivations(w, b, X)).at(0, 0);
        return Matrix.filled(1, X.columns, first);
      },
      message:
        "Every column has the first applicant's answer. Somewhere the index of the column stands still.",
    },
  ],
  praise: "One product decides about everybody at once.",
});

interface Rescaled {
  readonly [name: string]: Matrix | number;
  readonly w: Matrix;
  readonly b: number;
}

/** Weights and bias for facts as given → for standardised facts: (w, b, mean, deviation) → { w, b }. */
export const checkRescale = checkMatrixFunction<[Matrix, number, Matrix, Matrix], Rescaled>({
  name: "rescale",
  arguments: ["w", "b", "mean", "deviation"],
  cases: (random) => [
    random.randnMatrix(1, 3),
    random.randn(),
    random.randnMatrix(1, 3).scale(5),
    random.randMatrix(1, 3).map((u) => 0.5 + 3 * u),
  ],
  examples: [1, 1, 1, 1, 1],
  reference: (w, b, mean, deviation) => ({
    w: w.hadamard(deviation),
    b: b + w.hadamard(mean).sum(),
  }),
  mistakes: [
    {
      variant: (w, b, mean, deviation) => ({
        w: w.map((weight, _, i) => weight / deviation.at(0, i)),
        b: b + w.hadamard(mean).sum(),
      }),
      message:
        "The weights are divided by the deviations. Standard units are larger than euros, so the weight on one of them " +
        "must be larger too: w·x = w·(s·x′ + μ).",
    },
    {
      variant: (w, b, _mean, deviation) => ({ w: w.hadamard(deviation), b }),
      message:
        "The weights are right. The bias has to take in what the average applicant brings along: it gains Σ w·μ.",
    },
    {
      variant: (w, b, mean, deviation) => ({ w: w.hadamard(deviation), b: b - w.hadamard(mean).sum() }),
      message:
        "The weights are right, and the bias moves the wrong way. It gains Σ w·μ: the standardised average is 0 and " +
        "brings nothing, so the bias has to bring it.",
    },
    {
      variant: (w, b, mean, deviation) => {
        const scaled = w.hadamard(deviation);
        return { w: scaled, b: b + scaled.hadamard(mean).sum() };
      },
      message: "The weights are right. The bias gains Σ w·μ with the old weights; you took the new ones.",
    },
  ],
  praise: "The same neuron, in other units.",
});

const length = (w: Matrix): number => w.norm();

/** Signed distances of points from the line w·x + b = 0: (w 1 × 2, b, X 2 × m) → (1 × m). */
export const checkDistance = checkMatrixFunction<[Matrix, number, Matrix], Matrix>({
  name: "distances",
  arguments: ["w", "b", "X"],
  result: "distances",
  cases: (random, examples) => [
    random.randnMatrix(1, 2).scale(2),
    random.randn(),
    random.randnMatrix(2, examples),
  ],
  reference: (w, b, X) => preActivations(w, b, X).scale(1 / length(w)),
  mistakes: [
    {
      variant: preActivations,
      message:
        "These are the scores z. Double w and b, and they double, though the line stays where it is: divide by the " +
        "length of w.",
    },
    {
      variant: (w, b, X) => preActivations(w, b, X).scale(1 / length(w) ** 2),
      message: "You divided by the square of the length. Its root is missing.",
    },
    {
      variant: (w, b, X) => preActivations(w, b, X).map((z) => Math.abs(z) / length(w)),
      message: "The lengths are right, and the sign is lost: it tells the two sides of the line apart.",
    },
    {
      variant: (w, b, X) => preActivations(w, b, X).scale(1 / Math.hypot(length(w), b)),
      message:
        "The bias has slipped into the length. Only the weights are the arrow; the bias moves the line.",
    },
    {
      variant: (w, b, X) => preActivations(w, b, X).scale(1 / w.map(Math.abs).sum()),
      message: "You divided by the sum of the sizes, |w₁| + |w₂|. The length of an arrow is √(w₁² + w₂²).",
    },
  ],
  praise: "Beyond the line by that much, and on which side.",
});

/** What a gate is made of. */
export interface GateWeights {
  readonly weights: readonly [number, number];
  readonly bias: number;
}

/** Weights and a bias for "credit score good AND income good": yes for (1, 1), no for the other three. */
export const checkAndGate: Checker<() => GateWeights> = checker("andGate", examineGate);

const CORNERS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
] as const;

function examineGate(build: () => GateWeights): Finding {
  let gate: GateWeights | undefined;
  try {
    gate = build();
  } catch (error) {
    if (error instanceof NotWrittenError) {
      return {
        kind: "not written",
        message: "Your turn: two weights and a bias. Which sums must exceed 0, and which must not?",
      };
    }
    const what = error instanceof Error ? error.message : String(error);
    return { kind: "throws", message: `andGate stopped with an error:\n${what}` };
  }
  const [w1, w2] = gate?.weights ?? [];
  const bias = gate?.bias;
  if (![w1, w2, bias].every((value) => typeof value === "number" && Number.isFinite(value))) {
    return { kind: "shape", message: "Expected { weights: [a, b], bias: c } with three finite numbers." };
  }
  const answers = CORNERS.map(([a, b]) => (Number(w1) * a + Number(w2) * b + Number(bias) > 0 ? 1 : 0));
  const pattern = answers.join("");
  const shown = CORNERS.map(([a, b], k) => `(${a}, ${b}) → ${answers[k] === 1 ? "yes" : "no"}`).join(", ");
  if (pattern === "0001") {
    return {
      kind: "right",
      message: `Right: ${shown}. No weight alone exceeds −b, and both together do.`,
    };
  }
  const known: Readonly<Record<string, string>> = {
    "0111":
      "This is OR: one good fact is enough already. Make the bias more negative, so that one weight alone cannot overcome it.",
    "0000": "It never says yes: even both weights together do not overcome the bias.",
    "1111": "It always says yes, even where no fact is good: the bias is positive. Which sign must it have?",
    "1110": "This is NOT AND: every answer is the opposite. Turn the signs of weights and bias round.",
    "0011":
      "Only the first fact decides. The second one alone must not be enough, and the first one must not be either.",
    "0101": "Only the second fact decides. Neither fact alone must be enough.",
  };
  return { kind: "wrong", message: `Not yet: ${shown}. ${known[pattern] ?? "Only (1, 1) should be a yes."}` };
}
