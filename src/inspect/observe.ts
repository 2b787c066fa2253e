/*
 * A window into a network: wraps any layer and reports what flows through it, forward and back, without changing a
 * number. This is how gradient norms by layer, histograms of activations and maps of hidden units are drawn.
 */
import { askLayer, nextOf, requireLayer, startLayer } from "../core/answers";
import {
  type AnyLayer,
  type Backward,
  type Layer,
  type Parameter,
  Pass,
  type SequenceOf,
  type Statistic,
} from "../core/core";
import { admit } from "../layers/door";
import { Sequential } from "../layers/sequential";
import { describe, ValueError } from "../numbers/errors";
import type { Ids } from "../numbers/ids";
import type { Matrix } from "../numbers/matrix";
import { aFunction, type OptionTable, requireOptions, text } from "../numbers/options";
import { type Columns, columnsOf, type Ragged } from "../numbers/ragged";
import type { Random } from "../numbers/random";

/**
 * What an observer is shown. The matrices are the network's own buffers: look, do not write, and `clone()` what must
 * outlive the step.
 */
export interface Observation<Seen extends Matrix | Ids = Matrix> {
  /** The name of the layer that is observed. */
  readonly layer: string;
  readonly training: boolean;
  /** X, (inputs × m), or ids; of sequences, side by side */
  readonly input: Seen;
  /** Y, (outputs × m): the activations */
  readonly output: Matrix;
}

export interface BackwardObservation<Seen extends Matrix | Ids = Matrix> extends Observation<Seen> {
  /** dL/dY, (outputs × m) */
  readonly dOutput: Matrix;
  /** dL/dX, (inputs × m); empty, 0 × 0, for the first layer when nobody asked for it; undefined for ids */
  readonly dInput: Matrix;
}

/** Whoever wants to know. Either half may be left out. */
export interface Observer<Seen extends Matrix | Ids = Matrix> {
  onForward?(seen: Observation<Seen>): void;
  onBackward?(seen: BackwardObservation<Seen>): void;
}

const HALVES: OptionTable<Observer> = {
  onForward: aFunction("a function"),
  onBackward: aFunction("a function"),
};
/** The columns or ids of what a layer takes. */
type TokensOf<In extends Columns> =
  In extends Ragged<infer Tokens> ? Tokens : In extends Matrix | Ids ? In : never;

/** The layer inside, unchanged, reporting each forward and backward pass to an observer. */
export class Observe<In extends Columns = Matrix, Out extends Matrix | Ragged = Matrix>
  implements Layer<In, Out>
{
  readonly name: string;
  readonly inner: Layer<In, Out>;
  readonly parameters: readonly Parameter[];
  readonly statistics: readonly Statistic[];
  readonly generators: readonly Random[];
  readonly takesSequences: boolean;
  private readonly observer: Observer<TokensOf<In>>;

  constructor(
    inner: Layer<In, Out>,
    observer: Observer<TokensOf<In>>,
    options: { readonly name?: string } = {},
  ) {
    requireLayer("Observe", "a layer to observe", inner);
    this.name = admit("Observe", options, { name: text }, inner.name);
    if (typeof observer !== "object" || observer === null) {
      throw new ValueError(
        `Observe "${this.name}": expected an observer such as { onForward({ output }) { … } }, got ${describe(observer)}.`,
      );
    }
    const owner = `Observe "${this.name}"`;
    // an observer may have members of its own; what looks like a half of ours is one, or a slip
    const halves = Object.entries(observer).filter(([member]) => /^on[A-Z]/.test(member));
    const { onForward, onBackward } = observer; // of a class, perhaps
    requireOptions(owner, { onForward, onBackward, ...Object.fromEntries(halves) }, HALVES);
    this.inner = inner;
    this.observer = observer;
    this.parameters = inner.parameters;
    this.statistics = inner.statistics ?? [];
    this.generators = inner.generators ?? [];
    this.takesSequences = inner.takesSequences === true;
  }

  outputRows(rows: number | undefined, examples?: number): number | undefined {
    return this.inner.outputRows?.(rows, examples);
  }

  forward(input: In, pass: Pass = new Pass()): readonly [Out, Backward<In, Out>] {
    const [output, innerBackward] = askLayer<In, Out>(this.inner, input, pass);
    const seen: Observation<TokensOf<In>> = {
      layer: this.name,
      training: pass.training,
      input: columnsOf(input) as TokensOf<In>,
      output: columnsOf(output),
    };
    this.observer.onForward?.(seen);
    const backward = pass.wayBack((dOutput: Matrix) => {
      const dInput = (innerBackward as unknown as Backward)(dOutput);
      this.observer.onBackward?.({ ...seen, dOutput, dInput });
      return dInput;
    });
    return [output, backward as unknown as Backward<In, Out>];
  }

  start(): unknown {
    return startLayer(this.inner);
  }

  next(input: SequenceOf<In>, state: unknown, pass: Pass = new Pass()): Matrix {
    return nextOf(this.inner, input as Matrix | Ids, state, pass);
  }
}

/**
 * The same layers, parameters shared, each one observed: `observed(network, new Recorder())`. Layers of one name are
 * told apart by a number: "ReLU", "ReLU 2".
 */
export function observed<In = Matrix, Out = Matrix>(
  network: Sequential<In, Out>,
  observer: Observer,
): Sequential<In, Out> {
  if (!(network instanceof Sequential)) {
    throw new ValueError(`observed: expected a Sequential network, got ${describe(network)}.`);
  }
  const seen = new Map<string, number>();
  const layers = network.layers.map((layer: AnyLayer) => {
    const count = (seen.get(layer.name) ?? 0) + 1;
    seen.set(layer.name, count);
    return new Observe(layer, observer, { name: count === 1 ? layer.name : `${layer.name} ${count}` });
  });
  return new Sequential<In, Out>(layers, { name: network.name });
}
