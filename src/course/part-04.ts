/** The exercises of notebook 4: Huber's loss with its slope, a surprise that does not overflow, a slope for a batch. */

import { huber, Matrix, type Random, softmax } from "../index";
import { exercise } from "./exercise";

type Piece = (e: number, delta: number) => number;

const near: (e: number, delta: number) => boolean = (e, delta) => Math.abs(e) <= delta;
const cost: Piece = (e, delta) => (near(e, delta) ? 0.5 * e * e : delta * (Math.abs(e) - 0.5 * delta));
const pull: Piece = (e, delta) => (near(e, delta) ? e : delta * Math.sign(e));

/** Means over the batch; `share` may have been forgotten. */
const lossOf =
  (piece: Piece, share = (m: number) => 1 / m) =>
  (prediction: Matrix, target: Matrix, delta: number) => ({
    loss:
      prediction
        .minus(target)
        .map((e) => piece(e, delta))
        .sum() * share(prediction.size),
  });
const slopeOf =
  (piece: Piece, share = (m: number) => 1 / m) =>
  (prediction: Matrix, target: Matrix, delta: number) => ({
    slope: prediction
      .minus(target)
      .map((e) => piece(e, delta))
      .scale(share(prediction.size)),
  });

/** (prediction, target, delta) → { loss, slope }. */
export const checkHuber = exercise<[prediction: Matrix, target: Matrix, delta: number]>({
  name: "huberWithSlope",
  given: ["prediction", "target", "delta"],
  drawn: (random, m) => {
    // Errors on both sides of delta, and of both signs, in every batch of two or more.
    const target = random.randnMatrix(1, m);
    const sizes = [0.4, -2.5, 3.1, -0.7, 1.9, -4.2, 0.2];
    return [target.map((y, _, j) => y + sizes[j % 7] * (1 + 0.1 * random.rand())), target, 0.8 + 0.2 * m];
  },
  edges: {
    "an error of 0": [Matrix.row([2]), Matrix.row([2]), 1],
    "one small error": [Matrix.row([3]), Matrix.row([2]), 2],
    "one large error": [Matrix.row([5]), Matrix.row([0]), 2],
    "one large error below the target": [Matrix.row([0]), Matrix.row([5]), 2],
    "an error of exactly δ": [Matrix.row([4]), Matrix.row([1]), 3],
  },
  reference: (prediction, target, delta) => {
    const [loss, slope] = huber(delta)(prediction, target);
    return { loss, slope };
  },
  examples: (prediction) => prediction.size,
  slips: [
    {
      name: "no 1/m",
      gives: (p, y, delta) => ({
        ...lossOf(cost, () => 1)(p, y, delta),
        ...slopeOf(pull, () => 1)(p, y, delta),
      }),
      words:
        "Loss and slope are both m times too large for a batch of m: you have summed. A mean divides by m, and its slope does too.",
    },
    {
      name: "slope without 1/m",
      gives: slopeOf(pull, () => 1),
      words:
        "Your slope is m times too large for a batch of m. The loss is a mean, so every prediction has a share of 1/m in it.",
    },
    {
      name: "abs forgotten",
      gives: (p, y, delta) => ({
        ...lossOf((e) => (e <= delta ? 0.5 * e * e : delta * (e - 0.5 * delta)))(p, y, delta),
        ...slopeOf((e) => (e <= delta ? e : delta))(p, y, delta),
      }),
      words:
        "`abs` is forgotten: you compare e itself with δ, so every negative error counts as small, however large it is.",
    },
    {
      name: "abs forgotten in the wall",
      gives: lossOf((e, delta) => (near(e, delta) ? 0.5 * e * e : delta * (e - 0.5 * delta))),
      words: "Your loss lacks an `abs` in its wall, δ·(|e| − ½δ): for large negative errors it goes below 0.",
    },
    {
      name: "bowl's slope everywhere",
      gives: slopeOf((e) => e),
      words: "Your slope is that of the bowl everywhere: beyond δ the wall has a constant slope, δ or −δ.",
    },
    {
      name: "slope without sign",
      gives: slopeOf((e, delta) => (near(e, delta) ? e : delta)),
      words: "On the left wall the slope must point the other way: it takes the sign of the error.",
    },
    {
      name: "slope ±1 on the wall",
      gives: slopeOf((e, delta) => (near(e, delta) ? e : Math.sign(e))),
      words: "Your slope is ±1 on the wall. The wall is δ·(|e| − ½δ), so its slope is δ or −δ.",
    },
    {
      name: "wall too high",
      gives: lossOf((e, delta) => (near(e, delta) ? 0.5 * e * e : delta * Math.abs(e))),
      words:
        "Your loss jumps at δ: the wall must begin where the bowl ends, so ½δ² has to be taken off, δ·(|e| − ½δ).",
    },
    {
      name: "bowl without ½",
      gives: lossOf((e, delta) => (near(e, delta) ? e * e : delta * (Math.abs(e) - 0.5 * delta))),
      words: "The bowl of your loss lacks its ½: its slope would be 2e, and bowl and wall would not meet.",
    },
    {
      name: "target minus prediction",
      gives: (p, y, delta) => slopeOf(pull)(y, p, delta),
      words:
        "Your slope has every sign turned: it is the slope along the target. e is prediction minus target.",
    },
  ],
  hints: [
    "Write one error down first: which piece does it lie on, what does it cost, and how steeply?",
    "Near: ½e², slope e. Far: δ·(|e| − ½δ), slope δ times the sign of e. Both are then averaged over the m entries.",
    "Ask `Math.abs(e) <= delta`, and divide the sum of the costs as well as every slope by m; `Math.sign(e)` is the sign.",
  ],
  praise: "Near the target it is a squared error, far away an absolute one.",
});

const largestOf = (z: Matrix): number => z.data.reduce((a, b) => Math.max(a, b));
const sumOfPowers = (z: Matrix, off: number): number =>
  z.data.reduce((sum, score) => sum + Math.exp(score - off), 0);

/** (z, k) → −log softmax(z)ₖ for scores of any size. */
export const checkSurpriseOfClass = exercise<[z: Matrix, k: number]>({
  name: "surpriseOfClass",
  given: ["z", "k"],
  sizes: [2, 3, 4, 5, 6],
  drawn: (random, classes) => [random.randnMatrix(classes, 1).scale(2), random.randint(0, classes)],
  edges: {
    "two equal scores": [Matrix.column([0, 0]), 0],
    "all scores below 0": [Matrix.column([-3, -1]), 0],
  },
  extremes: {
    "scores around 1000": [Matrix.column([1000, 998, 1001]), 1],
    "scores around −1000": [Matrix.column([-1000, -1002, -999]), 2],
    "a class with hardly any chance, scores 0 and −900": [Matrix.column([0, -900]), 1],
  },
  reference: (z, k) => largestOf(z) + Math.log(sumOfPowers(z, largestOf(z))) - z.at(k, 0),
  slips: [
    {
      name: "not stable",
      gives: (z, k) => Math.log(sumOfPowers(z, 0)) - z.at(k, 0),
      words:
        "The right formula, and right for ordinary scores. At 1000 `exp` gives ∞, and at −1000 it gives 0, whose logarithm is −∞. Take the largest score off first, and put it back outside the logarithm.",
    },
    {
      name: "log of the softmax",
      gives: (z, k) => -Math.log(softmax(z).at(k, 0)),
      words:
        "Right for ordinary scores, and ∞ for the class with hardly any chance: its probability is rounded to 0 before the logarithm sees it. The difference log Σ exp(z) − zₖ never makes that probability.",
    },
    {
      name: "naive softmax",
      gives: (z, k) => -Math.log(Math.exp(z.at(k, 0)) / sumOfPowers(z, 0)),
      words:
        "The right formula on paper. At 1000 `exp` gives ∞, and ∞/∞ is NaN; at −1000 it gives 0, and so does 0/0. The difference log Σ exp(z) − zₖ with the largest score taken off has neither.",
    },
    {
      name: "no minus",
      gives: (z, k) => z.at(k, 0) - largestOf(z) - Math.log(sumOfPowers(z, largestOf(z))),
      words: "This is log softmax(z)ₖ, which is never positive. The surprise is minus that.",
    },
    {
      name: "probability",
      gives: (z, k) => softmax(z).at(k, 0),
      words: "This is the probability of class k. The surprise is minus its logarithm.",
    },
    {
      name: "largest not put back",
      gives: (z, k) => Math.log(sumOfPowers(z, largestOf(z))) - z.at(k, 0),
      words:
        "The largest score was subtracted inside the sum and not put back. log Σ exp(z) = largest + log Σ exp(z − largest).",
    },
    {
      name: "bits",
      gives: (z, k) => (largestOf(z) + Math.log(sumOfPowers(z, largestOf(z))) - z.at(k, 0)) / Math.LN2,
      words: "Right, in bits. Losses are measured in nats here: use the natural logarithm, `Math.log`.",
    },
    {
      name: "score not taken off",
      gives: (z) => largestOf(z) + Math.log(sumOfPowers(z, largestOf(z))),
      words: "This is log Σ exp(z), whichever class is true. The score of class k has to be taken off.",
    },
    {
      name: "another class",
      gives: (z) => largestOf(z) + Math.log(sumOfPowers(z, largestOf(z))) - z.at(0, 0),
      words: "This is the surprise of class 0, whatever k is.",
    },
  ],
  hints: [
    "Take the logarithm of the fraction on paper before you compute anything.",
    "−log softmax(z)ₖ = log Σ exp(z) − zₖ, and log Σ exp(z) = largest + log Σ exp(z − largest).",
    "`Math.max(...z.data)` is the largest; the sum of `Math.exp(score - largest)` lies between 1 and K.",
  ],
  praise: "This difference of a score and a log-sum-exp is what every library computes.",
});

/** One random class a column. */
function oneHot(random: Random, classes: number, m: number): Matrix {
  const truth = Array.from({ length: m }, () => random.randint(0, classes));
  return Matrix.zeros(classes, m).map((_, k, j) => (truth[j] === k ? 1 : 0));
}

/** The slip of normalising all scores together, or along a row. The largest score is taken off, so that nothing overflows. */
function normalised(Z: Matrix, group: (k: number, j: number) => number): Matrix {
  const sums = new Map<number, number>();
  const e = Z.map((z) => Math.exp(z - largestOf(Z)));
  e.map((value, k, j) => {
    sums.set(group(k, j), (sums.get(group(k, j)) ?? 0) + value);
    return 0;
  });
  return e.map((value, k, j) => value / (sums.get(group(k, j)) as number));
}

/** (Z, Y) → dZ = (softmax(Z) − Y)/m. */
export const checkCrossEntropySlope = exercise<[Z: Matrix, Y: Matrix]>({
  name: "crossEntropySlope",
  given: ["Z", "Y"],
  drawn: (random, m) => [random.randnMatrix(6, m), oneHot(random, 6, m)],
  edges: {
    "two equal scores": [Matrix.column([0, 0]), Matrix.column([1, 0])],
  },
  extremes: {
    "scores of 1000": [
      Matrix.from([
        [1000, 0],
        [0, 1000],
      ]),
      Matrix.from([
        [1, 1],
        [0, 0],
      ]),
    ],
  },
  reference: (Z, Y) =>
    softmax(Z)
      .minus(Y)
      .scale(1 / Z.columns),
  examples: (Z) => Z.columns,
  slips: [
    {
      name: "no 1/m",
      gives: (Z, Y) => softmax(Z).minus(Y),
      words:
        "The direction is right, and every entry is m times too large for a batch of m. The loss is a mean, so its slope carries a 1/m.",
    },
    {
      name: "sign",
      gives: (Z, Y) => Y.minus(softmax(Z)).scale(1 / Z.columns),
      words:
        "Every sign is turned: this is y − p. Raising the score of a wrong class raises the loss, so the slope there is positive: p − y.",
    },
    {
      name: "one sum for all",
      gives: (Z, Y) =>
        normalised(Z, () => 0)
          .minus(Y)
          .scale(1 / Z.columns),
      words:
        "Your probabilities share one sum over the whole batch. Each example has its own: every column sums to 1 by itself.",
    },
    {
      name: "rows",
      gives: (Z, Y) =>
        softmax(Z.transpose())
          .transpose()
          .minus(Y)
          .scale(1 / Z.columns),
      words:
        "Your probabilities sum to 1 along the rows. A column is an example here: normalise down the columns.",
    },
    {
      name: "scores",
      gives: (Z, Y) => Z.minus(Y).scale(1 / Z.columns),
      words:
        "You subtracted the target from the scores. The slope is p − y: the scores must go through softmax first.",
    },
    {
      name: "along the probabilities",
      gives: (Z, Y) => softmax(Z).map((q, k, j) => (Y.at(k, j) === 0 ? 0 : -Y.at(k, j) / q / Z.columns)),
      words:
        "This is the slope along the probabilities, −y/p. One more step of the chain rule, through softmax, makes it p − y.",
    },
    {
      name: "÷ all entries",
      gives: (Z, Y) =>
        softmax(Z)
          .minus(Y)
          .scale(1 / Z.size),
      words:
        "You divided by every entry of the matrix. The loss is a mean over the m examples: divide by the columns.",
    },
    {
      name: "÷ classes",
      gives: (Z, Y) =>
        softmax(Z)
          .minus(Y)
          .scale(1 / Z.rows),
      words:
        "You divided by the number of classes, the rows. The loss is a mean over the m examples, the columns.",
    },
    {
      name: "slope kept",
      gives: (Z, Y) => softmax(Z).map((q, k, j) => ((q - Y.at(k, j)) * q * (1 - q)) / Z.columns),
      words:
        "You multiplied by p(1 − p) once more. With this loss the slope of the softmax has cancelled: p − y is all there is.",
    },
    {
      name: "probabilities",
      gives: (Z) => softmax(Z).scale(1 / Z.columns),
      words: "The target is missing: this is p/m. What was true has to be taken off.",
    },
  ],
  hints: [
    "What would the slope be for one example? Two letters and a minus say it.",
    "p − y for each column, and a mean over the columns.",
    "`softmax(Z).minus(Y)`, scaled by 1/m, where m is `Z.columns`.",
  ],
  praise: "One line: what the network said, minus what was true, shared among the examples.",
});
