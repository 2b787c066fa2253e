/** A sigmoid and its slope at any z, without overflow and with its small values. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

const sigmoidOf = (z: number): number => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));
const slopeOf = (z: number): number => sigmoidOf(z) * sigmoidOf(-z); // σ(−z) = 1 − σ(z), without the cancellation
const powerBelow = (z: number): number => 1 / (1 + Math.exp(-z));
const powerAbove = (z: number): number => Math.exp(z) / (1 + Math.exp(z));
const fromValue = (sigmoid: (z: number) => number) => (Z: Matrix) => {
  const value = Z.map(sigmoid);
  return { value, slope: value.map((a) => a * (1 - a)) };
};

/** The sigmoid and its slope at any z, without overflow, and with its small values: Z → { value, slope }. */
export const checkStableSigmoid = exercise<[Z: Matrix]>({
  name: "stableSigmoid",
  given: ["Z"],
  drawn: (random, m) => [random.randnMatrix(3, m).scale(3)],
  // Far on the left the sigmoid is tiny and not 0. Beside other numbers that would not show, so it is asked alone.
  edges: {
    "z = 0": [Matrix.row([0])],
  },
  extremes: {
    "z = 1000": [Matrix.row([1000])],
    "z = −1000": [Matrix.row([-1000])],
    "z = −40": [Matrix.row([-40])],
    "z = −720": [Matrix.row([-720])],
  },
  // Near z = −720 the numbers have few digits left: they are the smallest that 64 bits can hold.
  tolerance: 1e-6,
  floor: 0,
  reference: (Z) => ({ value: Z.map(sigmoidOf), slope: Z.map(slopeOf) }),
  slips: [
    {
      name: "small number lost",
      about: "value",
      gives: fromValue(powerBelow),
      words:
        "Your `value` is right, except far on the left: at z = −720 it is exactly 0, and it should be tiny and not 0. There `exp(720)` overflows to ∞, and 1/∞ is 0. For negative z, take the form with e to the power z.",
    },
    {
      name: "overflow on the right",
      about: "value",
      gives: fromValue(powerAbove),
      words:
        "Your `value` is right, except far on the right: at z = 1000 it is NaN. `exp(1000)` overflows to ∞, and ∞/∞ is NaN. For positive z, take the form with e to the power −z.",
    },
    {
      name: "forms exchanged",
      about: "value",
      gives: fromValue((z) => (z >= 0 ? powerAbove(z) : powerBelow(z))),
      words:
        "Your `value` has both forms, on the wrong sides: at ±1000 each meets the exponential that overflows. For positive z e to the power −z is safe, for negative z e to the power z.",
    },
    {
      name: "clipped",
      about: "value",
      gives: fromValue((z) => powerBelow(Math.max(-500, Math.min(500, z)))),
      words:
        "Your `value` never overflows, because z is clipped to ±500: so at −720 it stands still at that of −500. It should go on getting smaller.",
    },
    {
      name: "1 − σ(−z) on the left",
      about: "value",
      gives: fromValue((z) => (z >= 0 ? powerBelow(z) : 1 - powerBelow(-z))),
      words:
        "For negative z your `value` is 1 − σ(−z). At −40 that is exactly 0: σ(40) is rounded to 1, and the small number is lost in the difference.",
    },
    {
      name: "falls",
      gives: (Z) => ({ value: Z.map((z) => sigmoidOf(-z)) }),
      words: "Your value is σ(−z): it falls where it should rise. Check the sign in the exponent.",
    },
    {
      name: "slope from z",
      gives: (Z) => ({ slope: Z.map((z) => z * (1 - z)) }),
      words: "In the slope, a(1 − a), the a is the sigmoid's output; you took z.",
    },
    {
      name: "slope of tanh",
      gives: (Z) => ({ slope: Z.map((z) => 1 - sigmoidOf(z) ** 2) }),
      words: "1 − a² is the slope of tanh; that of the sigmoid is a(1 − a).",
    },
    {
      name: "slope is the value",
      gives: (Z) => ({ slope: Z.map(sigmoidOf) }),
      words: "Your slope is the value once more. It is a(1 − a).",
    },
  ],
  hints: [
    "The sigmoid can be written with e to the power −z, or with e to the power z. Where does each overflow?",
    "e to the power of something that is not positive lies between 0 and 1 and never overflows.",
    "With e = `Math.exp(-Math.abs(z))`: 1/(1 + e) for z ≥ 0, and e/(1 + e) for z < 0. The slope is a(1 − a).",
  ],
  praise: "It stands at ±1000, and at −720 it keeps the small number.",
});
