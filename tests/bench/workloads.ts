/*
 * The training runs that are timed:
 *
 *   W1   2 → 64 (ReLU) → 1 (sigmoid), the corrected spiral, 500 points at once, Adam 0.1, 1000 steps
 *   W2   784 → 128 → 10 (ReLU), softmax cross-entropy, batches of 64, Adam 0.001, 200 steps
 *   W3   784 → 512 → 512 → 10 (ReLU), softmax cross-entropy, batches of 128, Adam 0.001, 50 steps
 */
import { Activation, Dense, Matrix, Random, relu, Sequential, spirals } from "glassbox";

export interface Workload {
  readonly name: string;
  readonly title: string;
  /** Numbers of units, from the input to the output. */
  readonly sizes: readonly number[];
  readonly steps: number;
  readonly rate: number;
  readonly inputs: Matrix;
  readonly targets: Matrix;
  readonly batchSize: number;
  /** Classes and softmax, or one yes-or-no output and the sigmoid; the loss takes logits. */
  readonly classes: boolean;
}

export function workloads(): Workload[] {
  const random = new Random(42);
  const spiral = spirals({ points: 500, random });
  const digits = random.randMatrix(784, 1280);
  const labels = new Matrix(10, 1280);
  for (let j = 0; j < 1280; j++) labels.set(random.randint(0, 10), j, 1);
  const classes = { inputs: digits, targets: labels, rate: 0.001, classes: true };
  return [
    {
      name: "W1",
      title: "2→64→1, 500 points, Adam, 1000 steps",
      sizes: [2, 64, 1],
      steps: 1000,
      rate: 0.1,
      ...spiral,
      batchSize: 500,
      classes: false,
    },
    {
      name: "W2",
      title: "784→128→10, batch 64, Adam, 200 steps",
      sizes: [784, 128, 10],
      steps: 200,
      batchSize: 64,
      ...classes,
    },
    {
      name: "W3",
      title: "784→512→512→10, batch 128, Adam, 50 steps",
      sizes: [784, 512, 512, 10],
      steps: 50,
      batchSize: 128,
      ...classes,
    },
  ];
}

/** The network of a workload, with the same first weights every time. */
export function networkOf({ sizes }: Workload): Sequential {
  const random = new Random(7);
  const layers = sizes.slice(1).map((units, i) => new Dense(sizes[i], units, { random }));
  return new Sequential(
    layers.flatMap((dense, i) => (i < layers.length - 1 ? [dense, new Activation(relu)] : [dense])),
  );
}
