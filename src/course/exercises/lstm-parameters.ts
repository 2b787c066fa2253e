/** How many numbers an LSTM learns. */

import { exercise } from "../exercise";

/** (inputs, units) → how many. */
export const checkLstmParameters = exercise<[inputs: number, units: number]>({
  name: "lstmParameters",
  given: ["inputs", "units"],
  sizes: [1, 2, 3, 4, 7],
  drawn: (random, units) => [random.randint(1, 9), units],
  edges: { "the 16 inputs and 48 units above": [16, 48], "three inputs, four units": [3, 4] },
  reference: (inputs, units) => 4 * (units * inputs + units * units + units),
  slips: [
    {
      name: "one small layer",
      gives: (inputs, units) => units * inputs + units * units + units,
      words: "That is a plain recurrent layer. An LSTM has four of them: three gates and the candidate.",
    },
    {
      name: "three gates",
      gives: (inputs, units) => 3 * (units * inputs + units * units + units),
      words: "Three gates, and the candidate is missing: it has weights of its own, so the factor is 4.",
    },
    {
      name: "no biases",
      gives: (inputs, units) => 4 * (units * inputs + units * units),
      words: "The biases are missing: one a unit, in each of the four.",
    },
    {
      name: "no state weights",
      gives: (inputs, units) => 4 * (units * inputs + units),
      words: "The weights that read the old state are missing: units × units, in each of the four.",
    },
    {
      name: "two biases",
      gives: (inputs, units) => 4 * (units * inputs + units * units + 2 * units),
      words:
        "Two biases a gate. Some libraries keep one for the token and one for the state; only their sum matters, and here there is one.",
    },
    {
      name: "five",
      gives: (inputs, units) => 5 * (units * inputs + units * units + units),
      words: "Five small layers. The cell itself learns nothing: it is computed by the gates. Four.",
    },
  ],
  hints: [
    "Count one gate first. What does it read?",
    "W is units × inputs, U is units × units, b has units entries; and there are four of each.",
    "`4 * (units * inputs + units * units + units)`",
  ],
  praise: "The state weights grow with the square of the units: that is where most of them are.",
});
