/*
 * The way back, told layer by layer: how much of the blame for the loss each number carries. Every line is one link of
 * the chain rule.
 */
import { activationKind } from "../../activations/kinds";
import { askLoss, requireLoss } from "../../core/answers";
import { type Layer, type Loss, type Parameter, Pass, zeroGradients } from "../../core/core";
import { always } from "../../core/interrupts";
import { Activation } from "../../layers/activation";
import { Dense } from "../../layers/dense";
import { formatFixed } from "../../numbers/format";
import { Matrix, requireMatrix } from "../../numbers/matrix";
import { type OptionTable, text } from "../../numbers/options";
import { narrateForward } from "./forward";
import { type Narrative, shapeOf } from "./narrative";
import { beginTrace, type Stage, TRACE_OPTIONS, type TraceOptions, walk } from "./walk";

export interface LossTraceOptions extends TraceOptions {
  /** How the loss is called; its function's name, in words, when left out. */
  readonly lossName?: string;
}

export const LOSS_TRACE_OPTIONS: OptionTable<LossTraceOptions> = { ...TRACE_OPTIONS, lossName: text };

/**
 * A forward and a backward pass as text: the loss, and the slope of the loss along every intermediate value, weight and
 * bias. The network is left as it was, gradients included.
 * @param input X, (features × m)
 * @param target Y, (outputs × m)
 */
export function traceBackward(
  network: Layer,
  input: Matrix,
  target: Matrix,
  loss: Loss,
  options: LossTraceOptions = {},
): string {
  const narrative = beginTrace("traceBackward", network, input, options, LOSS_TRACE_OPTIONS);
  requireLoss("traceBackward", loss);
  const parameters = [...new Set(network.parameters)];
  const before = parameters.map(({ gradient }) => gradient.clone());
  const narrate = (): void => {
    const stages = walk(network, input, new Pass());
    narrateForward(narrative, stages);
    narrateBackward("traceBackward", narrative, stages, target, loss, options);
  };
  always(narrate, () => {
    parameters.forEach(({ gradient }, i) => {
      gradient.copyFrom(before[i]);
    });
  });
  return narrative.toString();
}

/**
 * Tells the way back, from the loss to the first layer; leaves the sum of all slopes in the parameters' gradients.
 * @returns the loss
 */
export function narrateBackward(
  owner: string,
  narrative: Narrative,
  stages: readonly Stage[],
  target: Matrix,
  loss: Loss,
  options: LossTraceOptions,
): number {
  const last = stages[stages.length - 1];
  const [value, dPrediction] = askLoss(owner, loss, last.output, target);
  narrative.begin("loss", true);
  narrative.row("Y", target);
  narrative.row(`L = ${options.lossName ?? inWords(loss.name)}(${last.outputName}, Y)`, value);
  narrative.row(`dL/d${last.outputName}`, dPrediction, remarkOnPrediction(dPrediction));

  const parameters = [...new Set(stages.flatMap(({ layer }) => layer.parameters))];
  const totals = parameters.map(({ gradient }) => new Matrix(gradient.rows, gradient.columns));
  let slope = dPrediction;
  for (let i = stages.length - 1; i >= 0; i--) {
    const stage = stages[i];
    zeroGradients(parameters); // so that a layer used twice is shown one use at a time
    const back: unknown = stage.backward(slope);
    requireMatrix(stage.layer.name, back, "the backward pass to return dL/dinput as a Matrix");
    const next = back.clone();
    if (opensSection(stages, i)) narrative.begin(`layer ${stage.number}`);
    if (stage.layer instanceof Dense) narrateDense(narrative, stage, stage.layer, next, i === 0);
    else narrateOther(narrative, stage, next);
    parameters.forEach(({ gradient }, k) => {
      for (let j = 0; j < gradient.size; j++) totals[k].data[j] += gradient.data[j];
    });
    slope = next;
  }
  parameters.forEach(({ gradient }, k) => {
    gradient.copyFrom(totals[k]);
  });
  return value;
}

/** Going back, a layer is first met at its last part. */
function opensSection(stages: readonly Stage[], i: number): boolean {
  return stages[i].number > 0 && stages[i + 1]?.number !== stages[i].number;
}

function narrateDense(
  narrative: Narrative,
  { number: k, inputName, outputName, input, output }: Stage,
  layer: Dense,
  dInput: Matrix,
  isFirst: boolean,
): void {
  const { weights, bias } = layer;
  narrative.note(
    `dL/dW${k} = dL/d${outputName}·${inputName}ᵀ`,
    `${shapeOf(output)}·(${input.columns}×${input.rows}) → ${shapeOf(weights.gradient)}`,
  );
  narrative.row(`dL/dW${k}`, weights.gradient, remarkOnWeights(weights));
  narrative.row(
    `dL/db${k}`,
    bias.gradient,
    output.columns === 1 ? `the blame of ${outputName} itself` : `summed over ${output.columns} examples`,
  );
  narrative.row(
    `dL/d${inputName} = W${k}ᵀ·dL/d${outputName}`,
    dInput,
    isFirst ? "what the inputs would have to do; nobody moves them" : "",
  );
}

function narrateOther(
  narrative: Narrative,
  { layer, inputName, outputName, input }: Stage,
  dInput: Matrix,
): void {
  if (!(layer instanceof Activation)) {
    for (const { name, gradient } of layer.parameters) narrative.row(`dL/d${name}`, gradient);
    narrative.row(`dL/d${inputName}`, dInput, `through ${layer.name}`);
    return;
  }
  const derivative = input.map((z) => layer.activation.derivative(z));
  narrative.row(`${layer.activation.name}′(${inputName})`, derivative, remarkOnSlope(layer, derivative));
  narrative.row(`dL/d${inputName} = dL/d${outputName} ⊙ ${layer.activation.name}′`, dInput);
}

function remarkOnPrediction(slope: Matrix): string {
  if (slope.size !== 1) return "";
  const [value] = slope.data;
  if (value === 0) return "no reason to change: the prediction is right";
  return `raising the prediction ${value < 0 ? "lowers" : "raises"} the loss`;
}

function remarkOnSlope(layer: Activation, derivative: Matrix): string {
  const closed = derivative.data.filter((slope) => slope === 0).length;
  if (closed > 0) return `${closed} of ${derivative.size} let nothing through`;
  const largest = derivative.data.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
  if (activationKind(layer.activation) === "sigmoid" && largest < 0.01)
    return `saturated: at most ${formatFixed(largest, 4)} of the slope comes through`;
  return "";
}

/** Which way the weights should go, and which of them matters most. */
function remarkOnWeights({ gradient }: Parameter): string {
  const { data, rows } = gradient;
  const blamed = data.filter((slope) => slope !== 0).length;
  if (blamed === 0) return "no blame: nothing will change";
  let steepest = 0;
  for (let i = 1; i < data.length; i++) if (Math.abs(data[i]) > Math.abs(data[steepest])) steepest = i;
  const effect = data[steepest] < 0 ? "lowers" : "raises";
  if (data.length === 1) return `raising the weight ${effect} the loss`;
  const agree = data.every((slope) => slope !== 0 && slope < 0 === data[steepest] < 0);
  if (data.length === 2 && agree) {
    const times = Math.abs(data[steepest] / data[1 - steepest]);
    const faster =
      times < 1.05
        ? "equally fast"
        : `the ${["first", "second"][steepest]}, ${times.toFixed(1)} times as fast`;
    return `raising either weight ${effect} the loss; ${faster}`;
  }
  const place = `(${(steepest % rows) + 1}, ${Math.floor(steepest / rows) + 1})`;
  return agree
    ? `raising any of them ${effect} the loss; most of all the one at ${place}`
    : `the steepest is at ${place}: raising it ${effect} the loss`;
}

/** "meanSquaredError" → "mean squared error". */
function inWords(name: string): string {
  return name === "" ? "loss" : name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}
