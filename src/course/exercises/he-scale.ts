/** The standard deviation of He's weights. */

import { numberExercise } from "../number";

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
