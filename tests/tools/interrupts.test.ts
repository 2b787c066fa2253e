// An interrupt in a real kernel: nothing trains on, rate and weights are what the library promises, the next cell works.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { kernelPreload, notebooksFolder, root, tslab, venvPython } from "../../tools/lib/paths.mjs";
import { jupyterEnvironment } from "../../tools/lib/setup.mjs";

interface Cell {
  readonly code: string;
  /** Interrupt half a second after this was printed. */
  readonly interrupt?: string;
}

function run(preload: readonly string[], cells: readonly Cell[]): { status: string; printed: string }[] {
  const argv = [process.execPath, ...preload, tslab, "kernel", "--config-path={connection_file}"];
  const { stdout, stderr } = spawnSync(
    venvPython,
    [join(root, "tests/support/interrupt.py"), notebooksFolder],
    { input: JSON.stringify({ argv, cells }), encoding: "utf8", env: jupyterEnvironment() },
  );
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

/** A task that takes longer than anyone will wait, and what to ask about it afterwards. */
const preparation = `
import { BatchNorm, Dense, fit, GradientDescent, meanSquaredError, numericalGradient, Random, Sequential } from "glassbox";
import { findLearningRate, training, trainingStep, type EpochReport, type Loss } from "glassbox";
const random = new Random(1);
const network = new Sequential([new Dense(2, 8, { random }), new BatchNorm(8), new Dense(8, 1, { random })]);
const optimizer = new GradientDescent(0.01);
const best: { weights: string } = { weights: "" };
const weights = () => JSON.stringify(network.parameters.map(({ value }) => value.toRows()));
const task = {
  inputs: random.randnMatrix(2, 64),
  targets: random.randnMatrix(1, 64),
  loss: meanSquaredError,
  optimizer,
  epochs: 1e9,
  batchSize: 8,
};
const scheduled = { ...task, schedule: (t: number) => 1e-5 / (1 + t), earlyStopping: { patience: 1e9, watch: ({ epoch }: EpochReport) => (epoch === 3 ? 0 : epoch) } };
const keepThird = ({ epoch }: EpochReport) => {
  if (epoch === 3) best.weights = weights();
  if (epoch === 50) console.log("going");
};
const pause = () => new Promise((resolve) => setTimeout(resolve, 1));
console.log("ready");
`;

/** The rate; whether the weights are those of the third epoch, the best; whether a second later they still are. */
const question = `
const rates = optimizer.learningRate;
const first = weights();
await new Promise((resolve) => setTimeout(resolve, 700));
console.log("rate", rates, "best", first === best.weights, "still", first === weights());
`;

/** What a reader does, cell by cell, and the cell that asks afterwards. Names must be new in each. */
const inEveryKernel = {
  fit: { code: `fit(network, { ...scheduled, onEpoch: keepThird });`, interrupt: "going" },
  afterFit: { code: question },
  next: { code: `console.log("loss", fit(network, { ...task, epochs: 3 }).loss.length);` },
  loop: {
    code: `for (const report of training(network, scheduled)) { keepThird(report); while (report.epoch === 60); }`,
    interrupt: "going",
  },
  afterLoop: { code: question },
  finder: {
    code: `
best.weights = weights();
let calls = 0;
const counted: Loss = (p, y, more) => { if (++calls === 50) console.log("going"); return meanSquaredError(p, y, more); };
findLearningRate(network, { inputs: task.inputs, targets: task.targets, loss: counted, steps: 1e6, from: 1e-9, to: 1e-8 });`,
    interrupt: "going",
  },
  afterFinder: { code: question },
  nudge: {
    code: `
let asked = 0;
const endless = () => { if (++asked === 5) { console.log("going"); for (;;); } return 1; };
numericalGradient(endless, network.parameters[0].value);`,
    interrupt: "going",
  },
  afterNudge: { code: question },
} satisfies Record<string, Cell>;

const inOurs = {
  awaiting: {
    code: `
console.log("begins");
for (const report of training(network, scheduled)) { keepThird(report); await pause(); }
console.log("goes on after the loop");`,
    interrupt: "going",
  },
  afterAwaiting: { code: question },
  fitAfterAwait: {
    code: `await pause(); fit(network, { ...scheduled, onEpoch: keepThird });`,
    interrupt: "going",
  },
  afterFitAfterAwait: { code: question },
  background: {
    code: `
best.weights = "of long ago";
const stepping = { loss: task.loss, optimizer };
const stepOn = async () => { for (;;) { trainingStep(network, task.inputs, task.targets, stepping); await pause(); } };
const byHand = async () => { for (;;) { optimizer.step(network.parameters); await pause(); } };
for (const run of [stepOn(), byHand()]) run.catch((error) => console.log(error.name));
console.log("in the background");`,
  },
  idle: { code: `console.log("going"); await new Promise(() => {});`, interrupt: "going" },
  afterIdle: { code: question },
} satisfies Record<string, Cell>;

type Results = Record<string, { status: string; printed: string }>;

function results(preload: readonly string[], cells: Record<string, Cell>): Results {
  const [ready, ...others] = run(preload, [{ code: preparation }, ...Object.values(cells)]);
  expect(ready).toEqual({ status: "ok", printed: "ready\n" });
  return Object.fromEntries(Object.keys(cells).map((name, i) => [name, others[i]]));
}

const says = (text: string) => ({ status: "ok", printed: `${text}\n` });

describe.each([
  ["our kernel", ["--require", kernelPreload], inOurs],
  ["a plain tslab kernel", [], {}],
])("an interrupt in %s", (name, preload, more) => {
  const ours = name === "our kernel";
  let seen: Results = {};
  beforeAll(() => {
    seen = results(preload, { ...inEveryKernel, ...more });
  }, 240_000);

  test("of fit gives the rate and the best weights back, and the next cell trains", () => {
    expect(seen.fit.status).toBe("error");
    expect(seen.afterFit).toEqual(says("rate 0.01 best true still true"));
    expect(seen.next).toEqual(says("loss 3"));
  });

  test("of a loop over training gives the rate back, and the best weights where the kernel tells of it", () => {
    expect(seen.loop.status).toBe("error");
    expect(seen.afterLoop).toEqual(says(`rate 0.01 best ${ours} still true`));
  });

  test("of what only tries something leaves the network as it was", () => {
    expect([seen.finder.status, seen.nudge.status]).toEqual(["error", "error"]);
    expect(seen.afterFinder).toEqual(says("rate 0.01 best true still true"));
    expect(seen.afterNudge).toEqual(says("rate 0.01 best true still true"));
  });

  if (!ours) return;

  test("ends a training that awaits, and all that its cell had planned", () => {
    expect(seen.awaiting.status).toBe("error");
    expect(seen.awaiting.printed).not.toContain("goes on");
    expect(seen.afterAwaiting).toEqual(says("rate 0.01 best true still true"));
  });

  test("stops fit after an await, too", () => {
    expect(seen.fitAfterAwait.status).toBe("error");
    expect(seen.afterFitAfterAwait).toEqual(says("rate 0.01 best true still true"));
  });

  test("ends single steps, with trainingStep or by hand, that nobody awaits", () => {
    expect(seen.background).toEqual(says("in the background"));
    expect(seen.idle.status).toBe("error");
    expect(seen.idle.printed.match(/InterruptedError/g)).toHaveLength(2);
    expect(seen.afterIdle).toEqual(says("rate 0.01 best false still true"));
  });
});
