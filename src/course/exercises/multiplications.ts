/** The price of a forward pass. */

import { numberExercise } from "../number";

const [PIXELS, HIDDEN, CLASSES, BATCH] = [784, 128, 10, 32];
const WEIGHTS = PIXELS * HIDDEN + HIDDEN * CLASSES;
const BIASES = HIDDEN + CLASSES;

/** Multiplications in the forward pass of 784 → 128 → 10 for a batch of 32. */
export const checkMultiplications = numberExercise({
  name: "the number of multiplications",
  answer: BATCH * WEIGHTS,
  tolerance: 0.5,
  slips: [
    {
      name: "one example",
      value: WEIGHTS,
      words: "That is one example. A batch of 32 does it 32 times, in one product a layer.",
    },
    {
      name: "biases",
      value: BATCH * (WEIGHTS + BIASES),
      words: "You have counted the biases. They are added, not multiplied.",
    },
    {
      name: "parameters",
      value: WEIGHTS + BIASES,
      words: "That is the number of parameters. Every weight is used once for each of the 32 examples.",
    },
    {
      name: "sizes added",
      value: BATCH * (PIXELS + HIDDEN + CLASSES),
      words: "You have added the sizes. Every unit has a weight for every input: multiply neighbours.",
    },
    {
      name: "layers multiplied",
      value: BATCH * PIXELS * HIDDEN * CLASSES,
      words: "The layers come one after the other: their costs add up, they do not multiply.",
    },
    {
      name: "first layer",
      value: BATCH * PIXELS * HIDDEN,
      words: "That is the first layer. The second one has 128 · 10 for each example.",
    },
    {
      name: "additions too",
      value: 2 * BATCH * WEIGHTS,
      words: "You have counted multiplications and additions. Only the multiplications are asked for.",
    },
  ],
  hints: [
    "How many multiplications does one unit do for one example?",
    "One for each of its inputs. A layer does inputs · units for each example.",
    "32 · (784 · 128 + 128 · 10).",
  ],
  praise: "The first layer does 99 % of the work.",
});
