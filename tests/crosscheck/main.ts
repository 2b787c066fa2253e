/*
 * The referee: everything differentiable or iterative in the library, against outside witnesses. Run by
 * `npm run crosscheck`, which bundles this file.
 */
import { type BackendName, loadReference } from "glassbox/reference";
import { checkActivations } from "./activations";
import { checkGolden } from "./golden";
import { checkInitializers } from "./initializers";
import { checkLayers } from "./layers";
import { checkLosses } from "./losses";
import { checkNetworks } from "./networks";
import { checkClipping, checkOptimizers, checkSchedules } from "./optimizers";
import type { CrossCheck } from "./record";

/** The chapters of the report, in order. */
export const chapters: readonly { readonly title: string; check(): CrossCheck[] }[] = [
  { title: "Activations", check: checkActivations },
  { title: "Layers", check: checkLayers },
  { title: "Losses and regularizers", check: checkLosses },
  { title: "Initializers", check: checkInitializers },
  {
    title: "Optimizers, clipping and schedules",
    check: () => [...checkOptimizers(), ...checkClipping(), ...checkSchedules()],
  },
  { title: "Whole networks", check: checkNetworks },
  { title: "The golden numbers", check: checkGolden },
];

/** Runs all chapters. @returns the number of checks that failed */
export async function main(options: {
  readonly json: boolean;
  readonly backend?: BackendName;
  /** Only the chapters with this in their title. */
  readonly only?: string;
}): Promise<number> {
  const started = Date.now();
  const { label, why } = await loadReference(
    options.backend === undefined ? {} : { backend: options.backend },
  );
  if (!options.json)
    console.log(`Cross-check against ${label} (${why}), numerical slopes, and NumPy's numbers.`);
  let passed = 0;
  let failed = 0;
  const reasons = new Map<string, number>();
  for (const { title, check } of chapters) {
    if (options.only !== undefined && !title.toLowerCase().includes(options.only.toLowerCase())) continue;
    const records = check();
    passed += records.filter(({ pass }) => pass).length;
    failed += records.filter(({ pass }) => !pass).length;
    if (options.json) {
      for (const one of records) console.log(JSON.stringify(one, finite));
      continue;
    }
    console.log(`\n${title}`);
    for (const { reason } of records) if (!reasons.has(reason)) reasons.set(reason, reasons.size + 1);
    for (const line of table(records, reasons)) console.log(line);
  }
  if (!options.json) {
    console.log("\nWhy each tolerance is what it is");
    for (const [reason, number] of reasons) console.log(`  [${number}] ${reason}`);
    const seconds = ((Date.now() - started) / 1000).toFixed(0);
    console.log(`\n${passed} of ${passed + failed} checks agree, in ${seconds} s.`);
  }
  return failed;
}

/** JSON knows no infinity; the largest number stands in for it. */
function finite(_key: string, value: unknown): unknown {
  return value === Number.POSITIVE_INFINITY ? Number.MAX_VALUE : value;
}

function table(records: readonly CrossCheck[], reasons: ReadonlyMap<string, number>): string[] {
  const head = ["quantity", "kind", "against", "largest", "relative", "allowed", "", "verdict"];
  const rows = records.map((one) => [
    one.name,
    one.kind,
    one.against,
    short(one.maxAbs),
    short(one.maxRel),
    short(one.tolerance),
    `[${reasons.get(one.reason)}]`,
    one.pass ? "agrees" : "DIFFERS",
  ]);
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  return all.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i])).join("  ")}`.trimEnd());
}

function short(value: number): string {
  if (value === 0) return "0";
  return Number.isFinite(value) ? value.toExponential(1).replace(".0e", "e") : "∞";
}
