/*
 * Which learning rate? Try them all: take a step with a tiny rate, then ever larger ones, and watch the loss. Flat at
 * first, then falling, then running away; a good rate is where it falls, well before it turns.
 */

import { type AnyLayer, type Layer, type Optimizer, zeroGradients } from "../core/core";
import { always, refuseInterrupted } from "../core/interrupts";
import { DivergenceError, requireNumber, requireWhole } from "../numbers/errors";
import { plain } from "../numbers/kernels/plain-engine";
import type { Matrix } from "../numbers/matrix";
import { aFunction, anything, type OptionTable, requireOptions } from "../numbers/options";
import type { Columns, Ragged } from "../numbers/ragged";
import { type Random, requireRandom } from "../numbers/random";
import { GradientDescent } from "../optimizers/gradient-descent";
import { Batches } from "./batches";
import type { FitOptions } from "./contract";
import { ABOUT_DATA, checkData } from "./fit";
import { moveHome } from "./residence";
import { Snapshot } from "./snapshot";
import { checkStep, Stepper } from "./step";

export interface RateFinderOptions<In extends Columns = Matrix>
  extends Pick<FitOptions<In>, "inputs" | "targets" | "loss" | "regularizer" | "clip" | "engine"> {
  /** Makes the optimizer that is tried: `(rate) => new Adam(rate)`. Gradient descent when left out. */
  readonly optimizer?: (rate: number) => Optimizer;
  /** The first rate; 1e-6 when left out. */
  readonly from?: number;
  /** The last rate, if the loss has not run away by then; 10 when left out. */
  readonly to?: number;
  /** How many steps, each with a rate larger by the same factor; 100 when left out. */
  readonly steps?: number;
  /** Examples a step; all when left out. */
  readonly batchSize?: number;
  /** Shuffles the examples; a copy is drawn from, so the generator itself does not move. */
  readonly random?: Random;
}

/** One step of the search. */
export interface RateTrial {
  readonly rate: number;
  /** The loss before this step. */
  readonly loss: number;
  /** A running mean of the losses so far, which hides the noise of mini-batches. */
  readonly smoothed: number;
}

export interface RateFinding {
  readonly trials: readonly RateTrial[];
  /** A tenth of the rate at which the smoothed loss was lowest: fast, and at a safe distance from the turn. */
  readonly suggestion: number;
}

/** Running away: the smoothed loss at this many times its best. */
const RUNAWAY = 4;
/** Memory of the running mean. */
const SMOOTHING = 0.8;

/**
 * Sweeps the learning rate upwards, one step a rate, until the loss runs away. The network is as it was afterwards, its
 * statistics and generators included.
 * @see Smith 2017, "Cyclical Learning Rates for Training Neural Networks"
 */
export function findLearningRate<In extends Columns = Matrix, Out extends Matrix | Ragged = Matrix>(
  network: Layer<In, Out>,
  options: RateFinderOptions<In>,
): RateFinding {
  const owner = "findLearningRate";
  const { optimizer, rates } = checked(owner, network, options);
  const { engine = plain } = options;
  const batches = new Batches({ ...options, random: options.random?.clone() }, engine);
  const stepper = new Stepper(owner, network, { ...options, optimizer });
  const before = new Snapshot(network);
  const trials: RateTrial[] = [];
  const sweep = (): void => {
    let mean = 0;
    let best = Infinity;
    let from = batches.examples;
    for (const rate of rates) {
      if (from >= batches.examples) {
        batches.shuffle();
        from = 0;
      }
      const { X, Y } = batches.take(from, stepper.pass);
      from += batches.size;
      optimizer.learningRate = rate;
      const { loss } = stepper.step(X, Y);
      mean = SMOOTHING * mean + (1 - SMOOTHING) * loss;
      const smoothed = mean / (1 - SMOOTHING ** (trials.length + 1));
      trials.push({ rate, loss, smoothed });
      best = Math.min(best, smoothed);
      if (smoothed > RUNAWAY * best && best > 0) return;
    }
  };
  try {
    always(sweep, () => {
      before.restore();
      zeroGradients(network.parameters, engine);
      moveHome(engine, network, optimizer);
      for (const part of [stepper.pass, batches]) part.free();
    });
  } catch (error) {
    if (!(error instanceof DivergenceError) || trials.length === 0) throw error; // that is the end of the sweep
  }
  const lowest = trials.reduce((low, trial) => (trial.smoothed < low.smoothed ? trial : low));
  return { trials, suggestion: lowest.rate / 10 };
}

const OPTIONS: OptionTable<RateFinderOptions<Columns> & { features: unknown; classes: unknown }> = {
  loss: anything,
  regularizer: anything,
  clip: anything,
  engine: anything,
  inputs: anything,
  targets: anything,
  optimizer: aFunction("a function such as (rate) => new Adam(rate)"),
  from: anything,
  to: anything,
  steps: anything,
  batchSize: anything,
  random: anything,
  ...ABOUT_DATA,
};

function checked(
  owner: string,
  network: AnyLayer,
  options: RateFinderOptions<Columns>,
): { optimizer: Optimizer; rates: number[] } {
  requireOptions(owner, options, OPTIONS);
  refuseInterrupted(owner);
  const make = options.optimizer ?? ((rate: number) => new GradientDescent(rate));
  const from = requireNumber(owner, "from", options.from ?? 1e-6, { from: 1e-100 });
  const to = requireNumber(owner, "to", options.to ?? 10, { from, openFrom: true, to: 1e6 });
  const steps = requireWhole(owner, "steps", options.steps ?? 100, 2);
  if (options.batchSize !== undefined) requireWhole(owner, "batchSize", options.batchSize);
  if (options.random !== undefined) requireRandom(owner, options.random);
  checkData(owner, options.inputs, options.targets);
  const rates = Array.from({ length: steps }, (_, i) => from * (to / from) ** (i / (steps - 1)));
  const optimizer = make(rates[0]);
  checkStep(owner, network, { ...options, optimizer });
  return { optimizer, rates };
}
