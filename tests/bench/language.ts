/*
 * Small GPTs that learn from whatever ids, with AdamW at 0.001, decay 0.1 on the matrices, softmax cross-entropy:
 *
 *   W5   vocabulary 80, width 32, 2 blocks, 4 heads, context 32, batches of 16 sequences, 100 steps
 *   W6   vocabulary 65, width 64, 4 blocks, 4 heads, context 64, batches of 32 sequences, 20 steps
 */
import type { Tensor, Variable } from "@tensorflow/tfjs";
import {
  AdamW,
  categoricalCrossEntropyFromLogits,
  type Engine,
  gpt,
  Ids,
  type Parameter,
  Random,
  trainingStep,
  Windows,
} from "glassbox";
import { mirror, mirrorOptimizer, type TensorFlow } from "glassbox/reference";
import type { Run, Workload } from "./workload";

interface LanguageWork {
  readonly name: string;
  readonly vocabulary: number;
  readonly width: number;
  readonly blocks: number;
  readonly context: number;
  readonly sequences: number;
  readonly steps: number;
}

const HEADS = 4;

const WORKS: readonly LanguageWork[] = [
  { name: "W5", vocabulary: 80, width: 32, blocks: 2, context: 32, sequences: 16, steps: 100 },
  { name: "W6", vocabulary: 65, width: 64, blocks: 4, context: 64, sequences: 32, steps: 20 },
];

export function languageWorkloads(): Workload[] {
  return WORKS.map((work) => ({
    name: work.name,
    title:
      `GPT, vocabulary ${work.vocabulary}, width ${work.width}, ${work.blocks} blocks, ${HEADS} heads, ` +
      `context ${work.context}, batch ${work.sequences}, AdamW, ${work.steps} steps`,
    steps: work.steps,
    part: 0.1,
    ours: (steps, engine) => runOurs(work, steps, engine),
    tensors: (tf, steps) => runTensors(tf, work, steps),
  }));
}

function networkOf({ vocabulary, width, blocks, context }: LanguageWork): ReturnType<typeof gpt> {
  return gpt({ vocabulary, width, blocks, heads: HEADS, context, tied: false, random: new Random(7) });
}

/** The same windows every time. */
function windowsOf({ vocabulary, context, sequences }: LanguageWork): Windows {
  const random = new Random(42);
  const ids = new Ids(Array.from({ length: 20_000 }, () => random.randint(0, vocabulary)));
  return new Windows(ids, { length: context, sequences, random });
}

function optimizer(): AdamW {
  return new AdamW(0.001, { weightDecay: 0.1, decays: ({ value }: Parameter) => value.columns > 1 });
}

/** Networks, once an engine and workload: what they learn stays in the engine's memory until it is closed. */
const networks = new WeakMap<Engine, Map<LanguageWork, ReturnType<typeof gpt>>>();

function runOurs(work: LanguageWork, steps: number, engine: Engine): Run {
  const known = networks.get(engine) ?? new Map<LanguageWork, ReturnType<typeof gpt>>();
  networks.set(engine, known);
  const network = known.get(work) ?? networkOf(work);
  known.set(work, network);
  const first = networkOf(work).parameters;
  for (const [i, { value }] of network.parameters.entries()) value.data.set(first[i].value.data);
  const windows = windowsOf(work);
  const options = { loss: categoricalCrossEntropyFromLogits, optimizer: optimizer(), engine };
  let loss = Number.NaN;
  const started = performance.now();
  for (let step = 0; step < steps; step++) {
    const { inputs, targets } = windows.next();
    loss = trainingStep(network, inputs, targets, options).loss;
  }
  return { ms: performance.now() - started, loss };
}

/** The same steps with TensorFlow.js: the network in its operations, its own slopes and tf.train.adam; batches ready as tensors. */
function runTensors(tf: TensorFlow, work: LanguageWork, steps: number): Run {
  const twin = mirror(networkOf(work));
  const windows = windowsOf(work);
  const batches: { x: Tensor; y: Tensor; starts: Int32Array }[] = [];
  for (let step = 0; step < steps; step++) {
    const { inputs, targets } = windows.next();
    batches.push({
      x: tf.tensor1d(Int32Array.from(inputs.columns.data), "int32"),
      y: tf.tidy(() => tf.oneHot(tf.tensor1d(targets.columns.data, "int32"), work.vocabulary).toFloat()),
      starts: inputs.starts,
    });
  }
  const adamW = mirrorOptimizer(optimizer(), twin.variables, { builtInAdam: true });
  const variables = [...twin.variables.values()] as Variable[];
  let loss = Number.NaN;
  const started = performance.now();
  for (const { x, y, starts } of batches) {
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(
        () => tf.losses.softmaxCrossEntropy(y, twin.apply(x, { training: true, starts })),
        variables,
      );
      adamW.step(grads, 0.001);
      loss = value.dataSync()[0];
    });
  }
  variables[0].dataSync(); // wait until it has really been computed
  const ms = performance.now() - started;
  adamW.dispose();
  twin.dispose();
  for (const { x, y } of batches) tf.dispose([x, y]);
  return { ms, loss };
}
