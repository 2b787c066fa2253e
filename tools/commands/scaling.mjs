// npm run scaling: trains the small GPT of notebook 16 in several sizes and writes the figures that notebook 17 draws, to
// src/notebook/scaling-data.ts. Some minutes.
import { join } from "node:path";
import { runBundled } from "../lib/bundle.mjs";
import { fixSourceStyle } from "../lib/check/style.mjs";
import { root } from "../lib/paths.mjs";

export default async function main() {
  const file = join(root, "src/notebook/scaling-data.ts");
  process.exitCode = await runBundled("scaling", "tests/scaling/main.ts", { file });
  if (process.exitCode === 0) fixSourceStyle();
}
