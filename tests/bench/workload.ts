import type { Engine } from "glassbox";
import type { TensorFlow } from "glassbox/reference";

/** What a run is: how long it took, in milliseconds, and the loss of its last step. */
export interface Run {
  readonly ms: number;
  readonly loss: number;
}

/** A training run that is timed: each implementation takes the same steps, from the same data and first weights. */
export interface Workload {
  /** "W1" */
  readonly name: string;
  readonly title: string;
  readonly steps: number;
  /** Slow implementations take this part of the steps, and their time is scaled. */
  readonly part: number;
  ours(steps: number, engine: Engine): Run;
  tensors(tf: TensorFlow, steps: number): Run;
  /** Left out where nobody wrote it in NumPy. */
  numpy?(program: string, steps: number, single: boolean, threads: number): Run;
}
