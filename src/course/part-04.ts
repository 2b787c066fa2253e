/** The exercises of notebook 4: Huber's loss with its slope, a surprise that does not overflow, a slope for a batch. */

import { huber, Matrix, type Random, softmax } from "../index";
import { checkMatrixFunction } from "./check";

interface LossWithSlope {
  readonly [name: string]: Matrix | number;
  readonly loss: number;
  readonly slope: Matrix;
}

/** Huber's loss with a bowl, walls and slopes that may be given slips. */
function huberWith(
  cost: (e: number, delta: number) => number,
  slope: (e: number, delta: number) => number,
  share = (m: number) => 1 / m,
) {
  return (prediction: Matrix, target: Matrix, delta: number): LossWithSlope => {
    const errors = prediction.minus(target);
    return {
      loss: errors.map((e) => cost(e, delta)).sum() * share(errors.size),
      slope: errors.map((e) => slope(e, delta)).scale(share(errors.size)),
    };
  };
}

const near = (e: number, delta: number): boolean => Math.abs(e) <= delta;
const cost = (e: number, delta: number): number =>
  near(e, delta) ? 0.5 * e * e : delta * (Math.abs(e) - 0.5 * delta);
const pull = (e: number, delta: number): number => (near(e, delta) ? e : delta * Math.sign(e));

/** (prediction, target, delta) → { loss, slope }. */
export const checkHuber = checkMatrixFunction<[Matrix, Matrix, number], LossWithSlope>({
  name: "huberWithSlope",
  arguments: ["prediction", "target", "delta"],
  cases: (random, m) => {
    // Errors on both sides of delta, and of both signs, in every batch of two or more.
    const target = random.randnMatrix(1, m);
    const sizes = [0.4, -2.5, 3.1, -0.7, 1.9, -4.2, 0.2];
    return [target.map((y, _, j) => y + sizes[j % 7] * (1 + 0.1 * random.rand())), target, 1.5];
  },
  reference: (prediction, target, delta) => {
    const [loss, slope] = huber(delta)(prediction, target);
    return { loss, slope };
  },
  mistakes: [
    {
      variant: huberWith(cost, pull, () => 1),
      message:
        "Loss and slope are both m times too large for a batch of m: you have summed. A mean divides by m, and its slope does too.",
    },
    {
      variant: huberWith(cost, (e) => e),
      message:
        "The loss is right. The slope is that of the bowl everywhere: beyond δ the wall has a constant slope, δ or −δ.",
    },
    {
      variant: huberWith(cost, (e, delta) => (near(e, delta) ? e : delta)),
      message:
        "The loss is right. On the left wall the slope must point the other way: it takes the sign of the error.",
    },
    {
      variant: huberWith((e, delta) => (near(e, delta) ? 0.5 * e * e : delta * Math.abs(e)), pull),
      message:
        "The slope is right. The loss jumps at δ: the wall must begin where the bowl ends, so ½δ² has to be taken off, δ·(|e| − ½δ).",
    },
    {
      variant: huberWith((e, delta) => (near(e, delta) ? e * e : delta * (Math.abs(e) - 0.5 * delta)), pull),
      message:
        "The slope is right. The bowl of the loss lacks its ½: its slope would be 2e, and bowl and wall would not meet.",
    },
  ],
  praise: "Near the target it is a squared error, far away an absolute one.",
});

/** Scores of one example, moderate. */
const scores = (random: Random): Matrix => random.randnMatrix(5, 1).scale(2);

/** (z, k) → −log softmax(z)ₖ for scores of any size. */
export const checkSurpriseOfClass = checkMatrixFunction<[Matrix, number], number>({
  name: "surpriseOfClass",
  arguments: ["z", "k"],
  result: "surprise",
  examples: [1, 1, 1, 1, 1, 1],
  cases: (random) => [scores(random), random.randint(0, 5)],
  reference: (z, k) => {
    const largest = Math.max(...z.data);
    return largest + Math.log(z.data.reduce((sum, score) => sum + Math.exp(score - largest), 0)) - z.at(k, 0);
  },
  extremes: [
    { name: "scores around 1000", inputs: [Matrix.column([1000, 998, 1001]), 1] },
    { name: "scores around −1000", inputs: [Matrix.column([-1000, -1002, -999]), 2] },
    { name: "a class with hardly any chance, scores 0 and −900", inputs: [Matrix.column([0, -900]), 1] },
  ],
  mistakes: [
    {
      variant: (z, k) => Math.log(softmax(z).at(k, 0)),
      message: "This is log softmax(z)ₖ, which is never positive. The surprise is minus that.",
    },
    {
      variant: (z, k) => softmax(z).at(k, 0),
      message: "This is the probability of class k. The surprise is minus its logarithm.",
    },
    {
      variant: (z, k) => {
        const largest = Math.max(...z.data);
        return Math.log(z.data.reduce((sum, s) => sum + Math.exp(s - largest), 0)) - z.at(k, 0);
      },
      message:
        "The largest score was subtracted inside the sum and not put back. log Σ exp(z) = largest + log Σ exp(z − largest).",
    },
    {
      variant: (z, k) => -Math.log2(softmax(z).at(k, 0)),
      message: "Right, in bits. Losses are measured in nats here: use the natural logarithm, Math.log.",
    },
  ],
  praise: "This difference of a score and a log-sum-exp is what every library computes.",
});

/** One random class a column. */
function oneHot(random: Random, classes: number, m: number): Matrix {
  const truth = Array.from({ length: m }, () => random.randint(0, classes));
  return Matrix.zeros(classes, m).map((_, k, j) => (truth[j] === k ? 1 : 0));
}

/** The slip of normalising all scores together, or along a row. */
function normalised(Z: Matrix, group: (k: number, j: number) => number): Matrix {
  const sums = new Map<number, number>();
  const e = Z.map(Math.exp);
  e.map((value, k, j) => {
    sums.set(group(k, j), (sums.get(group(k, j)) ?? 0) + value);
    return 0;
  });
  return e.map((value, k, j) => value / (sums.get(group(k, j)) as number));
}

/** (Z, Y) → dZ = (softmax(Z) − Y)/m. */
export const checkCrossEntropySlope = checkMatrixFunction<[Matrix, Matrix], Matrix>({
  name: "crossEntropySlope",
  arguments: ["Z", "Y"],
  result: "dZ",
  cases: (random, m) => [random.randnMatrix(6, m), oneHot(random, 6, m)],
  reference: (Z, Y) =>
    softmax(Z)
      .minus(Y)
      .scale(1 / Z.columns),
  extremes: [
    {
      name: "scores of 1000",
      inputs: [
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
  ],
  mistakes: [
    {
      variant: (Z, Y) =>
        normalised(Z, () => 0)
          .minus(Y)
          .scale(1 / Z.columns),
      message:
        "Your probabilities share one sum over the whole batch. Each example has its own: every column sums to 1 by itself.",
    },
    {
      variant: (Z, Y) =>
        normalised(Z, (k) => k)
          .minus(Y)
          .scale(1 / Z.columns),
      message:
        "Your probabilities sum to 1 along the rows. A column is an example here: normalise down the columns.",
    },
    {
      variant: (Z, Y) => Z.minus(Y).scale(1 / Z.columns),
      message:
        "You subtracted the target from the scores. The slope is p − y: the scores must go through softmax first.",
    },
    {
      variant: (Z, Y) => softmax(Z).map((q, k, j) => -Y.at(k, j) / q / Z.columns),
      message:
        "This is the slope along the probabilities, −y/p. One more step of the chain rule, through softmax, makes it p − y.",
    },
    {
      variant: (Z, Y) =>
        softmax(Z)
          .minus(Y)
          .scale(1 / Z.size),
      message:
        "You divided by every entry of the matrix. The loss is a mean over the m examples: divide by the columns.",
    },
  ],
  praise: "One line: what the network said, minus what was true, shared among the examples.",
});
