/*
 * Early stopping: the moment when a network stops learning the subject and starts learning the examples by heart is
 * seen on data it does not learn from. The validation loss turns upwards; the weights from before the turn are kept.
 */
import type { AnyLayer } from "../core/core";
import { describe, requireWhole, ValueError } from "../numbers/errors";
import { aFunction, anything, flag, inside, numberIn, type OptionTable } from "../numbers/options";
import type { EarlyStoppingOptions, EpochReport } from "./contract";
import { Snapshot } from "./snapshot";

const OPTIONS: OptionTable<EarlyStoppingOptions> = {
  patience: anything,
  minimumImprovement: numberIn({ from: 0 }),
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

  /**
   * @param owner whose option it is, for error messages
   * @throws ValueError for a patience that is not a whole number of at least 1
   */
  constructor(
    private readonly owner: string,
    network: AnyLayer,
    private readonly options: EarlyStoppingOptions,
  ) {
    inside(OPTIONS)(owner, "earlyStopping", options);
    requireWhole(owner, "earlyStopping.patience", options.patience);
    this.snapshot = new Snapshot(network, { generators: false });
    this.spare = new Snapshot(network, { generators: false });
  }

  /** Takes note of an epoch. Returns true when the patience is at its end. */
  isOver(report: EpochReport): boolean {
    const { watch } = this.options;
    const watched = watch === undefined ? (report.validationLoss ?? report.loss) : watch(report);
    if (typeof watched !== "number" || Number.isNaN(watched)) {
      throw new ValueError(
        `${this.owner}: expected earlyStopping.watch to return a number, got ${describe(watched)}.`,
      );
    }
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
