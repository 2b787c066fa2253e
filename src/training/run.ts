/*
 * A training run on its way: what it has lent from the optimizer and must give back, where it stands, and how it ends.
 */
import { type AnyLayer, Pass } from "../core/core";
import {
  afterwards,
  GuardedTurns,
  InterruptedError,
  onInterrupt,
  refuseInterrupted,
} from "../core/interrupts";
import type { Engine } from "../numbers/engine";
import { requireNumber } from "../numbers/errors";
import { plain } from "../numbers/kernels/plain-engine";
import type { Columns } from "../numbers/ragged";
import { Batches } from "./batches";
import type { Ending, EpochReport, FitOptions, StopReason } from "./contract";
import type { EarlyStopping } from "./early-stopping";
import { Epoch } from "./epoch";
import { moveHome } from "./residence";
import { Stepper } from "./step";

export class Run {
  private readonly engine: Engine;
  private readonly ownRate: number;
  private readonly batches: Batches;
  private readonly stepper: Stepper;
  private readonly validationPass: Pass;
  private epochs = 0;
  private steps = 0;
  private state: "running" | "failed" | "interrupted" | "over" = "running";

  constructor(
    private readonly owner: string,
    private readonly network: AnyLayer,
    private readonly options: FitOptions<Columns>,
    private readonly stopping: EarlyStopping | undefined,
  ) {
    this.ownRate = options.optimizer.learningRate;
    this.engine = options.engine ?? plain;
    this.batches = new Batches(options, this.engine);
    this.stepper = new Stepper(owner, network, options);
    this.validationPass = new Pass({ engine: this.engine });
  }

  /** An epoch a turn. */
  *turns(): Generator<EpochReport, Ending, void> {
    const forget = onInterrupt(this.cut);
    const guard = new GuardedTurns();
    try {
      while (this.epochs < this.options.epochs) {
        const turn = guard.run(() => this.turn(), this.cut);
        if (turn === undefined) return this.ending("aborted");
        // A cell that is killed between two turns never comes back: then the rate is given back without it.
        const cancel = afterwards(this.giveRateBack);
        try {
          yield turn.report;
        } finally {
          cancel();
        }
        if (turn.stop !== undefined) return this.ending(turn.stop);
      }
      return this.ending("finished");
    } catch (error) {
      if (this.state === "running") this.state = "failed";
      throw error;
    } finally {
      forget();
      this.end();
    }
  }

  /** One epoch, and whether it is to be the last. Undefined when the signal cut it short. */
  private turn(): { readonly report: EpochReport; readonly stop: StopReason | undefined } | undefined {
    refuseInterrupted(this.owner);
    if (this.state === "interrupted") {
      throw new InterruptedError(`${this.owner}: this run was interrupted. Begin a new one.`);
    }
    const report = this.epoch();
    if (report === undefined) return undefined;
    const over = this.stopping?.isOver(report);
    const goOn = this.options.onEpoch?.(report);
    return { report, stop: goOn === false ? "callback" : over ? "early" : undefined };
  }

  private epoch(): EpochReport | undefined {
    const { optimizer, schedule, scheduleEvery = "epoch", signal } = this.options;
    const { batches, stepper } = this;
    const epoch = new Epoch(this.owner, this.options, batches.targetCount);
    batches.shuffle();
    for (let from = 0; from < batches.examples; from += batches.size) {
      if (signal?.aborted) return undefined;
      if (schedule !== undefined) {
        const rate = schedule(scheduleEvery === "step" ? this.steps : this.epochs);
        optimizer.learningRate = requireNumber(this.owner, "the rate that the schedule gives", rate, {
          from: 0,
        });
      }
      const { X, Y, weights, weight } = batches.take(from, stepper.pass);
      if (weight === 0) continue; // all of it is masked: there is nothing to learn
      epoch.add(stepper.step(X, Y, weights, epoch.look), weight);
      this.steps += 1;
    }
    this.epochs += 1;
    return epoch.report(this.epochs, this.network, this.validationPass);
  }

  /** Ends the run where it stands: the kernel has stopped whoever drove it. */
  readonly cut = (): void => {
    if (this.state !== "running") return;
    this.stepper.cut();
    this.tidyUp();
    this.state = "interrupted";
  };

  /** Gives back what it lent. After a failure, the weights stay as they were before the step that failed. */
  private end(): void {
    if (this.state === "running" || this.state === "failed") this.tidyUp();
    this.state = "over";
  }

  private tidyUp(): void {
    const { engine, network, options, stepper, validationPass, batches } = this;
    this.giveRateBack();
    if (this.state === "running") this.stopping?.finish();
    moveHome(engine, network, options.optimizer);
    for (const part of [stepper.pass, validationPass, batches]) part.free();
  }

  private readonly giveRateBack = (): void => {
    if (this.options.schedule !== undefined) this.options.optimizer.learningRate = this.ownRate;
  };

  private ending(stopped: StopReason): Ending {
    return this.stopping === undefined ? { stopped } : { stopped, bestEpoch: this.stopping.bestEpoch };
  }
}
