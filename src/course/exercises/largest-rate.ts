/** The rate below which descent on f(x) = 3x² settles. */

import { numberExercise } from "../number";

/** The curvature of f(x) = 3x². */
const CURVATURE = 6;

/** The rate below which descent on f(x) = 3x² converges. */
export const checkLargestRate = numberExercise({
  name: "the limit for f(x) = 3x²",
  answer: 2 / CURVATURE,
  tolerance: 1e-3,
  slips: [
    {
      name: "x²",
      value: 1,
      words: "That is the limit for x². This bowl is three times as steep: its slope is 6x.",
    },
    {
      name: "best rate",
      value: 1 / CURVATURE,
      words:
        "At 1/6 the factor 1 − 6·rate is exactly 0: the best rate, one step to the bottom. How far beyond it may you go?",
    },
    {
      name: "curvature 3",
      value: 2 / 3,
      words: "That would be right for a curvature of 3. The curvature is the slope of the slope: 6.",
    },
    {
      name: "the curvature",
      value: CURVATURE,
      words: "That is the curvature. The limit is a rate: 2 divided by the curvature.",
    },
  ],
  hints: [
    "By which factor does one step multiply x?",
    "x − rate·6x = (1 − 6·rate)·x. It settles while that factor is between −1 and 1.",
    "1 − 6·rate reaches −1 at rate = 2/6.",
  ],
  praise: "That is 1/3, or 2 divided by the curvature. Half of it is the rate that arrives in one step.",
});
