/** Weights and bias for facts in other units. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

/** Weights and bias for facts as given → for standardised facts: (w, b, mean, deviation) → { w, b }. */
export const checkRescale = exercise<[w: Matrix, b: number, mean: Matrix, deviation: Matrix]>({
  name: "rescale",
  given: ["w", "b", "mean", "deviation"],
  sizes: [1, 2, 3, 4],
  drawn: (random, n) => [
    random.randnMatrix(1, n),
    random.randn(),
    random.randnMatrix(1, n).scale(5),
    random.randMatrix(1, n).map((u) => 0.5 + 3 * u),
  ],
  edges: {
    "one fact": [Matrix.row([2]), 1, Matrix.row([10]), Matrix.row([4])],
    "means of 0": [Matrix.row([1, -2]), 3, Matrix.row([0, 0]), Matrix.row([2, 5])],
    "a weight of 0": [Matrix.row([0, 1]), -1, Matrix.row([7, -3]), Matrix.row([2, 1])],
  },
  reference: (w, b, mean, deviation) => ({ w: w.hadamard(deviation), b: b + w.hadamard(mean).sum() }),
  slips: [
    {
      name: "weights divided",
      gives: (w, _b, _mean, deviation) => ({ w: w.map((weight, _, i) => weight / deviation.at(0, i)) }),
      words:
        "The weights are divided by the deviations. Standard units are larger than euros, so the weight on one of them must be larger too: w·x = w·(s·x′ + μ).",
    },
    {
      name: "bias unchanged",
      gives: (_w, b) => ({ b }),
      words:
        "Your bias is the old one. It has to take in what the average applicant brings along: it gains Σ w·μ.",
    },
    {
      name: "bias the wrong way",
      gives: (w, b, mean) => ({ b: b - w.hadamard(mean).sum() }),
      words:
        "The bias moves the wrong way. It gains Σ w·μ: the standardised average is 0 and brings nothing, so the bias has to bring it.",
    },
    {
      name: "bias from the new weights",
      gives: (w, b, mean, deviation) => ({ b: b + w.hadamard(deviation).hadamard(mean).sum() }),
      words: "The bias gains Σ w·μ with the old weights; you took the new ones.",
    },
    {
      name: "mean in standard units",
      gives: (w, b, mean, deviation) => ({
        b: b + w.hadamard(mean.map((mu, _, i) => mu / deviation.at(0, i))).sum(),
      }),
      words:
        "You divided the means by the deviations before the bias took them in. The old weights speak about euros: they meet the mean as it is.",
    },
    {
      name: "bias lost",
      gives: (w, _b, mean) => ({ b: w.hadamard(mean).sum() }),
      words: "Your bias is Σ w·μ alone. The old bias is still part of it.",
    },
  ],
  hints: [
    "Write the old fact by means of the new one, and put that into w·x + b.",
    "x = s·x′ + μ. What stands before x′ is the new weight; everything without x′ is the new bias.",
    "`w.hadamard(deviation)` for the weights; the bias is b plus `w.hadamard(mean).sum()`.",
  ],
  praise: "The same neuron, in other units.",
});
