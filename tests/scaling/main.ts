// npm run scaling: trains every size from every seed, and writes what came out to where notebook 17 reads it.
import { writeFileSync } from "node:fs";
import { simd } from "glassbox";
import { ENGINE, flooredAt, multiplications, runOf, SEEDS, SETTING, WIDTHS } from "./train";

/** The figures' file: a module, so that notebooks and pages have it without reading a file. */
const moduleOf = (data: object): string =>
  `// The figures of the scaling plot in notebook 17. \`npm run scaling\` makes this file anew; nothing in it is written by hand.

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

export const scalingData: ScalingData = ${JSON.stringify(data, null, 2)};
`;

export async function main({ file }: { file: string }): Promise<number> {
  const runs = [];
  for (const width of WIDTHS) {
    const started = performance.now();
    const engine = await simd(ENGINE); // one a size: what a network learns stays in the engine's memory until it is closed
    const run = runOf(width, engine);
    engine.close();
    runs.push(run);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const counts = `${run.parameters.toLocaleString("en-US")} parameters, ${multiplications(width).toExponential(1)} multiplications`;
    console.log(
      `width ${String(width).padStart(2)}  ${counts}  loss ${run.losses.join(" ")}  (${seconds} s)`,
    );
  }
  const data = { text: "Moby-Dick", setting: SETTING, seeds: SEEDS, floor: flooredAt(), runs };
  writeFileSync(file, moduleOf(data));
  console.log(`Written to ${file}.`);
  return 0;
}
