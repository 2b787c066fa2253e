/*
 * How fast is it? Two training runs, ours and TensorFlow.js's on each backend that loads, in one process, taking
 * turns, medians of five. Times differ from machine to machine and hour to hour; the ratios are what counts.
 *
 *   W1   2 → 64 (ReLU) → 1 (sigmoid), the corrected spiral, 500 points at once, Adam 0.1, 1000 steps
 *   W3   784 → 512 → 512 → 10 (ReLU), softmax cross-entropy, batches of 128, Adam 0.001, 50 steps
 */
import type { Tensor2D, Variable } from "@tensorflow/tfjs";
import {
  Activation,
  Adam,
  binaryCrossEntropyFromLogits,
  categoricalCrossEntropyFromLogits,
  Dense,
  fit,
  Matrix,
  Random,
  relu,
  Sequential,
  spirals,
} from "glassbox";
import { type BackendName, loadReference, mirror, type TensorFlow, toTensor } from "glassbox/reference";

/** One line of the report; exactly what `--json` prints. */
export interface Measurement {
  readonly workload: string;
  readonly implementation: string;
  readonly medianMs: number;
  /** How many times faster than tfjs-node; null where that does not load. */
  readonly ratioToTfjsNode: number | null;
}

interface Workload {
  readonly name: string;
  readonly title: string;
  readonly steps: number;
  readonly rate: number;
  readonly inputs: Matrix;
  readonly targets: Matrix;
  readonly batchSize: number;
  readonly classes: boolean;
  network(): Sequential;
}

const TURNS = 5;

function workloads(): Workload[] {
  const random = new Random(42);
  const spiral = spirals({ points: 500, random });
  const digits = random.randMatrix(784, 1280);
  const classes = new Matrix(10, 1280);
  for (let j = 0; j < 1280; j++) classes.set(random.randint(0, 10), j, 1);
  return [
    {
      name: "W1",
      title: "2→64→1, 500 points, Adam, 1000 steps",
      steps: 1000,
      rate: 0.1,
      ...spiral,
      batchSize: 500,
      classes: false,
      network() {
        const weights = new Random(7);
        return new Sequential([
          new Dense(2, 64, { random: weights }),
          new Activation(relu),
          new Dense(64, 1, { random: weights }),
        ]);
      },
    },
    {
      name: "W3",
      title: "784→512→512→10, batch 128, Adam, 50 steps",
      steps: 50,
      rate: 0.001,
      inputs: digits,
      targets: classes,
      batchSize: 128,
      classes: true,
      network() {
        const weights = new Random(7);
        return new Sequential([
          new Dense(784, 512, { random: weights }),
          new Activation(relu),
          new Dense(512, 512, { random: weights }),
          new Activation(relu),
          new Dense(512, 10, { random: weights }),
        ]);
      },
    },
  ];
}

/** What a run is: how long it took, in milliseconds, and the loss it ended with. */
interface Run {
  readonly ms: number;
  readonly loss: number;
}

function runOurs(work: Workload, steps: number): Run {
  const network = work.network();
  const perEpoch = work.inputs.columns / work.batchSize;
  const started = performance.now();
  const { loss } = fit(network, {
    inputs: work.inputs,
    targets: work.targets,
    loss: work.classes ? categoricalCrossEntropyFromLogits : binaryCrossEntropyFromLogits,
    optimizer: new Adam(work.rate),
    epochs: Math.ceil(steps / perEpoch),
    batchSize: work.batchSize,
  });
  return { ms: performance.now() - started, loss: loss[loss.length - 1] };
}

/** The same steps with TensorFlow.js's core API: its own Adam, its own slopes, batches ready as tensors. */
function runTensors(tf: TensorFlow, work: Workload, steps: number): Run {
  const twin = mirror(work.network());
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

/** Plain JavaScript takes half a minute for W3: it runs a tenth of the steps, and the time is scaled. */
const share = (work: Workload, backend: string): number =>
  backend === "cpu" && work.name === "W3" ? 0.1 : 1;

/** Measures everything, reporting progress. @returns 0: nothing can go wrong but the time */
export async function main(options: {
  readonly json: boolean;
  /** Without the plain JavaScript backend, which takes most of the time. */
  readonly quick: boolean;
}): Promise<number> {
  const say = (text: string): void => {
    if (!options.json) console.log(text);
  };
  const backends: BackendName[] = [];
  for (const backend of ["node", "wasm", "cpu"] as const) {
    if (backend === "cpu" && options.quick) continue;
    try {
      const { label } = await loadReference({ backend });
      backends.push(backend);
      say(`with     ${label}`);
    } catch (error) {
      say(`without  ${(error as Error).message}`);
    }
  }
  const measurements: Measurement[] = [];
  for (const work of workloads()) {
    say(`\n${work.name}  ${work.title}`);
    const times = new Map<string, number[]>();
    const losses = new Map<string, number>();
    for (let turn = 0; turn <= TURNS; turn++) {
      const warmUp = turn === 0; // compiles, allocates, and is forgotten
      const keep = (name: string, { ms, loss }: Run, part: number): void => {
        if (warmUp) return;
        times.set(name, [...(times.get(name) ?? []), ms / part]);
        losses.set(name, loss);
      };
      const steps = warmUp ? work.steps / 5 : work.steps;
      keep("glassbox", runOurs(work, steps), 1);
      for (const backend of backends) {
        const { tf } = await loadReference({ backend });
        const part = share(work, backend);
        const fewer = warmUp ? Math.min(steps, 3) : Math.round(steps * part);
        keep(`tfjs-${backend}`, runTensors(tf, work, fewer), part);
      }
    }
    const native = times.has("tfjs-node") ? median(times.get("tfjs-node") as number[]) : undefined;
    for (const [implementation, each] of times) {
      const medianMs = median(each);
      const ratioToTfjsNode = native === undefined ? null : native / medianMs;
      measurements.push({ workload: work.name, implementation, medianMs, ratioToTfjsNode });
      const ratio = ratioToTfjsNode === null ? "" : `×${ratioToTfjsNode.toPrecision(3)}`;
      const scaled =
        share(work, implementation.replace("tfjs-", "")) === 1 ? "" : "   (a tenth of the steps, scaled)";
      const loss = scaled === "" ? `last loss ${(losses.get(implementation) as number).toFixed(4)}` : "";
      say(
        `  ${implementation.padEnd(10)}  ${medianMs.toFixed(0).padStart(6)} ms  ${ratio.padEnd(8)}  ` +
          `${Math.min(...each).toFixed(0)} to ${Math.max(...each).toFixed(0)}  ${loss}${scaled}`,
      );
    }
  }
  say("\n× is the speed relative to tfjs-node in this run; medians of 5, taken in turns.");
  if (options.json) for (const one of measurements) console.log(JSON.stringify(one));
  return 0;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
