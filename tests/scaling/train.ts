/*
 * One point of the scaling plot of notebook 17: a GPT of some width learns from Moby-Dick by the recipe of notebook 16, and
 * its loss is taken on chapters that it never read.
 */
import {
  AdamW,
  Characters,
  categoricalCrossEntropyFromLogits,
  cosineDecay,
  countBigrams,
  countParameters,
  type Engine,
  gpt,
  Ids,
  predict,
  probabilities,
  Random,
  relu,
  tableLoss,
  trainingStep,
  Windows,
  warmUp,
} from "glassbox";
import type { ScalingData, ScalingRun } from "../../src/notebook/scaling";
import { mobyDick } from "../../src/notebook/texts";

/** What all sizes have in common. The figures' file states it, so that the notebook can. */
export const SETTING: ScalingData["setting"] = {
  vocabulary: 80,
  blocks: 2,
  heads: 4,
  context: 32,
  sequences: 16,
  steps: 600,
  rate: 0.003,
  warmUp: 100,
  clip: 1,
  engine: "simd, float32, one thread",
};
export const ENGINE = { precision: "float32", threads: 1, reserve: 128 } as const;
export const WIDTHS: readonly number[] = [8, 16, 24, 32, 48, 64];
export const SEEDS: readonly number[] = [1, 2, 3];

let texts: { training: Ids; kept: Ids } | undefined;

/** The book, and its last tenth, which is kept aside. */
function read(): { training: Ids; kept: Ids } {
  if (texts === undefined) {
    const book = mobyDick();
    const ids = Characters.of(book).encode(book);
    const cut = Math.floor(0.9 * ids.length);
    texts = { training: new Ids(ids.data.subarray(0, cut)), kept: new Ids(ids.data.subarray(cut)) };
  }
  return texts;
}

/** The loss of a table of pairs on what is kept aside: the floor. */
export function pairFloor(): number {
  const { training, kept } = read();
  return tableLoss(kept, probabilities(countBigrams(training, SETTING.vocabulary), { added: 0.01 }));
}

/** How many characters a training reads. */
export const tokensRead = (steps = SETTING.steps): number => steps * SETTING.sequences * SETTING.context;

/**
 * Multiplications of a whole training: per character and block 12d² in the matrices and 2d for each of the (T + 1)/2
 * characters that are seen on average, and dV in the head; the way back costs twice the way forward.
 */
export function multiplications(d: number, steps = SETTING.steps): number {
  const { blocks, context, vocabulary } = SETTING;
  return 3 * tokensRead(steps) * (blocks * (12 * d ** 2 + d * (context + 1)) + d * vocabulary);
}

/** Trains one size from one seed. @returns its parameters and its loss on what is kept aside, nats a character */
export function train(
  width: number,
  seed: number,
  engine: Engine,
  steps = SETTING.steps,
): { parameters: number; loss: number } {
  const { vocabulary, blocks, heads, context, sequences, rate, clip } = SETTING;
  const { training, kept } = read();
  const network = gpt({
    vocabulary,
    width,
    blocks,
    heads,
    context,
    tied: false,
    activation: relu,
    random: new Random(seed),
  });
  const windows = new Windows(training, { length: context, sequences, random: new Random(seed) });
  const rateAt = warmUp(cosineDecay(rate, { steps }), { steps: SETTING.warmUp });
  const optimizer = new AdamW(rate);
  const options = { loss: categoricalCrossEntropyFromLogits, optimizer, clip: { norm: clip }, engine };
  for (let step = 0; step < steps; step++) {
    optimizer.learningRate = rateAt(step);
    const { inputs, targets } = windows.next();
    trainingStep(network, inputs, targets, options);
  }
  const asked = new Windows(kept, { length: context, sequences: 400, random: new Random(9) }).next();
  const [loss] = categoricalCrossEntropyFromLogits(
    predict(network, asked.inputs).columns,
    asked.targets.columns,
  );
  return { parameters: countParameters(network), loss };
}

/** Rounded, so that the file does not change with the last bits of a processor's logarithm. */
const rounded = (loss: number): number => Number(loss.toFixed(3));

/** All seeds of one size, as the file has them. */
export function runOf(width: number, engine: Engine): ScalingRun {
  const trained = SEEDS.map((seed) => train(width, seed, engine));
  return {
    width,
    parameters: trained[0].parameters,
    tokens: tokensRead(),
    multiplications: multiplications(width),
    losses: trained.map(({ loss }) => rounded(loss)),
  };
}

export const flooredAt = (): number => rounded(pairFloor());
