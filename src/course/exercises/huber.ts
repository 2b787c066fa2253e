/** Huber's loss with its slope. */

import { huber, Matrix } from "../../index";
import { exercise } from "../exercise";

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
