/*
 * Dense networks:
 *
 *   W1   2 → 64 (ReLU) → 1 (sigmoid), the corrected spiral, 500 points at once, Adam 0.1, 1000 steps
 *   W2   784 → 128 → 10 (ReLU), softmax cross-entropy, batches of 64, Adam 0.001, 200 steps
 *   W3   784 → 512 → 512 → 10 (ReLU), softmax cross-entropy, batches of 128, Adam 0.001, 50 steps
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tensor2D, Variable } from "@tensorflow/tfjs";
import {
  Activation,
  Adam,
  binaryCrossEntropyFromLogits,
  categoricalCrossEntropyFromLogits,
  Dense,
  type Engine,
  fit,
  Matrix,
  Random,
  relu,
  Sequential,
  spirals,
} from "glassbox";
import { mirror, type TensorFlow, toTensor } from "glassbox/reference";
import { NUMPY } from "./numpy";
import type { Run, Workload } from "./workload";

interface DenseWork {
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
  /** What part of the steps a slow implementation takes. */
  readonly part: number;
}

export function denseWorkloads(): Workload[] {
  return works().map((work) => ({
    name: work.name,
    title: work.title,
    steps: work.steps,
    part: work.part,
    ours: (steps, engine) => runOurs(work, steps, engine),
    tensors: (tf, steps) => runTensors(tf, work, steps),
    numpy: (program, steps, single, threads) => runNumpy(program, work, steps, single, threads),
  }));
}

function works(): DenseWork[] {
  const random = new Random(42);
  const spiral = spirals({ points: 500, random });
  const digits = random.randMatrix(784, 1280);
  const labels = new Matrix(10, 1280);
  for (let j = 0; j < 1280; j++) labels.set(random.randint(0, 10), j, 1);
  const classes = { inputs: digits, targets: labels, rate: 0.001, classes: true, part: 0.1 };
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
      part: 1,
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
function networkOf({ sizes }: DenseWork): Sequential {
  const random = new Random(7);
  const layers = sizes.slice(1).map((units, i) => new Dense(sizes[i], units, { random }));
  return new Sequential(
    layers.flatMap((dense, i) => (i < layers.length - 1 ? [dense, new Activation(relu)] : [dense])),
  );
}

/** Steps must be whole epochs, or fewer than one. */
function runOurs(work: DenseWork, steps: number, engine: Engine): Run {
  const network = networkOf(work);
  const perEpoch = work.inputs.columns / work.batchSize;
  const part = steps < perEpoch ? Array.from({ length: steps * work.batchSize }, (_, j) => j) : undefined;
  let last = Number.NaN;
  const loss = work.classes ? categoricalCrossEntropyFromLogits : binaryCrossEntropyFromLogits;
  const options = {
    inputs: part === undefined ? work.inputs : work.inputs.pickColumns(part),
    targets: part === undefined ? work.targets : work.targets.pickColumns(part),
    loss: (...asked: Parameters<typeof loss>): ReturnType<typeof loss> => {
      const answer = loss(...asked);
      last = answer[0];
      return answer;
    },
    optimizer: new Adam(work.rate),
    epochs: Math.ceil(steps / perEpoch),
    batchSize: work.batchSize,
    engine,
  };
  const started = performance.now();
  fit(network, options);
  return { ms: performance.now() - started, loss: last };
}

/** The same steps with TensorFlow.js's core API: its own Adam, its own slopes, batches ready as tensors. */
function runTensors(tf: TensorFlow, work: DenseWork, steps: number): Run {
  const twin = mirror(networkOf(work));
  const columns = Array.from({ length: work.inputs.columns }, (_, j) => j);
  const batches: { x: Tensor2D; y: Tensor2D }[] = [];
  for (let from = 0; from < columns.length; from += work.batchSize) {
    const part = columns.slice(from, from + work.batchSize);
    batches.push({
      x: toTensor(work.inputs.pickColumns(part)),
      y: toTensor(work.targets.pickColumns(part)),
    });
  }
  const optimizer = tf.train.adam(work.rate, 0.9, 0.999, 1e-8);
  const variables = [...twin.variables.values()] as Variable[];
  let last = Number.NaN;
  const started = performance.now();
  for (let step = 0; step < steps; step++) {
    const { x, y } = batches[step % batches.length];
    const cost = optimizer.minimize(
      () => {
        const z = twin.apply(x);
        return work.classes
          ? tf.losses.softmaxCrossEntropy(y, z)
          : tf.mean(tf.sub(tf.softplus(z), tf.mul(z, y)));
      },
      step === steps - 1,
      variables,
    );
    if (cost !== null) {
      last = cost.dataSync()[0];
      cost.dispose();
    }
  }
  variables[0].dataSync(); // wait until it has really been computed
  const ms = performance.now() - started;
  optimizer.dispose();
  twin.dispose();
  for (const { x, y } of batches) tf.dispose([x, y]);
  return { ms, loss: last };
}

/** A Python that has NumPy, with its version; undefined when there is none. */
export function findNumpy(): { program: string; version: string } | undefined {
  for (const program of ["python3", "python"]) {
    const { status, stdout } = spawnSync(program, ["-c", "import numpy; print(numpy.__version__)"], {
      encoding: "utf8",
    });
    if (status === 0) return { program, version: stdout.trim() };
  }
  return undefined;
}

/** The same steps in NumPy, in a process of its own. Data and weights go there as they lie. */
function runNumpy(program: string, work: DenseWork, steps: number, single: boolean, threads: number): Run {
  const folder = mkdtempSync(join(tmpdir(), "glassbox-bench-"));
  try {
    const matrices = [work.inputs, work.targets, ...networkOf(work).parameters.map(({ value }) => value)];
    const file = join(folder, "numbers");
    writeFileSync(
      file,
      Buffer.concat(matrices.map(({ data }) => Buffer.from(Float64Array.from(data).buffer))),
    );
    const { sizes, batchSize, rate, classes, inputs } = work;
    const told = { file, sizes, batchSize, rate, classes, examples: inputs.columns, steps, single };
    const count = String(threads);
    const { stdout, stderr, status } = spawnSync(program, ["-", JSON.stringify(told)], {
      input: NUMPY,
      encoding: "utf8",
      env: { ...process.env, OPENBLAS_NUM_THREADS: count, MKL_NUM_THREADS: count, OMP_NUM_THREADS: count },
    });
    if (status !== 0) throw new Error(`NumPy's run failed:\n${stderr}`);
    return JSON.parse(stdout) as Run;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
