// npm run bench: training runs against TensorFlow.js, taking turns, medians of five, and ratios.
// `-- --json` prints one JSON object a line; `-- --quick` leaves out TensorFlow.js's slow plain JavaScript backend;
// `-- W5 products` measures only these.
import { runBundled } from "../lib/bundle.mjs";

/** @param {string[]} args */
export default async function main(args) {
  const options = {
    json: args.includes("--json"),
    quick: args.includes("--quick"),
    only: args.filter((arg) => !arg.startsWith("--")),
  };
  process.exitCode = await runBundled("bench", "tests/bench/main.ts", options);
}
