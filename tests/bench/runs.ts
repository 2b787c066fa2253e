/*
 * One workload, run by each implementation: from the same data and the same first weights, the same steps.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tensor2D, Variable } from "@tensorflow/tfjs";
import {
  Adam,
  binaryCrossEntropyFromLogits,
  categoricalCrossEntropyFromLogits,
  type Engine,
  fit,
} from "glassbox";
import { mirror, type TensorFlow, toTensor } from "glassbox/reference";
import { NUMPY } from "./numpy";
import { networkOf, type Workload } from "./workloads";

/** What a run is: how long it took, in milliseconds, and the loss of its last step. */
export interface Run {
  readonly ms: number;
  readonly loss: number;
}

/** Steps must be whole epochs, or fewer than one. */
export function runOurs(work: Workload, steps: number, engine: Engine): Run {
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
export function runTensors(tf: TensorFlow, work: Workload, steps: number): Run {
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
export function runNumpy(
  program: string,
  work: Workload,
  steps: number,
  single: boolean,
  threads: number,
): Run {
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
