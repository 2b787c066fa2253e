// npm run scaling: trains every size from every seed, and writes what came out to where notebook 17 reads it.
import { writeFileSync } from "node:fs";
import { simd } from "glassbox";
import type { ScalingData } from "../../src/notebook/scaling";
import { ENGINE, flooredAt, multiplications, runOf, SEEDS, SETTING, WIDTHS } from "./train";

/** The figures' file: a module, so that notebooks and pages have it without reading a file. */
const moduleOf = (data: ScalingData): string =>
  `// The figures of the scaling plot in notebook 17. \`npm run scaling\` makes this file anew; nothing in it is written by hand.
import type { ScalingData } from "./scaling";

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
