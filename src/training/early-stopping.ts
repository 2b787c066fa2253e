/*
 * Early stopping: the moment when a network stops learning the subject and starts learning the examples by heart is
 * seen on data it does not learn from. The validation loss turns upwards; the weights from before the turn are kept.
 */
import type { AnyLayer } from "../core/core";
import { requireNumber, requireWhole } from "../numbers/errors";
import { aFunction, anything, flag, type OptionTable, requireOptions } from "../numbers/options";
import type { EarlyStoppingOptions, EpochReport } from "./contract";
import { Snapshot } from "./snapshot";

const OPTIONS: OptionTable<EarlyStoppingOptions> = {
  patience: anything,
  minimumImprovement: anything,
  watch: aFunction("a function of an epoch's report"),
  restoreBest: flag,
};

/** Watches a training run, an epoch at a time, and remembers its best. */
export class EarlyStopping {
  /** The epoch with the smallest watched number so far; 0 before the first. */
  bestEpoch = 0;
  /** The smallest watched number so far. */
  best = Infinity;
  private waited = 0;
  /** What was best; and a spare to write the next best into, so that there is always a whole one. */
  private snapshot: Snapshot;
  private spare: Snapshot;

  /** @throws ValueError for a patience that is not a whole number of at least 1 */
  constructor(
    network: AnyLayer,
    private readonly options: EarlyStoppingOptions,
  ) {
    requireOptions("earlyStopping", options, OPTIONS);
    requireWhole("earlyStopping", "the patience", options.patience);
    requireNumber("earlyStopping", "the minimum improvement", options.minimumImprovement ?? 0, { from: 0 });
    this.snapshot = new Snapshot(network, { generators: false });
    this.spare = new Snapshot(network, { generators: false });
  }

  /** Takes note of an epoch. Returns true when the patience is at its end. */
  isOver(report: EpochReport): boolean {
    const watched = this.options.watch?.(report) ?? report.validationLoss ?? report.loss;
    if (watched < this.best - (this.options.minimumImprovement ?? 0)) {
      this.spare.save();
      [this.snapshot, this.spare] = [this.spare, this.snapshot];
      this.best = watched;
      this.bestEpoch = report.epoch;
      this.waited = 0;
    } else {
      this.waited += 1;
    }
    return this.waited >= this.options.patience;
  }

  /** Puts the best weights back, unless the options say otherwise. */
  finish(): void {
    if (this.bestEpoch > 0 && this.options.restoreBest !== false) this.snapshot.restore();
  }
}
