/** The exercises of notebook 1: a neuron for a batch, weights for other units, the distance from the line, a gate. */

import { Matrix } from "../index";
import { construction } from "./construction";
import { exercise } from "./exercise";

const preActivations = (w: Matrix, b: number, X: Matrix): Matrix => w.times(X).map((z) => z + b);
const step = (Z: Matrix): Matrix => Z.map((z) => (z > 0 ? 1 : 0));

/** (w 1 × n, b, X n × m) → answers 0 or 1, (1 × m). */
export const checkNeuronBatch = exercise<[w: Matrix, b: number, X: Matrix]>({
  name: "neuronBatch",
  given: ["w", "b", "X"],
  sizes: [1, 9, 12, 7, 15],
  drawn: (random, m) => [random.randnMatrix(1, 4), 1.5 * random.randn(), random.randnMatrix(4, m)],
  edges: {
    "one applicant, approved": [Matrix.row([2]), 1, Matrix.column([3])],
    "one applicant, rejected": [Matrix.row([2]), 1, Matrix.column([-3])],
    "an applicant exactly on the line, where z = 0 and the answer is 0": [
      Matrix.row([1, 2]),
      -3,
      Matrix.from([
        [1, 3],
        [1, 3],
      ]),
    ],
    "a bias that decides alone": [
      Matrix.row([1, 1]),
      5,
      Matrix.from([
        [-1, 1],
        [-1, 0],
      ]),
    ],
  },
  reference: (w, b, X) => step(preActivations(w, b, X)),
  slips: [
    {
      name: "no step",
      gives: preActivations,
      words: "These are the scores z, and they are right. The step is missing: 1 where z > 0, else 0.",
    },
    {
      name: "no bias",
      gives: (w, _b, X) => step(w.times(X)),
      words: "The bias is missing: the sum has to exceed −b, not 0.",
    },
    {
      name: "minus b",
      gives: (w, b, X) => step(preActivations(w, -b, X)),
      words: "The bias has the wrong sign: z = w·x + b, and its sign is part of b.",
    },
    {
      name: "0 counts as yes",
      gives: (w, b, X) => preActivations(w, b, X).map((z) => (z >= 0 ? 1 : 0)),
      words:
        "Right everywhere but on the line itself: where z is exactly 0, the answer is 0. The step asks for z > 0.",
    },
    {
      name: "opposite",
      gives: (w, b, X) => step(preActivations(w, b, X)).map((answer) => 1 - answer),
      words: "Every answer is the opposite of the right one: the step says 1 above 0, not below.",
    },
    {
      name: "bias per input",
      gives: (w, b, X) => step(preActivations(w, w.columns * b, X)),
      words: "The bias is added once for every input. It belongs to the neuron: once for each applicant.",
    },
    {
      name: "first column only",
      gives: (w, b, X) => Matrix.filled(1, X.columns, step(preActivations(w, b, X)).at(0, 0)),
      words: "Every column has the first applicant's answer. Somewhere the index of the column stands still.",
    },
    {
      name: "sigmoid",
      gives: (w, b, X) => preActivations(w, b, X).map((z) => 1 / (1 + Math.exp(-z))),
      words:
        "These are the answers of a sigmoid, between 0 and 1. Here the activation is the step: 1 where z > 0, else 0.",
    },
  ],
  hints: [
    "One score for each applicant, then one decision for each score.",
    "The scores of all applicants at once are w·X, a row; the bias is added to each.",
    "`w.times(X)` is (1 × m), and its `map` gets every score: add b there, and answer 1 or 0.",
  ],
  praise: "One product decides about everybody at once.",
});

/** Weights and bias for facts as given → for standardised facts: (w, b, mean, deviation) → { w, b }. */
export const checkRescale = exercise<[w: Matrix, b: number, mean: Matrix, deviation: Matrix]>({
  name: "rescale",
  given: ["w", "b", "mean", "deviation"],
  sizes: [1, 2, 3, 4],
  drawn: (random, n) => [
    random.randnMatrix(1, n),
    random.randn(),
    random.randnMatrix(1, n).scale(5),
    random.randMatrix(1, n).map((u) => 0.5 + 3 * u),
  ],
  edges: {
    "one fact": [Matrix.row([2]), 1, Matrix.row([10]), Matrix.row([4])],
    "means of 0": [Matrix.row([1, -2]), 3, Matrix.row([0, 0]), Matrix.row([2, 5])],
    "a weight of 0": [Matrix.row([0, 1]), -1, Matrix.row([7, -3]), Matrix.row([2, 1])],
  },
  reference: (w, b, mean, deviation) => ({ w: w.hadamard(deviation), b: b + w.hadamard(mean).sum() }),
  slips: [
    {
      name: "weights divided",
      gives: (w, _b, _mean, deviation) => ({ w: w.map((weight, _, i) => weight / deviation.at(0, i)) }),
      words:
        "The weights are divided by the deviations. Standard units are larger than euros, so the weight on one of them must be larger too: w·x = w·(s·x′ + μ).",
    },
    {
      name: "bias unchanged",
      gives: (_w, b) => ({ b }),
      words:
        "Your bias is the old one. It has to take in what the average applicant brings along: it gains Σ w·μ.",
    },
    {
      name: "bias the wrong way",
      gives: (w, b, mean) => ({ b: b - w.hadamard(mean).sum() }),
      words:
        "The bias moves the wrong way. It gains Σ w·μ: the standardised average is 0 and brings nothing, so the bias has to bring it.",
    },
    {
      name: "bias from the new weights",
      gives: (w, b, mean, deviation) => ({ b: b + w.hadamard(deviation).hadamard(mean).sum() }),
      words: "The bias gains Σ w·μ with the old weights; you took the new ones.",
    },
    {
      name: "mean in standard units",
      gives: (w, b, mean, deviation) => ({
        b: b + w.hadamard(mean.map((mu, _, i) => mu / deviation.at(0, i))).sum(),
      }),
      words:
        "You divided the means by the deviations before the bias took them in. The old weights speak about euros: they meet the mean as it is.",
    },
    {
      name: "bias lost",
      gives: (w, _b, mean) => ({ b: w.hadamard(mean).sum() }),
      words: "Your bias is Σ w·μ alone. The old bias is still part of it.",
    },
  ],
  hints: [
    "Write the old fact by means of the new one, and put that into w·x + b.",
    "x = s·x′ + μ. What stands before x′ is the new weight; everything without x′ is the new bias.",
    "`w.hadamard(deviation)` for the weights; the bias is b plus `w.hadamard(mean).sum()`.",
  ],
  praise: "The same neuron, in other units.",
});

/** Signed distances of points from the line w·x + b = 0: (w 1 × 2, b, X 2 × m) → (1 × m). */
export const checkDistance = exercise<[w: Matrix, b: number, X: Matrix]>({
  name: "distances",
  given: ["w", "b", "X"],
  drawn: (random, m) => [random.randnMatrix(1, 2).scale(2), random.randn(), random.randnMatrix(2, m)],
  edges: {
    "a point on the side of the yes": [Matrix.row([3, 4]), -5, Matrix.column([3, 4])],
    "the origin, on the side of the no": [Matrix.row([3, 4]), -5, Matrix.column([0, 0])],
    "a point on the line": [Matrix.row([3, 4]), -5, Matrix.column([3, -1])],
    "one weight of 0": [
      Matrix.row([0, -2]),
      0,
      Matrix.from([
        [1, 1],
        [2, -2],
      ]),
    ],
  },
  reference: (w, b, X) => preActivations(w, b, X).scale(1 / w.norm()),
  slips: [
    {
      name: "scores",
      gives: preActivations,
      words:
        "These are the scores z. Double w and b, and they double, though the line stays where it is: the length of w has to go.",
    },
    {
      name: "squared length",
      gives: (w, b, X) => preActivations(w, b, X).scale(1 / w.norm() ** 2),
      words: "You divided by the square of the length. Its root is missing.",
    },
    {
      name: "sign lost",
      gives: (w, b, X) => preActivations(w, b, X).map((z) => Math.abs(z) / w.norm()),
      words: "The lengths are right, and the sign is lost: it tells the two sides of the line apart.",
    },
    {
      name: "bias in the length",
      gives: (w, b, X) => preActivations(w, b, X).scale(1 / Math.hypot(w.norm(), b)),
      words: "The bias has slipped into the length. Only the weights are the arrow; the bias moves the line.",
    },
    {
      name: "sum of sizes",
      gives: (w, b, X) => preActivations(w, b, X).scale(1 / w.map(Math.abs).sum()),
      words: "You divided by the sum of the sizes, |w₁| + |w₂|. The length of an arrow is √(w₁² + w₂²).",
    },
    {
      name: "no bias",
      gives: (w, _b, X) => w.times(X).scale(1 / w.norm()),
      words: "These are the distances from the line through the origin, w·x = 0. The bias is missing.",
    },
    {
      name: "bias not divided",
      gives: (w, b, X) =>
        w
          .times(X)
          .scale(1 / w.norm())
          .map((z) => z + b),
      words: "The length divides w·x alone. The bias is part of the score: it is divided too.",
    },
  ],
  hints: [
    "The score z grows with the distance from the line. How fast?",
    "Along the arrow w, one unit of length changes z by the length of w.",
    "Divide each score, bias included, by `Math.hypot(w.at(0, 0), w.at(0, 1))`.",
  ],
  praise: "Beyond the line by that much, and on which side.",
});

/** What a gate is made of. */
export interface GateWeights {
  readonly weights: readonly [number, number];
  readonly bias: number;
}

/** Weights and a bias for "credit score good AND income good": yes for (1, 1), no for the other three. */
export const checkAndGate = construction<GateWeights, readonly [number, number]>({
  name: "andGate",
  like: { weights: [1, 1], bias: 0 },
  coordinates: ["credit score", "income"],
  points: [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ],
  does: ({ weights: [w1, w2], bias }, a, b) => (w1 * a + w2 * b + bias > 0 ? 1 : 0),
  reference: (a, b) => a * b,
  slips: [
    {
      name: "or",
      gives: (a, b) => Math.max(a, b),
      words: "This is OR: one good fact is enough already. One weight alone overcomes the bias.",
    },
    {
      name: "never",
      gives: () => 0,
      words: "It never says yes: even both weights together do not overcome the bias.",
    },
    {
      name: "always",
      gives: () => 1,
      words: "It always says yes, even where no fact is good: the bias is positive. Which sign must it have?",
    },
    {
      name: "not and",
      gives: (a, b) => 1 - a * b,
      words: "This is NOT AND: every answer is the opposite. All three signs are the wrong way round.",
    },
    {
      name: "first only",
      gives: (a) => a,
      words: "Only the first fact decides. It alone must not be enough.",
    },
    {
      name: "second only",
      gives: (_a, b) => b,
      words: "Only the second fact decides. It alone must not be enough.",
    },
    {
      name: "nor",
      gives: (a, b) => (1 - a) * (1 - b),
      words: "It says yes where no fact is good, and only there.",
    },
  ],
  hints: [
    "Two facts, one threshold: how much must be on the scale for a yes?",
    "The bias is negative. One weight must not outweigh it, and both together must.",
    "With two weights of 1, any bias between −2 and −1 does, and −1 itself: z must exceed 0.",
  ],
  praise: "No weight alone exceeds −b, and both together do.",
});
