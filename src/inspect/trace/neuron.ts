/*
 * One neuron, told step by step: what each input contributes, what they come to, which way the bias leans, and what the
 * activation makes of it.
 */
import type { ActivationFunction } from "../../activations/activation-function";
import { activationKind } from "../../activations/kinds";
import { step } from "../../activations/step";
import { describe, requireNumber, ShapeError, ValueError } from "../../numbers/errors";
import { alignPoints, formatExact, formatFixed, widest } from "../../numbers/format";
import {
  anything,
  finite,
  listOf,
  type OptionTable,
  requireOptions,
  text,
  whole,
} from "../../numbers/options";

export interface NeuronTraceOptions {
  readonly inputs: readonly number[];
  /** One an input. */
  readonly weights: readonly number[];
  readonly bias: number;
  /** The step function when left out. */
  readonly activation?: ActivationFunction;
  /** What the inputs are; "x1", "x2", … when left out. */
  readonly features?: readonly string[];
  /** What 0 and 1 mean: ["no", "yes"] when left out. */
  readonly decisions?: readonly [no: string, yes: string];
  /** Decimals; 4 when left out. */
  readonly digits?: number;
}

const OPTIONS: OptionTable<NeuronTraceOptions> = {
  inputs: anything,
  weights: anything,
  bias: anything,
  activation(owner, what, value) {
    if (typeof (value as { apply?: unknown } | null)?.apply === "function") return;
    throw new ValueError(`${owner}: expected ${what} to be a function such as step, got ${describe(value)}.`);
  },
  features: listOf("names", text),
  decisions: listOf("words", text),
  digits: whole(0, 20),
};

/**
 * The whole way from the inputs to the decision, as text.
 * @throws ShapeError when inputs, weights and names differ in number; ValueError for NaN and ∞
 */
export function traceNeuron(options: NeuronTraceOptions): string {
  const {
    inputs,
    weights,
    bias,
    activation = step,
    digits = 4,
    decisions = ["no", "yes"],
  } = checked(options);
  const [no, yes] = decisions;
  const names = options.features ?? inputs.map((_, i) => `x${i + 1}`);
  const contributions = inputs.map((x, i) => x * weights[i]);
  const sum = contributions.reduce((total, value) => total + value, 0);
  const z = sum + bias;
  const a: unknown = activation.apply(z);
  if (typeof a !== "number") {
    throw new ValueError(`traceNeuron: expected ${activation.name}(z) to be a number, got ${describe(a)}.`);
  }

  const xs = alignPoints(inputs.map(formatExact));
  const ws = alignPoints(weights.map(formatExact));
  const products = inputs.map((_, i) => `${xs[i]}  ×  ${ws[i]}`);
  const left = widest([...names, "weighted sum", `a = ${activation.name}(z)`]);
  const middle = widest(products);
  const values = [...contributions, sum, bias, z, a].map((value) => formatFixed(value, digits));
  const right = widest(values);
  const line = (name: string, product: string, value: string, remark: string): string =>
    `${name.padEnd(left)}   ${product.padEnd(middle)}   ${product === "" ? " " : "="}  ${value.padStart(right)}   ${remark}`.trimEnd();
  const rule = `${" ".repeat(left + middle + 9)}${"─".repeat(right)}`;
  const pushes = (value: number): string =>
    value === 0 ? "does not matter here" : `pushes towards ${value > 0 ? yes : no}`;
  const n = contributions.length;
  return [
    ...contributions.map((value, i) => line(names[i], products[i], values[i], pushes(value))),
    rule,
    line("weighted sum", "", values[n], ""),
    line(
      "+ bias",
      "",
      values[n + 1],
      bias === 0 ? "leans neither way" : `leans towards ${bias > 0 ? yes : no}`,
    ),
    line("z", "", values[n + 2], ""),
    line(`a = ${activation.name}(z)`, "", values[n + 3], verdict(z, a, activation, decisions)),
  ].join("\n");
}

function verdict(
  z: number,
  a: number,
  activation: ActivationFunction,
  [no, yes]: readonly [string, string],
): string {
  if (activationKind(activation) === "step")
    return z > 0 ? `z is above 0: ${yes}` : `z is not above 0: ${no}`;
  if (activationKind(activation) === "sigmoid") {
    const percent = Number((100 * Math.max(a, 1 - a)).toPrecision(3));
    return `${a > 0.5 ? yes : no}, and ${percent} % sure`;
  }
  return "";
}

function checked(options: NeuronTraceOptions): NeuronTraceOptions {
  const owner = "traceNeuron";
  requireOptions(owner, options, OPTIONS);
  const { inputs, weights, features, decisions } = options;
  for (const [what, list] of Object.entries({ inputs, weights }))
    listOf("numbers", finite)(owner, what, list);
  if (inputs.length === 0) throw new ShapeError(`${owner}: expected at least one input, got none.`);
  if (weights.length !== inputs.length || (features ?? inputs).length !== inputs.length) {
    throw new ShapeError(
      `${owner}: expected one weight and one name an input; there are ${inputs.length} inputs, ` +
        `${weights.length} weights and ${(features ?? inputs).length} names.`,
    );
  }
  requireNumber(owner, "the bias", options.bias);
  if (decisions !== undefined && decisions.length !== 2) {
    throw new ValueError(`${owner}: expected two decisions, such as ["reject", "approve"].`);
  }
  // numbers that lie in a typed array would stay numbers where they are to become words
  return { ...options, inputs: Array.from(inputs), weights: Array.from(weights) };
}
