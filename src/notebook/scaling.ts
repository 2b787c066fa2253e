// What the figures of the scaling plot in notebook 17 say; `npm run scaling` makes them, in scaling-data.ts.

/** One size of the small GPT. */
export interface ScalingRun {
  readonly width: number;
  readonly parameters: number;
  /** Characters that it read while training. */
  readonly tokens: number;
  /** Multiplications of the whole training, forward and back. */
  readonly multiplications: number;
  /** Loss on chapters that were kept aside, nats a character; one for each seed. */
  readonly losses: readonly number[];
}

/** What was trained, by what recipe, on what; the loss of a table of pairs; and what came out, from the smallest size on. */
export interface ScalingData {
  readonly text: string;
  readonly setting: {
    readonly vocabulary: number;
    readonly blocks: number;
    readonly heads: number;
    readonly context: number;
    /** Windows in a batch. */
    readonly sequences: number;
    readonly steps: number;
    readonly rate: number;
    /** Steps of the warm-up; a cosine follows. */
    readonly warmUp: number;
    /** The gradient's longest length. */
    readonly clip: number;
    readonly engine: string;
  };
  readonly seeds: readonly number[];
  readonly floor: number;
  readonly runs: readonly ScalingRun[];
}
