/*
 * The error function, erf(x) = 2/√π · ∫₀ˣ e^−t² dt, and its complement erfc(x) = 1 − erf(x): the area under the
 * bell curve, which JavaScript's Math does not have and the exact GELU needs.
 *
 * There is no finite formula for it. W. J. Cody fitted ratios of two polynomials to it, one for each of three
 * ranges, each good to about 16 digits. The tables are his; a test compares them with the Taylor series and with
 * the continued fraction, which are slower and owe nothing to any table.
 *
 * @see Cody 1969, "Rational Chebyshev Approximations for the Error Function", Math. Comp. 23, 631–637
 */

/** Highest power first: what the ratio's two polynomials are made of. */
type Coefficients = readonly number[];

// |x| ≤ 0.46875:  erf(x) = x·P(x²)/Q(x²)
const NEAR_P: Coefficients = [
  0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694,
];
const NEAR_Q: Coefficients = [
  1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171,
];

// 0.46875 < x ≤ 4:  erfc(x) = e^−x²·P(x)/Q(x)
const MIDDLE_P: Coefficients = [
  2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001,
  881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
];
const MIDDLE_Q: Coefficients = [
  1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
  4362.619090143247, 3439.3676741437216, 1230.3393548037495,
];

// x > 4:  erfc(x) = e^−x²/x · (1/√π − 1/x²·P(1/x²)/Q(1/x²))
const FAR_P: Coefficients = [
  0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275,
  0.0006587491615298378,
];
const FAR_Q: Coefficients = [
  1, 2.568520192289822, 1.8729528499234604, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918,
];

const NEAR = 0.46875;
const FAR = 4;
/** From here on erfc(x) is below the smallest positive float64. */
const GONE = 28;
const ONE_OVER_ROOT_PI = 0.5641895835477563;

/** erf(x), from −1 to 1, within about 2 units in the last place. */
export function erf(x: number): number {
  if (Math.abs(x) <= NEAR) return x * ratio(NEAR_P, NEAR_Q, x * x);
  return x > 0 ? 1 - tail(x) : tail(-x) - 1;
}

/** erfc(x) = 1 − erf(x), from 0 to 2; keeps its relative accuracy where 1 − erf(x) has lost every digit. */
export function erfc(x: number): number {
  if (Math.abs(x) <= NEAR) return 1 - erf(x);
  return x > 0 ? tail(x) : 2 - tail(-x);
}

/** erfc(x) for x > 0.46875. */
function tail(x: number): number {
  if (x > GONE) return 0;
  if (x <= FAR) return bell(x) * ratio(MIDDLE_P, MIDDLE_Q, x);
  const inverse = 1 / (x * x);
  return (bell(x) / x) * (ONE_OVER_ROOT_PI - inverse * ratio(FAR_P, FAR_Q, inverse));
}

/**
 * e^−x². Rounding x² would be off by up to x²·10⁻¹⁶ in the exponent, and thus in the result. So x is cut into c,
 * whose square needs no rounding, and a small rest: x² = c² + (x − c)·(x + c).
 */
function bell(x: number): number {
  const c = Math.trunc(x * 16) / 16;
  return Math.exp(-c * c) * Math.exp(-(x - c) * (x + c));
}

/** P(x)/Q(x), each by Horner's rule; both lists are equally long. */
function ratio(p: Coefficients, q: Coefficients, x: number): number {
  let above = p[0];
  let below = q[0];
  for (let i = 1; i < p.length; i++) {
    above = above * x + p[i];
    below = below * x + q[i];
  }
  return above / below;
}
