/*
 * A whole training step, told from the input to the new loss: forward, loss, backward, step, and the proof that it
 * helped.
 */
import { askLayer, askLoss, requireLoss, requireOptimizer } from "../../core/answers";
import { type Layer, type Loss, type Optimizer, type Parameter, Pass } from "../../core/core";
import { always, refuseInterrupted } from "../../core/interrupts";
import { Dense } from "../../layers/dense";
import { GlassboxError } from "../../numbers/errors";
import type { Matrix } from "../../numbers/matrix";
import { AdaGrad } from "../../optimizers/ada-grad";
import { Adam } from "../../optimizers/adam";
import { AdamW } from "../../optimizers/adam-w";
import { GradientDescent } from "../../optimizers/gradient-descent";
import { Momentum } from "../../optimizers/momentum";
import { Nesterov } from "../../optimizers/nesterov";
import { RmsProp } from "../../optimizers/rms-prop";
import { Snapshot } from "../../training/snapshot";
import { LOSS_TRACE_OPTIONS, type LossTraceOptions, narrateBackward } from "./backward";
import { narrateForward } from "./forward";
import type { Narrative } from "./narrative";
import { beginTrace, type Stage, walk } from "./walk";

/**
 * Takes one training step and tells it: the forward and the backward pass, what the optimizer remembers, every weight
 * before and after, and the loss before and after: of the same forward pass, with the same units dropped and the batch's
 * own averages, where there are any. Network and optimizer are one step further then, as after
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
  const narrative = beginTrace("traceStep", network, input, options, LOSS_TRACE_OPTIONS);
  requireLoss("traceStep", loss);
  requireOptimizer("traceStep", optimizer);
  refuseInterrupted("traceStep");
  const parameters = [...new Set(network.parameters)];
  const old = parameters.map(({ value }) => value.clone());
  const undo = new Snapshot(network);
  const began = new Snapshot(network, { parameters: false });
  let whole = false;
  const narrate = (): string => {
    const stages = walk(network, input, new Pass({ training: true }));
    narrateForward(narrative, stages);
    const lossBefore = narrateBackward("traceStep", narrative, stages, target, loss, options);
    optimizer.step(parameters);

    narrative.begin("update", true);
    narrative.note(`${nameOf(optimizer)}, rate ${optimizer.learningRate}`, formulaOf(optimizer));
    const letters = lettersOf(stages);
    parameters.forEach((parameter, i) => {
      const letter = letters.get(parameter) ?? parameter.name;
      narrative.row(`${letter} before`, old[i]);
      for (const [name, kept] of Object.entries(optimizer.stateOf?.(parameter) ?? {})) {
        narrative.row(`${name} of ${letter}`, kept);
      }
      narrative.row(`${letter} after`, parameter.value);
    });

    const learned = new Snapshot(network, { parameters: false });
    narrateCheck(narrative, stages[stages.length - 1].outputName, lossBefore, () => {
      began.restore(); // like with like: the same units drop again, and the averages move from where they were
      try {
        const [prediction] = askLayer(network, input, new Pass({ training: true }));
        return { prediction, lossAfter: askLoss("traceStep", loss, prediction, target)[0] };
      } finally {
        learned.restore();
      }
    });
    whole = true;
    return narrative.toString();
  };
  return always(narrate, () => {
    if (!whole) undo.restore();
  });
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

/** What each of the library's optimizers does, with g for dL/dw. */
const FORMULAS: readonly (readonly [abstract new (...settings: never[]) => Optimizer, string])[] = [
  [GradientDescent, "w ← w − rate·g"],
  [Momentum, "v ← β·v + g,  w ← w − rate·v"],
  [Nesterov, "v ← β·v + g,  w ← w − rate·(g + β·v)"],
  [AdaGrad, "s ← s + g²,  w ← w − rate·g/(√s + ε)"],
  [RmsProp, "s ← ρ·s + (1 − ρ)·g²,  w ← w − rate·g/(√s + ε)"],
  [Adam, "m and v: running means of g and g²,  w ← w − rate·m̂/(√v̂ + ε)"],
  [AdamW, "w ← w − rate·λ·w, then as Adam"],
];

/** The optimizer's formula; none for a class of the reader's own, whatever it is called. */
function formulaOf(optimizer: Optimizer): string {
  const formula = FORMULAS.find(([kind]) => optimizer.constructor === kind)?.[1] ?? "";
  const { epsilonInsideRoot, biasCorrection } = optimizer as {
    epsilonInsideRoot?: boolean;
    biasCorrection?: boolean;
  };
  const rooted = epsilonInsideRoot === true ? formula.replace("(√s + ε)", "√(s + ε)") : formula;
  return biasCorrection === false ? rooted.replace("m̂/(√v̂ + ε)", "m/(√v + ε)") : rooted;
}

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
