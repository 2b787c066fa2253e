/*
 * A whole training step, told from the input to the new loss: forward, loss, backward, step, and the proof that it
 * helped.
 */
import { type Layer, type Loss, type Optimizer, type Parameter, Pass } from "../../core/core";
import { Dense } from "../../layers/dense";
import { describe, GlassboxError, ValueError } from "../../numbers/errors";
import type { Matrix } from "../../numbers/matrix";
import { Snapshot } from "../../training/snapshot";
import { type LossTraceOptions, narrateBackward, requireLoss } from "./backward";
import { narrateForward } from "./forward";
import type { Narrative } from "./narrative";
import { beginTrace, type Stage, walk } from "./walk";

/**
 * Takes one training step and tells it: the forward and the backward pass, what the optimizer remembers, every weight
 * before and after, and the loss before and after. Network and optimizer are one step further then, as after
 * `trainingStep`; when it throws, they are as they were.
 * @param input X, (features × m)
 * @param target Y, (outputs × m)
 */
export function traceStep(
  network: Layer,
  input: Matrix,
  target: Matrix,
  loss: Loss,
  optimizer: Optimizer,
  options: LossTraceOptions = {},
): string {
  const narrative = beginTrace("traceStep", network, input, options);
  requireLoss("traceStep", loss);
  if (typeof optimizer?.step !== "function")
    throw new ValueError(`traceStep: expected an optimizer, got ${describe(optimizer)}.`);
  const parameters = [...new Set(network.parameters)];
  const old = parameters.map(({ value }) => value.clone());
  const undo = new Snapshot(network);
  try {
    const stages = walk(network, input, new Pass({ training: true }));
    narrateForward(narrative, stages);
    const lossBefore = narrateBackward(narrative, stages, target, loss, options);
    optimizer.step(parameters);

    narrative.begin("update", true);
    const kind = nameOf(optimizer);
    narrative.note(`${kind}, rate ${optimizer.learningRate}`, FORMULAS[kind] ?? "");
    const letters = lettersOf(stages);
    parameters.forEach((parameter, i) => {
      const letter = letters.get(parameter) ?? parameter.name;
      narrative.row(`${letter} before`, old[i]);
      for (const [name, kept] of Object.entries(optimizer.stateOf?.(parameter) ?? {})) {
        narrative.row(`${name} of ${letter}`, kept);
      }
      narrative.row(`${letter} after`, parameter.value);
    });

    narrateCheck(narrative, stages[stages.length - 1].outputName, lossBefore, () => {
      const prediction = network.forward(input)[0];
      return { prediction, lossAfter: loss(prediction, target)[0] };
    });
    return narrative.toString();
  } catch (error) {
    undo.restore();
    throw error;
  }
}

/** Was it worth it? A step so long that nothing can be computed any more has been taken all the same. */
function narrateCheck(
  narrative: Narrative,
  name: string,
  lossBefore: number,
  again: () => { prediction: Matrix; lossAfter: number },
): void {
  narrative.begin("check", true);
  try {
    const { prediction, lossAfter } = again();
    narrative.row(`${name} after`, prediction);
    narrative.row("L before, after", [lossBefore, lossAfter], verdict(lossBefore, lossAfter));
  } catch (error) {
    if (!(error instanceof GlassboxError)) throw error;
    narrative.row("L before, after", [lossBefore, Number.NaN], error.message);
  }
}

/** What each optimizer does, with g for dL/dw. */
const FORMULAS: Readonly<Record<string, string>> = {
  GradientDescent: "w ← w − rate·g",
  Momentum: "v ← β·v + g,  w ← w − rate·v",
  Nesterov: "v ← β·v + g,  w ← w − rate·(g + β·v)",
  AdaGrad: "s ← s + g²,  w ← w − rate·g/(√s + ε)",
  RmsProp: "s ← ρ·s + (1 − ρ)·g²,  w ← w − rate·g/(√s + ε)",
  Adam: "m and v: running means of g and g²,  w ← w − rate·m̂/(√v̂ + ε)",
  AdamW: "w ← w − rate·λ·w, then as Adam",
};

/** What a formula calls each parameter: W1, b1, … */
function lettersOf(stages: readonly Stage[]): Map<Parameter, string> {
  const letters = new Map<Parameter, string>();
  for (const { layer, number } of stages) {
    if (!(layer instanceof Dense)) continue;
    letters.set(layer.weights, `W${number}`);
    letters.set(layer.bias, `b${number}`);
  }
  return letters;
}

function nameOf(optimizer: Optimizer): string {
  return Object.getPrototypeOf(optimizer)?.constructor?.name ?? "optimizer";
}

function verdict(before: number, after: number): string {
  if (after < before) return "the step lowered the loss";
  if (after > before) return "the step raised the loss: it was too long";
  return "the loss did not change";
}
