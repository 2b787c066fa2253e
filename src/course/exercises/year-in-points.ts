/** What one year of employment is worth in points of credit score, to the neuron of notebook 0. */

import { numberExercise } from "../number";

/** The trained neuron as notebook 0 prints it: weights for standard units, and the deviations of the features. */
export const PRINTED = {
  weights: { income: 4.2075, score: 4.549, years: 2.8138 },
  deviations: { income: 26659.47, score: 77.7, years: 6.04 },
} as const;

const { weights, deviations } = PRINTED;
const perYear = weights.years / deviations.years;
const perPoint = weights.score / deviations.score;
const perEuro = weights.income / deviations.income;

/** How many points of credit score one year of employment outweighs, to the trained neuron of notebook 0. */
export const checkYearInPoints = numberExercise({
  name: "the worth of one year in points",
  answer: perYear / perPoint,
  tolerance: 0.01,
  slips: [
    {
      name: "standard units",
      value: weights.years / weights.score,
      tolerance: 1e-3,
      words:
        "That is the ratio of the two weights in standard units: what a typical difference in years is worth in typical differences of the score. The question asks for years and points.",
    },
    {
      name: "multiplied",
      value: (weights.years * deviations.years) / (weights.score * deviations.score),
      tolerance: 1e-4,
      words:
        "That multiplies each weight by its deviation. Going from standard units back to points, the deviation divides: x′ = (x − mean)/deviation.",
    },
    {
      name: "years for points",
      value: perPoint / perYear,
      tolerance: 2e-4,
      words: "That is the worth of one point, in years. Turn the fraction over.",
    },
    {
      name: "euros",
      value: perYear / perEuro,
      tolerance: 5,
      words: "That is the worth of one year in euros. The question asks for points: put the score below.",
    },
  ],
  hints: [
    "How much does z gain from one more year, and how much from one more point?",
    "The weights printed belong to standard units. One year is 1/deviation of them.",
    "Divide the weight of the years by the deviation of the years, the same for the score, and one result by the other.",
  ],
  praise: "The hidden rule says 8.75. The neuron has never seen that rule.",
});
