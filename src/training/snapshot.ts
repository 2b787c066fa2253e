/*
 * A snapshot sets aside what a network knows, so that it can be put back: the best weights of early stopping, a step
 * that failed, a trial run that should leave no trace.
 */

import { requireLayer } from "../core/answers";
import type { AnyLayer } from "../core/core";
import { weightsChange } from "../core/weights";
import type { Matrix } from "../numbers/matrix";
import { flag, type OptionTable, requireOptions } from "../numbers/options";
import type { Random } from "../numbers/random";

export interface SnapshotOptions {
  /** What the network has learned; true when left out. */
  readonly parameters?: boolean;
  /** Where its generators stand (dropout); true when left out. */
  readonly generators?: boolean;
}

const OPTIONS: OptionTable<SnapshotOptions> = { parameters: flag, generators: flag };

/** A copy of a network's parameters, statistics and generators. It copies into the same buffers every time. */
export class Snapshot {
  private readonly matrices: readonly { readonly from: Matrix; readonly copy: Matrix }[];
  private readonly generators: readonly { readonly from: Random; readonly copy: Random }[];

  /** Sets aside what the network knows now. Gradients are not part of it. */
  constructor(network: AnyLayer, options: SnapshotOptions = {}) {
    requireLayer("Snapshot", "a network", network);
    requireOptions("Snapshot", options, OPTIONS);
    const { parameters = true, generators = true } = options;
    const kept = [...(parameters ? network.parameters : []), ...(network.statistics ?? [])];
    this.matrices = [...new Set(kept)].map(({ value }) => ({ from: value, copy: value.clone() }));
    const drawing = generators ? new Set(network.generators ?? []) : [];
    this.generators = [...drawing].map((random) => ({ from: random, copy: random.clone() }));
  }

  /** Sets aside what the network knows now, in place of what was set aside before. */
  save(): void {
    for (const { from, copy } of this.matrices) copy.data.set(from.data);
    for (const { from, copy } of this.generators) copy.copyFrom(from);
  }

  /** Puts back what was set aside. It can be put back as often as needed. */
  restore(): void {
    weightsChange();
    for (const { from, copy } of this.matrices) from.data.set(copy.data);
    for (const { from, copy } of this.generators) from.copyFrom(copy);
  }
}
