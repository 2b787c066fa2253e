// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are lines of a cell
/*
 * A setting as a cell of a notebook: the same data, the same network, the same steps, written out with the library. It ends by
 * opening the playground with the setting again, so that the way leads back as well.
 */
import { DEFAULTS, type Setting } from "./setting";

const LOSS_NAMES = {
  crossEntropy: "binaryCrossEntropyFromLogits",
  squaredError: "meanSquaredError",
  hinge: "hinge",
} as const;

const OPTIMIZER_NAMES = {
  gradientDescent: "GradientDescent",
  momentum: "Momentum",
  nesterov: "Nesterov",
  rmsProp: "RmsProp",
  adaGrad: "AdaGrad",
  adam: "Adam",
  adamW: "AdamW",
} as const;

/** Data that lie elsewhere are moved to where the playground shows them; see `engine.ts`. */
const CENTRED: Partial<Record<Setting["data"], string>> = {
  moons: ".map((x, feature) => (x - (feature === 0 ? 0.5 : 0.25)) / 1.25)",
  xor: ".map((x) => (x - 0.5) / 0.625)",
};

/** @param steps how far the run has come: as many steps does the cell take */
export function settingAsCell(given: Setting, steps: number): string {
  const points = (given.data === "own" ? 0 : given.points) + given.own.length;
  // Of so few points none is held back.
  const setting = points < 5 ? { ...given, heldBack: 0 } : given;
  const used = new Set(["Dense", "Random", "Sequential", "predict", "trainingStep"]);
  const use = (name: string): string => {
    used.add(name);
    return name;
  };
  const lines = [
    `const random = new Random(${setting.seed});`,
    ...dataLines(setting, use),
    ...networkLines(setting, use),
    ...trainingLines(setting, steps, use),
    ...judgeLines(setting, steps),
  ];
  const names = [...used].sort((a, b) => a.localeCompare(b, "en"));
  return [
    "// The playground's run, written out",
    'import * as glassbox from "glassbox";',
    'import { playground, print } from "glassbox/notebook";',
    "{ // a block: its names are its own",
    ...[`const { ${names.join(", ")} } = glassbox;`, ...lines].map((line) => (line ? `  ${line}` : "")),
    "}",
    "// And the way back: the setting, in the playground.",
    `playground(${settingText(given)});`,
  ].join("\n");
}

type Use = (name: string) => string;

function dataLines({ data, points, noise, own, loss, heldBack }: Setting, use: Use): string[] {
  const lines: string[] = [];
  const [inputs, targets] = data === "own" ? ["", ""] : [`made.inputs${CENTRED[data] ?? ""}`, "made.targets"];
  if (data !== "own")
    lines.push(`const made = ${use(data)}({ points: ${points}, noise: ${noise}, random });`);
  if (own.length > 0) {
    use("Matrix");
    lines.push(`const own = ${JSON.stringify(own)}; // x, y, class`);
    const before = (matrix: string, row: number): string =>
      data === "own" ? "" : `...${matrix}.toRows()[${row}], `;
    lines.push(
      `const inputs = Matrix.from([[${before(inputs, 0)}...own.map((p) => p[0])], [${before(inputs, 1)}...own.map((p) => p[1])]]);`,
      `const labels = Matrix.from([[${before(targets, 0)}...own.map((p) => p[2])]]);`,
    );
  } else lines.push(`const inputs = ${inputs};`, `const labels = ${targets};`);
  // The hinge wants −1 and 1.
  lines.push(`const targets = ${loss === "hinge" ? "labels.map((label) => 2 * label - 1)" : "labels"};`);
  if (heldBack > 0) {
    use("validationSplit");
    lines.push(
      `const { training, validation } = validationSplit({ inputs, targets }, ${heldBack}, random);`,
      "",
    );
  } else lines.push("const training = { inputs, targets };", "");
  return lines;
}

function networkLines({ hidden, activation, loss }: Setting, use: Use): string[] {
  const initializer = use(["relu", "leakyRelu", "gelu"].includes(activation) ? "heNormal" : "xavierNormal");
  const bend = activation === "leakyRelu" ? "leakyRelu()" : activation;
  const lines = ["const network = new Sequential(["];
  if (hidden.length > 0) use(activation);
  if (hidden.length > 0 || loss === "squaredError") use("Activation");
  for (const [k, units] of hidden.entries()) {
    const inputs = k === 0 ? 2 : hidden[k - 1];
    lines.push(
      `  new Dense(${inputs}, ${units}, { random, initializer: ${initializer}, name: "hidden ${k + 1}" }),`,
      `  new Activation(${bend}),`,
    );
  }
  const last = hidden.at(-1) ?? 2;
  lines.push(`  new Dense(${last}, 1, { random, initializer: ${initializer}, name: "output" }),`);
  if (loss === "squaredError") lines.push(`  new Activation(${use("sigmoid")}),`);
  return [...lines, "]);"];
}

function trainingLines(setting: Setting, steps: number, use: Use): string[] {
  const { optimizer, rate, regularizer, strength, batch } = setting;
  const lines = [
    "const options = {",
    `  loss: ${use(LOSS_NAMES[setting.loss])},`,
    `  optimizer: new ${use(OPTIMIZER_NAMES[optimizer])}(${rate}),`,
    ...(regularizer === "none" ? [] : [`  regularizer: ${use(regularizer)}(${strength}),`]),
    "};",
  ];
  if (batch === 0) {
    lines.push(
      `for (let step = 1; step <= ${steps}; step++)`,
      "  trainingStep(network, training.inputs, training.targets, options);",
    );
  } else {
    use("pickExamples");
    lines.push(
      "const order = Int32Array.from({ length: training.inputs.columns }, (_, i) => i);",
      `const size = Math.min(${batch}, order.length);`,
      "let next = 0;",
      "const nextBatch = () => {",
      "  if (size === order.length) return training;",
      "  if (next + size > order.length) next = 0; // the rest of an epoch waits for the next shuffle",
      "  if (next === 0) random.shuffle(order);",
      "  next += size;",
      "  return pickExamples(training, order.subarray(next - size, next));",
      "};",
      `for (let step = 1; step <= ${steps}; step++) {`,
      "  const some = nextBatch();",
      "  trainingStep(network, some.inputs, some.targets, options);",
      "}",
    );
  }
  return [...lines, ""];
}

function judgeLines({ loss, heldBack }: Setting, steps: number): string[] {
  const border = loss === "squaredError" ? 0.5 : 0;
  return [
    "const judge = (examples: typeof training) => {",
    "  const answers = predict(network, examples.inputs);",
    "  const [loss] = options.loss(answers, examples.targets);",
    `  const right = examples.targets.data.filter((target, j) => answers.data[j] > ${border} === target > 0);`,
    "  return `loss ${loss.toFixed(4)}, ${(100 * (right.length / answers.columns)).toFixed(1)} % right`;",
    "};",
    `print(\`Step ${steps}. Training: \${judge(training)}${heldBack > 0 ? `; held back: \${judge(validation)}` : ""}\`);`,
  ];
}

/** Only what differs from the usual. */
function settingText(setting: Setting): string {
  const parts = (Object.keys(DEFAULTS) as (keyof Setting)[])
    .filter((key) => JSON.stringify(setting[key]) !== JSON.stringify(DEFAULTS[key]))
    .map((key) => `${key}: ${JSON.stringify(setting[key])}`);
  return parts.length === 0 ? "" : `{ ${parts.join(", ")} }`;
}
