/*
 * Learning-rate schedules: large steps while the way is long, small ones to settle. A schedule is a plain function
 * from how far training has come to the rate of that step: easy to plot, easy to put one behind another.
 *
 * "How far" is counted from 0 in whatever unit the caller counts: `fit` counts epochs, or optimizer steps with
 * `scheduleEvery: "step"`. All lengths given to one schedule are in that same unit.
 */
import { describe, requireNumber, ValueError } from "../numbers/errors";
import { anything, numberIn, type OptionTable, requireOptions } from "../numbers/options";

/** The learning rate at a step (or epoch), counted from 0. Never negative; it may end at exactly 0. */
export type Schedule = (step: number) => number;

/** One rate, always. */
export function constantRate(rate: number): Schedule {
  requireRate("constantRate", rate);
  return checked("constantRate", () => rate);
}

/**
 * A staircase, rate·factor^⌊t/every⌋.
 * @param options.every how long a stair is, greater than 0
 * @param options.factor what is left after each stair, in (0, 1]
 */
export function stepDecay(
  rate: number,
  options: { readonly every: number; readonly factor?: number },
): Schedule {
  const { every, factor } = decay("stepDecay", rate, options, { factor: 0.5 });
  return checked("stepDecay", (step) => rate * factor ** Math.floor(step / every));
}

/**
 * A rate that shrinks by the same share at every step, rate·factor^(t/every).
 * @param options.every after how long `factor` is left, greater than 0; 1 when left out
 * @param options.factor in (0, 1]
 */
export function exponentialDecay(
  rate: number,
  options: { readonly factor: number; readonly every?: number },
): Schedule {
  const { every, factor } = decay("exponentialDecay", rate, options, { every: 1 });
  return checked("exponentialDecay", (step) => rate * factor ** (step / every));
}

/**
 * Half a cosine wave from `rate` down to `floor`: slow, fast, slow. It reaches the floor at `steps` and stays.
 * @param options.steps how long it takes, greater than 0
 * @param options.floor 0 when left out; at most `rate`
 * @see Loshchilov & Hutter 2017, "SGDR: Stochastic Gradient Descent with Warm Restarts"
 */
export function cosineDecay(
  rate: number,
  options: { readonly steps: number; readonly floor?: number },
): Schedule {
  requireRate("cosineDecay", rate);
  requireOptions<{ steps: number; floor?: number }>("cosineDecay", options, {
    steps: LENGTH,
    floor: numberIn({ from: 0, to: rate }),
  });
  const { floor = 0 } = options;
  const steps = requireLength("cosineDecay", "steps", options.steps);
  return checked("cosineDecay", (step) => cosine(rate, floor, step / steps));
}

/**
 * A straight climb to the first rate of another schedule, which then begins. The climb's first step already has a
 * rate above 0: first·(t + 1)/steps.
 * @param then what comes after; its own steps are counted from the end of the climb
 * @param options.steps how long the climb is, greater than 0
 */
export function warmUp(then: Schedule, options: { readonly steps: number }): Schedule {
  if (typeof then !== "function") {
    throw new ValueError(`warmUp: expected a schedule such as constantRate(0.1), got ${describe(then)}.`);
  }
  requireOptions<{ steps: number }>("warmUp", options, { steps: LENGTH });
  const steps = requireLength("warmUp", "steps", options.steps);
  return checked("warmUp", (step) =>
    step < steps ? then(0) * Math.min((step + 1) / steps, 1) : then(step - steps),
  );
}

interface OneCycleOptions {
  readonly steps: number;
  readonly climb?: number;
  readonly start?: number;
  readonly end?: number;
}

const LENGTH = numberIn({ from: 0, openFrom: true });

const ONE_CYCLE: OptionTable<OneCycleOptions> = {
  steps: LENGTH,
  climb: numberIn({ from: 0, to: 1, openFrom: true, openTo: true }),
  start: numberIn({ from: 0, to: 1 }),
  end: numberIn({ from: 0, to: 1 }),
};

/**
 * Half a cosine wave up from peak/25 to the peak, then half a wave down to almost nothing. It allows peaks that a
 * constant rate would not survive.
 * @param options.steps the whole cycle, greater than 0; afterwards it stays at the end
 * @param options.climb the share of the cycle that goes up, in (0, 1); 0.3 when left out
 * @param options.start the first rate, as a share of the peak; 1/25 when left out
 * @param options.end the last rate, as a share of the peak; 1/250,000 when left out
 * The defaults are those of PyTorch's OneCycleLR. The time axis is that of Optax's cosine_onecycle_schedule (which rounds
 * climb·steps down): the peak is reached at climb·steps, and the end at `steps`; PyTorch reaches them at climb·steps − 1 and steps − 1, within a cycle of as many steps.
 * @see Smith & Topin 2018, "Super-Convergence"
 */
export function oneCycle(peak: number, options: OneCycleOptions): Schedule {
  requireRate("oneCycle", peak);
  requireOptions("oneCycle", options, ONE_CYCLE);
  const steps = requireLength("oneCycle", "steps", options.steps);
  const top = steps * (options.climb ?? 0.3);
  const start = peak * (options.start ?? 1 / 25);
  const end = peak * (options.end ?? 1 / 250_000);
  return checked("oneCycle", (step) =>
    step < top ? cosine(start, peak, step / top) : cosine(peak, end, (step - top) / (steps - top)),
  );
}

/** Half a cosine wave between two values, flat at both ends. */
function cosine(from: number, to: number, progress: number): number {
  if (progress >= 1) return to;
  return to + ((from - to) * (1 + Math.cos(Math.PI * progress))) / 2;
}

function decay(
  owner: string,
  rate: number,
  options: Partial<Stairs>,
  leftOut: Partial<Stairs>,
): { every: number; factor: number } {
  requireRate(owner, rate);
  requireOptions<Partial<Stairs>>(owner, options, { every: anything, factor: anything });
  const factor = options.factor ?? leftOut.factor;
  return {
    every: requireLength(owner, "every", options.every ?? leftOut.every),
    factor: requireNumber(owner, "factor", factor, { from: 0, openFrom: true, to: 1 }),
  };
}

interface Stairs {
  readonly every: number;
  readonly factor: number;
}

function requireRate(owner: string, rate: unknown): void {
  requireNumber(owner, "the rate", rate, { from: 0, openFrom: true });
}

function requireLength(owner: string, what: string, length: unknown): number {
  return requireNumber(owner, what, length, { from: 0, openFrom: true });
}

function checked(owner: string, schedule: Schedule): Schedule {
  return (step) => {
    const rate = schedule(requireNumber(owner, "the step", step, { from: 0 }));
    return requireNumber(owner, "the rate", rate, { from: 0 });
  };
}
