// npm run bench: training runs against TensorFlow.js, taking turns, medians of five, and ratios.
// `-- --json` prints one JSON object a line; `-- --quick` leaves out TensorFlow.js's slow plain JavaScript backend.
import { bundle } from "../lib/bundle.mjs";

/** @param {string[]} args */
export default async function main(args) {
  const { main: bench } = await bundle("bench", "tests/bench/main.ts");
  await bench({ json: args.includes("--json"), quick: args.includes("--quick") });
}
