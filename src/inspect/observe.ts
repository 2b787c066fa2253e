/*
 * A window into a network: wraps any layer and reports what flows through it, forward and back, without changing a
 * number. This is how gradient norms by layer, histograms of activations and maps of hidden units are drawn.
 */
import { askLayer } from "../core/answers";
import { type Backward, type Layer, type Parameter, Pass, type Statistic } from "../core/core";
import { nameFrom, requireLayer } from "../layers/checks";
import { Sequential } from "../layers/sequential";
import { describe, ValueError } from "../numbers/errors";
import type { Matrix } from "../numbers/matrix";
import type { Random } from "../numbers/random";

/**
 * What an observer is shown. The matrices are the network's own buffers: look, do not write, and `clone()` what must
 * outlive the step.
 */
export interface Observation {
  /** The name of the layer that is observed. */
  readonly layer: string;
  readonly training: boolean;
  /** X, (inputs × m) */
  readonly input: Matrix;
  /** Y, (outputs × m): the activations */
  readonly output: Matrix;
}

export interface BackwardObservation extends Observation {
  /** dL/dY, (outputs × m) */
  readonly dOutput: Matrix;
  /** dL/dX, (inputs × m); empty, 0 × 0, for the first layer when nobody asked for it */
  readonly dInput: Matrix;
}

/** Whoever wants to know. Either half may be left out. */
export interface Observer {
  onForward?(seen: Observation): void;
  onBackward?(seen: BackwardObservation): void;
}

/** The layer inside, unchanged, reporting each forward and backward pass to an observer. */
export class Observe implements Layer {
  readonly name: string;
  readonly inner: Layer;
  readonly parameters: readonly Parameter[];
  readonly statistics: readonly Statistic[];
  readonly generators: readonly Random[];
  private readonly observer: Observer;

  constructor(inner: Layer, observer: Observer, options: { readonly name?: string } = {}) {
    requireLayer("Observe", "a layer to observe", inner);
    this.name = nameFrom("Observe", options, inner.name);
    if (typeof observer !== "object" || observer === null) {
      throw new ValueError(
        `Observe "${this.name}": expected an observer such as { onForward({ output }) { … } }, got ${describe(observer)}.`,
      );
    }
    for (const half of ["onForward", "onBackward"] as const) {
      if (observer[half] !== undefined && typeof observer[half] !== "function") {
        throw new ValueError(
          `Observe "${this.name}": expected ${half} to be a function, got ${describe(observer[half])}.`,
        );
      }
    }
    this.inner = inner;
    this.observer = observer;
    this.parameters = inner.parameters;
    this.statistics = inner.statistics ?? [];
    this.generators = inner.generators ?? [];
  }

  outputRows(rows: number | undefined, examples?: number): number | undefined {
    return this.inner.outputRows?.(rows, examples);
  }

  forward(input: Matrix, pass: Pass = new Pass()): readonly [Matrix, Backward] {
    const [output, innerBackward] = askLayer(this.inner, input, pass);
    const seen: Observation = { layer: this.name, training: pass.training, input, output };
    this.observer.onForward?.(seen);
    const backward: Backward = pass.wayBack((dOutput) => {
      const dInput = innerBackward(dOutput);
      this.observer.onBackward?.({ ...seen, dOutput, dInput });
      return dInput;
    });
    return [output, backward];
  }
}

/**
 * The same layers, parameters shared, each one observed: `observed(network, new Recorder())`. Layers of one name are
 * told apart by a number: "ReLU", "ReLU 2".
 */
export function observed(network: Sequential, observer: Observer): Sequential {
  if (!(network instanceof Sequential)) {
    throw new ValueError(`observed: expected a Sequential network, got ${describe(network)}.`);
  }
  const seen = new Map<string, number>();
  const layers = network.layers.map((layer) => {
    const count = (seen.get(layer.name) ?? 0) + 1;
    seen.set(layer.name, count);
    return new Observe(layer, observer, { name: count === 1 ? layer.name : `${layer.name} ${count}` });
  });
  return new Sequential(layers, { name: network.name });
}
