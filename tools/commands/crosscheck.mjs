// npm run crosscheck: the library against TensorFlow.js, numerical slopes and NumPy's numbers, in one table.
// `-- --json` prints one JSON object a line; `-- --reference wasm` forces a backend; `-- --only networks` runs the
// chapters with that in their title. Exit code 1 when a check fails.
import { runBundled } from "../lib/bundle.mjs";
import { Finding, Problem } from "../lib/problem.mjs";

/** @param {string[]} args */
export default async function main(args) {
  const json = args.includes("--json");
  const only = args.includes("--only") ? args[args.indexOf("--only") + 1] : undefined;
  const at = args.indexOf("--reference");
  const backend = at < 0 ? undefined : args[at + 1];
  if (at >= 0 && !["node", "wasm", "cpu"].includes(backend ?? "")) {
    throw new Problem(`--reference takes node, wasm or cpu, not "${backend}".`);
  }
  const code = await runBundled("crosscheck", "tests/crosscheck/main.ts", { json, backend, only });
  if (code === 1) throw new Finding();
  process.exitCode = code;
}
