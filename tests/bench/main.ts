/*
 * How fast is it? Training runs (dense.ts, language.ts) on each of our engines, on every TensorFlow.js backend that loads,
 * and in NumPy where a Python has it, taking turns, medians of five; then the matrix product against the limit of the
 * processor. Times differ from machine to machine and hour to hour; the ratios are what counts.
 */
import { type Engine, plain, simd } from "glassbox";
import { type BackendName, loadReference } from "glassbox/reference";
import { denseWorkloads, findNumpy } from "./dense";
import { languageWorkloads } from "./language";
import { measureProducts, type ProductMeasurement } from "./products";
import type { Run, Workload } from "./workload";

/** One line of the report; what `--json` prints, beside the products' lines. */
export interface Measurement {
  readonly workload: string;
  readonly implementation: string;
  readonly medianMs: number;
  readonly fastestMs: number;
  readonly slowestMs: number;
  /** Of the last step; null where fewer steps were run. All that ran the same steps come near one another. */
  readonly loss: number | null;
  /** How many times faster than tfjs-node; null where that does not load. */
  readonly ratioToTfjsNode: number | null;
}

interface Implementation {
  readonly name: string;
  /** So slow on some workloads that it runs a part of the steps, and the time is scaled. */
  readonly slow?: boolean;
  /** Undefined where nobody wrote the workload for it. */
  run(work: Workload, steps: number): Run | Promise<Run> | undefined;
}

const TURNS = 5;
const PRODUCTS = "products";

/** Measures, reporting progress. @returns 1 for a workload that is none */
export async function main(options: {
  readonly json: boolean;
  /** Without the plain JavaScript backend, which takes most of the time. */
  readonly quick: boolean;
  /** Only these, by name; all workloads and the products when empty. */
  readonly only: readonly string[];
}): Promise<number> {
  const say = (text: string): void => {
    if (!options.json) console.log(text);
  };
  const workloads = [...denseWorkloads(), ...languageWorkloads()];
  const names = [...workloads.map(({ name }) => name), PRODUCTS];
  const unknown = options.only.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    console.error(`bench: expected one of ${names.join(", ")}; got "${unknown}".`);
    return 1;
  }
  const asked = (name: string): boolean => options.only.length === 0 || options.only.includes(name);
  const chosen = workloads.filter(({ name }) => asked(name));
  const { implementations, engines } = await everyone(options.quick, say);
  for (const work of chosen) {
    say(`\n${work.name}  ${work.title}`);
    const measured = await measure(work, implementations);
    for (const measurement of measured) {
      if (options.json) console.log(JSON.stringify(measurement));
      else say(line(measurement));
    }
  }
  for (const engine of engines) engine.close();
  say(
    "\n× is the speed relative to tfjs-node in this run; medians of 5, taken in turns; then fastest to slowest.",
  );
  if (!asked(PRODUCTS)) return 0;
  say(
    "\nThe product on one thread, in GFLOP/s, and its share of what registers alone reach (128-bit vectors)",
  );
  await measureProducts((product) => {
    if (options.json) console.log(JSON.stringify(product));
    else say(productLine(product));
  });
  return 0;
}

async function everyone(
  quick: boolean,
  say: (text: string) => void,
): Promise<{ implementations: Implementation[]; engines: Engine[] }> {
  const engines = [
    plain,
    await simd(),
    await simd({ threads: 2 }),
    await simd({ precision: "float32" }),
    await simd({ precision: "float32", threads: 2 }),
  ];
  const implementations: Implementation[] = engines.map((engine) => ({
    name: engine.name,
    slow: engine === plain,
    run: (work, steps) => work.ours(steps, engine),
  }));
  for (const backend of ["node", "wasm", "cpu"] as const satisfies BackendName[]) {
    if (backend === "cpu" && quick) continue;
    try {
      const { label } = await loadReference({ backend });
      say(`with     ${label}`);
      implementations.push({
        name: `tfjs-${backend}`,
        slow: backend !== "node",
        run: async (work, steps) => work.tensors((await loadReference({ backend })).tf, steps),
      });
    } catch (error) {
      say(`without  ${(error as Error).message}`);
    }
  }
  const numpy = findNumpy();
  say(numpy === undefined ? "without  NumPy: no Python here has it" : `with     NumPy ${numpy.version}`);
  if (numpy !== undefined) {
    for (const [kind, threads] of [
      ["float64", 1],
      ["float32", 1],
      ["float32", 2],
    ] as const) {
      implementations.push({
        name: `NumPy, ${kind}${threads === 1 ? "" : `, ${threads} threads`}`,
        run: (work, steps) => work.numpy?.(numpy.program, steps, kind === "float32", threads),
      });
    }
  }
  return { implementations, engines };
}

async function measure(work: Workload, implementations: readonly Implementation[]): Promise<Measurement[]> {
  const times = new Map<string, number[]>();
  const losses = new Map<string, number | null>();
  for (let turn = 0; turn <= TURNS; turn++) {
    const warmUp = turn === 0; // compiles, allocates, and is forgotten
    for (const { name, slow, run } of implementations) {
      const part = slow ? work.part : 1;
      const steps = warmUp ? Math.round((work.steps * part) / 5) : work.steps * part;
      const result = await run(work, Math.max(1, steps));
      if (warmUp || result === undefined) continue;
      const { ms, loss } = result;
      times.set(name, [...(times.get(name) ?? []), ms / part]);
      losses.set(name, part === 1 ? loss : null);
    }
  }
  const native = times.get("tfjs-node");
  return [...times].map(([implementation, each]) => ({
    workload: work.name,
    implementation,
    medianMs: median(each),
    fastestMs: Math.min(...each),
    slowestMs: Math.max(...each),
    loss: losses.get(implementation) as number | null,
    ratioToTfjsNode: native === undefined ? null : median(native) / median(each),
  }));
}

function line(one: Measurement): string {
  const { implementation, medianMs, fastestMs, slowestMs, loss, ratioToTfjsNode } = one;
  const ratio = ratioToTfjsNode === null ? "" : `×${ratioToTfjsNode.toPrecision(3)}`;
  const end = loss === null ? "(a tenth of the steps, scaled)" : `last loss ${loss.toFixed(4)}`;
  const spread = `${fastestMs.toFixed(0)} to ${slowestMs.toFixed(0)}`;
  return `  ${implementation.padEnd(25)} ${medianMs.toFixed(0).padStart(6)} ms  ${ratio.padEnd(7)} ${spread.padEnd(15)} ${end}`;
}

function productLine({ precision, form, size, gigaflops, limit }: ProductMeasurement): string {
  const share = `${((100 * gigaflops) / limit).toFixed(0)} %`;
  return `  ${precision}  ${form.padEnd(4)}  ${String(size).padStart(4)}  ${gigaflops.toFixed(1).padStart(5)} of ${limit.toFixed(1)}  ${share}`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
