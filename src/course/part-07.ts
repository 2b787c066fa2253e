/** The exercises of notebook 7: one scale to work out, clipping, dropout and the way back through a layer norm. */

import { Matrix } from "../index";
import { exercise } from "./exercise";
import { numberExercise } from "./number";

const [INPUTS, UNITS] = [512, 128];

/** The standard deviation of He's weights for a layer of 512 inputs and 128 units. */
export const checkHeScale = numberExercise({
  name: "the scale for 512 inputs",
  answer: Math.sqrt(2 / INPUTS),
  tolerance: 1e-5,
  slips: [
    {
      name: "1/n",
      value: Math.sqrt(1 / INPUTS),
      words:
        "That is √(1/n), right for tanh. ReLU sets half of the sum to 0; the weights have to make up for it.",
    },
    {
      name: "variance",
      value: 2 / INPUTS,
      words: "That is the variance, 2/n. The scale that multiplies `randn()` is its root.",
    },
    {
      name: "inputs and outputs",
      value: Math.sqrt(2 / (INPUTS + UNITS)),
      words: "You counted inputs and outputs, as Xavier's rule does. He's rule counts the inputs alone.",
    },
    {
      name: "outputs",
      value: Math.sqrt(2 / UNITS),
      words: "You counted the units. A sum has as many terms as there are inputs: n is 512.",
    },
  ],
  hints: [
    "How many terms does each unit add up?",
    "He's rule: a variance of 2/n, n being the number of inputs.",
    "√(2/512); the number of units does not matter.",
  ],
  praise: "512 inputs and half of them silent: each weight about a sixteenth.",
});

/** `G` shortened by a factor that may come from another length. */
const shortened = (G: Matrix, length: number, limit: number): Matrix =>
  length > limit ? G.scale(limit / length) : G.clone();

/** Clipping by norm: (G, limit) → a gradient of at most that length. */
export const checkClipByNorm = exercise<[G: Matrix, limit: number]>({
  name: "clipByNorm",
  given: ["G", "limit"],
  drawn: (random, n) => [random.randnMatrix(3, n), n % 2 === 0 ? 100 : 0.5],
  edges: {
    "one number, too long": [Matrix.row([-5]), 2],
    "one number, short enough": [Matrix.row([-1]), 2],
    "a length of exactly the limit": [Matrix.row([3, 4]), 5],
    "a length of 5, and a limit of 10": [Matrix.row([3, -4]), 10],
  },
  extremes: { "a gradient of zeros": [Matrix.row([0, 0]), 1] },
  reference: (G, limit) => shortened(G, G.norm(), limit),
  slips: [
    {
      name: "guard forgotten",
      gives: (G, limit) => G.scale(limit / G.norm()),
      words:
        "A gradient that is already short enough grows in your version: it always ends with length limit. Clipping only ever shortens.",
    },
    {
      name: "by value",
      gives: (G, limit) => G.map((g) => Math.min(Math.max(g, -limit), limit)),
      words:
        "You cut each entry on its own: that is clipping by value, and it bends the direction. By norm, one factor scales all entries.",
    },
    {
      name: "squared length",
      gives: (G, limit) => shortened(G, G.norm() ** 2, limit),
      words: "A root is missing: the length is √Σg², not Σg².",
    },
    {
      name: "unit length",
      gives: (G, limit) => shortened(G, G.norm(), limit).scale(G.norm() > limit ? 1 / limit : 1),
      words: "Where it is too long, you shorten it to length 1. It should keep the length limit.",
    },
    {
      name: "sum of sizes",
      gives: (G, limit) => shortened(G, G.map(Math.abs).sum(), limit),
      words: "You measure the length as the sum of the sizes, Σ|g|. It is √Σg².",
    },
    {
      name: "largest entry",
      gives: (G, limit) =>
        shortened(
          G,
          G.toRows()
            .flat()
            .reduce((most, g) => Math.max(most, Math.abs(g)), 0),
          limit,
        ),
      words: "You measure the length by the largest entry. It is √Σg², over all entries.",
    },
    {
      name: "factor upside down",
      gives: (G, limit) => (G.norm() > limit ? G.scale(G.norm() / limit) : G.clone()),
      words: "Where it is too long, it gets longer: the factor is upside down. It is limit/length.",
    },
    {
      name: "zeros",
      gives: (G, limit) => (G.norm() > limit ? G.scale(0) : G.clone()),
      words: "Where it is too long, you throw it away. It should keep its direction, with the length limit.",
    },
  ],
  hints: [
    "How long is it, and is that too long?",
    "If the length √Σg² exceeds the limit, one factor, limit/length, shortens all entries alike; if not, nothing changes.",
    "`G.norm()` is the length; `G.norm() > limit ? G.scale(limit / G.norm()) : G.clone()`.",
  ],
  praise: "Same direction, bounded length.",
});

/** A with those units kept of which `stays` is true. */
const kept = (A: Matrix, U: Matrix, stays: (u: number) => boolean, scale: number): Matrix =>
  A.map((a, i, j) => (stays(U.at(i, j)) ? a * scale : 0));

/** Inverted dropout: (A, U, p) → A with a share p silenced, the rest scaled up; U are uniforms, kept where U > p. */
export const checkInvertedDropout = exercise<[A: Matrix, U: Matrix, p: number]>({
  name: "invertedDropout",
  given: ["A", "U", "p"],
  drawn: (random, m) => [random.randnMatrix(6, m), random.randMatrix(6, m), 0.2 + 0.2 * random.rand()],
  edges: {
    "one unit that stays": [Matrix.row([4]), Matrix.row([0.9]), 0.5],
    "one unit that goes": [Matrix.row([4]), Matrix.row([0.1]), 0.5],
    "p = 0, where all stay as they are": [Matrix.row([1, -2, 0]), Matrix.row([0.1, 0.5, 0.9]), 0],
    "p = 0.75, where few stay": [Matrix.row([1, -2, 3, -4]), Matrix.row([0.1, 0.8, 0.3, 0.76]), 0.75],
  },
  reference: (A, U, p) => kept(A, U, (u) => u > p, 1 / (1 - p)),
  slips: [
    {
      name: "not scaled",
      gives: (A, U, p) => kept(A, U, (u) => u > p, 1),
      words:
        "The right units are silent, but the others are not scaled up. On average the layer would be 1 − p times as loud while learning as it is later; divide by 1 − p.",
    },
    {
      name: "mask inverted",
      gives: (A, U, p) => kept(A, U, (u) => u <= p, 1 / (1 - p)),
      words: "The mask is inverted: you keep what should go, a share p. A unit stays where U > p.",
    },
    {
      name: "mask inverted, ÷ p",
      gives: (A, U, p) => kept(A, U, (u) => u <= p, p === 0 ? 1 : 1 / p),
      words:
        "The mask is inverted: you keep a share p, and scale as if p were the share that stays. Here p is the share to drop: a unit stays where U > p, divided by 1 − p.",
    },
    {
      name: "mask inverted, not scaled",
      gives: (A, U, p) => kept(A, U, (u) => u <= p, 1),
      words:
        "The mask is inverted: a unit stays where U > p. And those that stay are not scaled up: they are divided by 1 − p.",
    },
    {
      name: "÷ p",
      gives: (A, U, p) => kept(A, U, (u) => u > p, 1 / p),
      words:
        "You divide by p, the share that goes. The survivors are a share 1 − p, so they stand in for 1/(1 − p).",
    },
    {
      name: "scaled down",
      gives: (A, U, p) => kept(A, U, (u) => u > p, 1 - p),
      words:
        "You multiply by 1 − p where the survivors should be divided by it: they have to speak for the silent ones.",
    },
    {
      name: "mask alone",
      gives: (A, U, p) =>
        kept(
          A.map(() => 1),
          U,
          (u) => u > p,
          1 / (1 - p),
        ),
      words: "This is the mask, scaled. It has to be multiplied with the activations.",
    },
    {
      name: "threshold 1 − p",
      gives: (A, U, p) => kept(A, U, (u) => u > 1 - p, 1 / (1 - p)),
      words: "Your units stay where U > 1 − p, and that is a share p. They should stay where U > p.",
    },
    {
      name: "activations at inference",
      gives: (A, _U, p) => A.scale(1 - p),
      words:
        "Nobody is silent: every activation is multiplied by 1 − p, as the older form does at inference. Here those with U ≤ p become 0.",
    },
  ],
  hints: [
    "Who stays? And who has to speak for those that go?",
    "A unit stays where U > p. A share 1 − p stays, so each of them is divided by 1 − p.",
    "`A.map((a, i, j) => …)` with `U.at(i, j) > p` deciding between `a / (1 - p)` and 0.",
  ],
  praise: "The expected value of every unit is what it was without dropout.",
});

interface NormForm {
  /** The term for the mean, and the one for the deviation. */
  readonly mean?: boolean;
  readonly variance?: boolean;
  /** Divides the sums in the two terms: n, as they are means. */
  readonly over?: (n: number) => number;
  /** Divides the sum of squares: n. */
  readonly degrees?: (n: number) => number;
  readonly epsilon?: "inside" | "outside" | "none";
  /** The 1/s in front. */
  readonly divides?: boolean;
}

/** dX = (dY − mean(dY) − x̂·mean(dY ⊙ x̂))/s, column by column, with whatever may have slipped. */
const normBackward =
  (form: NormForm = {}) =>
  (X: Matrix, dY: Matrix): Matrix => {
    const { mean = true, variance = true, over = (n) => n, degrees = (n) => n } = form;
    const { epsilon = "inside", divides = true } = form;
    const total = (at: (i: number) => number): number => {
      let sum = 0;
      for (let i = 0; i < X.rows; i++) sum += at(i);
      return sum;
    };
    const columns = Array.from({ length: X.columns }, (_, j) => {
      const mu = total((i) => X.at(i, j)) / X.rows;
      const squares = total((i) => (X.at(i, j) - mu) ** 2) / degrees(X.rows);
      const s = Math.sqrt(squares + (epsilon === "inside" ? 1e-5 : 0)) + (epsilon === "outside" ? 1e-5 : 0);
      const hat = (i: number): number => (X.at(i, j) - mu) / s;
      const first = total((i) => dY.at(i, j)) / over(X.rows);
      const second = total((i) => dY.at(i, j) * hat(i)) / over(X.rows);
      return { hat, first, second, s };
    });
    return dY.map((d, i, j) => {
      const { hat, first, second, s } = columns[j];
      return (d - (mean ? first : 0) - (variance ? hat(i) * second : 0)) / (divides ? s : 1);
    });
  };

/** The way back through x̂ = (x − mean)/√(var + 1e-5), column by column: (X, dY) → dX. */
export const checkLayerNormBackward = exercise<[X: Matrix, dY: Matrix]>({
  name: "layerNormBackward",
  given: ["X", "dY"],
  drawn: (random, m) => [random.randnMatrix(5, m), random.randnMatrix(5, m)],
  edges: {
    "one example of two features": [Matrix.column([1, 3]), Matrix.column([1, 0])],
    "one example of three features": [Matrix.column([-1, 0, 4]), Matrix.column([2, -1, 0])],
    "equal blame for all, which moves nothing": [Matrix.column([1, 2, 6]), Matrix.column([3, 3, 3])],
    "features that are all the same, so that only ε is left": [Matrix.column([2, 2]), Matrix.column([1, -1])],
    // So narrow that ε decides.
    "features that hardly differ": [Matrix.column([0, 0.01, 0.03]), Matrix.column([1, 0, -2])],
  },
  reference: normBackward(),
  slips: [
    {
      name: "constants",
      gives: normBackward({ mean: false, variance: false }),
      words:
        "You treat mean and variance as constants. They are made of the inputs: raising one x moves the mean of its whole column, and its variance. Two terms are missing.",
    },
    {
      name: "no variance term",
      gives: normBackward({ variance: false }),
      words:
        "The mean is accounted for, the variance not yet: raising an x also changes the width by which its column is divided. That is the term x̂ · mean(dY ⊙ x̂).",
    },
    {
      name: "no mean term",
      gives: normBackward({ mean: false }),
      words:
        "The variance is accounted for, the mean not yet: raising an x lowers all x̂ of its column a little. That is the term mean(dY).",
    },
    {
      name: "sums",
      gives: normBackward({ over: () => 1 }),
      words:
        "The two terms have sums in the place of means: both are n times too large. They are mean(dY) and mean(dY ⊙ x̂).",
    },
    {
      name: "n − 1",
      gives: normBackward({ degrees: (n) => n - 1 }),
      words:
        "Your variance divides by n − 1, as statisticians do who estimate it from a sample. Layer norm divides by n.",
    },
    {
      name: "no 1/s",
      gives: normBackward({ divides: false }),
      words:
        "The bracket is right, and the 1/s in front of it is missing: x̂ is x divided by s, so the way back divides by s too.",
    },
    {
      name: "no ε",
      gives: normBackward({ epsilon: "none" }),
      words:
        "ε is missing: s is √(variance + 1e-5). Where features hardly differ it decides, and where they are all the same you divide by 0.",
    },
    {
      name: "ε outside",
      gives: normBackward({ epsilon: "outside" }),
      words: "ε stands outside of your root. Here it is inside: s = √(variance + 1e-5).",
    },
    {
      name: "along the rows",
      gives: (X, dY) => normBackward()(X.transpose(), dY.transpose()).transpose(),
      words:
        "You normalise along the rows. A column is one example, and layer norm looks at one example at a time.",
    },
  ],
  tolerance: 1e-8,
  floor: 1e-12,
  hints: [
    "Every x moves three things: its own x̂, the mean of its column, and its deviation.",
    "dX = (dY − a − x̂·b)/s, with a the mean of dY and b the mean of dY ⊙ x̂ over the column.",
    "Take one column at a time, with the n features as a list: mean, s = √(mean of squares + 1e-5), x̂, a, b, and then n numbers of dX.",
  ],
  praise: "This is one of the longest backward passes of a transformer, and you have written it.",
});
