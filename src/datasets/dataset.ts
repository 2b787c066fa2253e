/*
 * What every data set looks like, and what every generator checks: data are columns, and nothing is random without
 * a generator.
 */
import { requireWhole, ValueError } from "../numbers/errors";
import { Matrix } from "../numbers/matrix";
import { anything, type OptionTable, requireOptions } from "../numbers/options";
import { type Random, requireRandom } from "../numbers/random";

/** Examples to learn from: inputs (features × m), one column an example, and targets with as many columns. */
export interface Dataset {
  readonly inputs: Matrix;
  readonly targets: Matrix;
  /** What the rows of the inputs are, with units. */
  readonly features?: readonly string[];
  /** What the labels mean: of 0 and 1, or of the rows of one-hot targets. */
  readonly classes?: readonly string[];
}

/** More points than any data set here is made of: sixteen million. */
export const MOST_POINTS = 2 ** 24;

/** Checks a generator's number of points: whole, and a multiple of the number of its classes. */
export function requirePoints(owner: string, points: unknown, classes: number): number {
  const count = requireWhole(owner, "points", points, classes, MOST_POINTS);
  if (count % classes !== 0) {
    throw new ValueError(
      `${owner}: expected points to be a multiple of ${classes}, the same number for each part, got ${count}.`,
    );
  }
  return count;
}

/** Checks a generator's options against its table, and that a Random is among them. */
export function requireDataOptions<Options extends { readonly random: Random }>(
  owner: string,
  options: Options,
  table: Omit<OptionTable<Options>, "random">,
): void {
  if (options !== undefined)
    requireOptions(owner, options, { ...table, random: anything } as OptionTable<Options>);
  requireRandom(owner, options?.random);
}

/**
 * Points in the plane by class: `place(label, share)` says where a point of that class belongs, with `share` going
 * evenly from 0 to 1 through the class. Normal noise is added, x before y, point after point.
 * @returns inputs (2 × points), targets (1 × points) with the labels, class 0 first
 */
export function scatter(
  points: number,
  classes: number,
  place: (label: number, share: number) => readonly [x: number, y: number],
  noise: number,
  random: Random,
): { inputs: Matrix; targets: Matrix } {
  const each = points / classes;
  const inputs = new Matrix(2, points);
  const targets = new Matrix(1, points);
  for (let column = 0; column < points; column++) {
    const label = Math.floor(column / each);
    const [x, y] = place(label, (column % each) / Math.max(each - 1, 1));
    inputs.data[2 * column] = x + noise * random.randn();
    inputs.data[2 * column + 1] = y + noise * random.randn();
    targets.data[column] = label;
  }
  return { inputs, targets };
}
