/** The best possible accuracy where two classes share half of their curve. */

import { numberExercise } from "../number";

/** Per cent right if a share of the points is certain and the others are a coin. */
const best = (certain: number): number => 100 * (certain + (1 - certain) / 2);

/** Best possible accuracy if class 1 went on by a whole turn instead of half a turn. */
export const checkBestPossible = numberExercise({
  name: "the best possible accuracy, in per cent",
  answer: best(1 / 2), // [0, 4π] and [2π, 6π] share half of their length
  tolerance: 0.1,
  unit: "per cent",
  slips: [
    {
      name: "the coin",
      value: 50,
      words:
        "Half of each class coincides with the other: that half gives 50 %. The other half can be told for certain.",
    },
    {
      name: "half a turn",
      value: best(1 / 4),
      words: "That is the answer for half a turn. With a whole turn, less of the curve is shared.",
    },
    {
      name: "all",
      value: 100,
      words: "Half of each class lies where the other class lies too. There nobody can be right for certain.",
    },
    {
      name: "the half that is certain, of half",
      value: 25,
      words:
        "That is the share that a coin gets right in the half that coincides. The half that can be told for certain comes on top.",
    },
  ],
  hints: [
    "Which part of the curve do both classes share?",
    "Angles run from 0 to 4π, and from 2π to 6π: half of each class is shared, and there a coin decides.",
    "½ · 100 % + ½ · 50 %.",
  ],
  praise: "Half of the points are certain, the other half a coin: ½ · 100 % + ½ · 50 %.",
});
