/** Two classes in the plane: the points, and what a classifier says about the places between them. */
import type { Matrix } from "../../index";
import type { Numbers } from "./figure";

/** Labelled points: inputs (2 × m), targets (1 × m) of labels 0, 1, or (K × m) one-hot. */
export interface Points {
  readonly inputs: Matrix;
  readonly targets: Matrix;
}

/** A classifier's answer on a grid: z[i][j] is the probability of class 1 at (x[j], y[i]). */
export interface Region {
  readonly x: Numbers;
  readonly y: Numbers;
  readonly z: readonly Numbers[];
}
