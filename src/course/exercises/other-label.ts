/** The blame in the worked example, had the label been 0. */

import { numberExercise } from "../number";

/** z of the output unit in the worked example, and what the unit answers. */
const Z2 = 0.857;
const A2 = 1 / (1 + Math.exp(-Z2));

/** dZ2 of the worked example, had the label been 0 instead of 1. */
export const checkOtherLabel = numberExercise({
  name: "dZ2 for the label 0",
  answer: A2,
  tolerance: 1e-3,
  slips: [
    {
      name: "label 1",
      value: A2 - 1,
      words: "That is the blame for the label 1, A2 − 1. With the label 0, how far off is A2?",
    },
    { name: "z", value: Z2, words: "That is Z2, before the sigmoid. The blame is made of the answer, A2." },
    {
      name: "slope kept",
      value: A2 * A2 * (1 - A2),
      words: "You multiplied A2 with the sigmoid's slope A2(1 − A2). In A2 − y it has already cancelled.",
    },
    {
      name: "dL/dA",
      value: 1 / (1 - A2),
      words: "That is the blame of A2, 1/(1 − A2). Times the sigmoid's slope it becomes the blame of Z2.",
    },
    {
      name: "the loss",
      value: -Math.log(1 - A2),
      words: "That is the loss for the label 0, −log(1 − A2). Its slope along Z2 is asked for.",
    },
  ],
  hints: [
    "What is the blame of the last z, in terms of the answer and the label?",
    "dZ2 = A2 − y.",
    "y is 0 now, so dZ2 is A2 itself; its value is printed in the forward pass.",
  ],
  praise: "The network would have been off by all of its 70 %, and in the other direction.",
});
