/*
 * Real handwriting: 1797 digits by 13 people, 8 × 8 pixels each. Small enough to train on while you wait, and real
 * enough to be wrong about.
 */
import { Matrix } from "../numbers/matrix";
import type { Dataset } from "./dataset";
import { DIGITS } from "./handwritten-digits-data";
import { oneHot } from "./preparation";

/**
 * The test set of "Optical Recognition of Handwritten Digits" by E. Alpaydin and C. Kaynak (UCI, 1998; CC BY 4.0), the
 * set that scikit-learn calls `load_digits`. Decoded at each call; a bundle that does not call it does not carry it.
 * @returns inputs (64 × 1797), pixels row after row from 0 (paper) to 1 (ink) in steps of 1/16; targets (10 × 1797),
 *   one-hot
 */
export function handwrittenDigits(): Dataset {
  const lines = DIGITS.trim().split("\n");
  const inputs = new Matrix(64, lines.length);
  lines.forEach((line, j) => {
    for (let i = 0; i < 64; i++) inputs.set(i, j, Number.parseInt(line[i], 17) / 16);
  });
  return {
    inputs,
    targets: oneHot(
      lines.map((line) => Number(line[64])),
      10,
    ),
    classes: Array.from({ length: 10 }, (_, digit) => String(digit)),
  };
}
