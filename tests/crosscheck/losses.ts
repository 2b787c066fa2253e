/* Every loss and every regulariser: its value, and its slope. */
import fc from "fast-check";
import {
  binaryCrossEntropy,
  binaryCrossEntropyFromLogits,
  categoricalCrossEntropy,
  categoricalCrossEntropyFromLogits,
  hinge,
  huber,
  type Loss,
  l1,
  l1l2,
  l2,
  type Matrix,
  meanAbsoluteError,
  meanSquaredError,
  parameter,
  Random,
  type Regularizer,
} from "glassbox";
import { mirrorLoss, reference, scoped, toMatrix, toTensor } from "glassbox/reference";
import { batches, between, distributions, numbers, oneHotColumns, seeds, setting, sizes } from "./cases";
import { slopes } from "./numerical";
import {
  type CrossCheck,
  difference,
  NUMERICAL_TOLERANCE,
  overCases,
  REASONS,
  TFJS_TOLERANCE,
  tfjs,
} from "./record";

interface Case {
  readonly seed: number;
  readonly outputs: number;
  readonly examples: number;
  readonly setting: number;
  readonly weighted: boolean;
}

interface Subject {
  readonly name: string;
  make(one: Case): Loss;
  data(one: Case, random: Random): { readonly prediction: Matrix; readonly target: Matrix };
  /** Where p − y, or y·p, has a kink. */
  kink?(one: Case): { readonly of: "difference" | "product"; readonly at: readonly number[] };
}

const free = ({ outputs, examples }: Case, random: Random) => ({
  prediction: numbers(random, outputs, examples, 2),
  target: numbers(random, outputs, examples, 2),
});

export const lossSubjects: readonly Subject[] = [
  { name: "meanSquaredError", make: () => meanSquaredError, data: free },
  {
    name: "meanAbsoluteError",
    make: () => meanAbsoluteError,
    data: free,
    kink: () => ({ of: "difference", at: [0] }),
  },
  {
    name: "huber",
    make: ({ setting }) => huber(setting),
    data: free,
    kink: ({ setting }) => ({ of: "difference", at: [-setting, setting] }),
  },
  {
    name: "hinge",
    make: () => hinge,
    data: ({ outputs, examples }, random) => ({
      prediction: numbers(random, outputs, examples, 2),
      target: random.randMatrix(outputs, examples).map((u) => (u < 0.5 ? -1 : 1)),
    }),
    kink: () => ({ of: "product", at: [1] }),
  },
  {
    name: "binaryCrossEntropy",
    make: () => binaryCrossEntropy,
    data: ({ outputs, examples }, random) => ({
      prediction: between(random, outputs, examples, 0.02, 0.98),
      target: random.randMatrix(outputs, examples).map((u) => (u < 0.4 ? 0 : u < 0.8 ? 1 : Math.fround(u))),
    }),
  },
  {
    name: "binaryCrossEntropyFromLogits",
    make: () => binaryCrossEntropyFromLogits,
    data: ({ outputs, examples }, random) => ({
      prediction: numbers(random, outputs, examples, 4),
      target: random.randMatrix(outputs, examples).map((u) => (u < 0.4 ? 0 : u < 0.8 ? 1 : Math.fround(u))),
    }),
  },
  {
    name: "categoricalCrossEntropy",
    make: () => categoricalCrossEntropy,
    data: ({ outputs, examples, weighted }, random) => ({
      prediction: distributions(random, outputs + 1, examples),
      target: weighted
        ? oneHotColumns(random, outputs + 1, examples)
        : distributions(random, outputs + 1, examples),
    }),
  },
  {
    name: "categoricalCrossEntropyFromLogits",
    make: () => categoricalCrossEntropyFromLogits,
    data: ({ outputs, examples, weighted }, random) => ({
      prediction: numbers(random, outputs + 1, examples, 3),
      target: weighted
        ? oneHotColumns(random, outputs + 1, examples)
        : distributions(random, outputs + 1, examples),
    }),
  },
];

const cases: fc.Arbitrary<Case> = fc.record({
  seed: seeds,
  outputs: sizes,
  examples: batches,
  setting: setting(0.3, 2),
  weighted: fc.boolean(),
});

export function checkLosses(): CrossCheck[] {
  return [...lossSubjects.flatMap(checkLoss), ...checkRegularizers()];
}

function checkLoss(subject: Subject): CrossCheck[] {
  const prepare = (one: Case) => {
    const random = new Random(one.seed);
    const { prediction, target } = subject.data(one, random);
    const weights = one.weighted ? between(random, 1, one.examples, 0.1, 3) : undefined;
    const loss = subject.make(one);
    const [value, gradient] = loss(prediction, target, { weights });
    const kink = subject.kink?.(one);
    const argument = kink?.of === "product" ? prediction.hadamard(target) : prediction.minus(target);
    const near = kink?.at.some((at) => argument.data.some((x) => Math.abs(x - at) < 1e-3)) ?? false;
    return { prediction, target, weights, loss, value, gradient, near };
  };
  const theirs = (one: ReturnType<typeof prepare>): { value: number; gradient: Matrix } =>
    scoped(() => {
      const { tf } = reference();
      const { value, grad } = tf.valueAndGrad((p) =>
        mirrorLoss(one.loss)(
          tf,
          p as never,
          toTensor(one.target),
          one.weights === undefined ? tf.scalar(1) : toTensor(one.weights),
        ),
      )(toTensor(one.prediction));
      return { value: value.dataSync()[0], gradient: toMatrix(grad) };
    });
  const about = {
    name: `loss ${subject.name}`,
    against: tfjs(),
    tolerance: TFJS_TOLERANCE,
    reason: REASONS.float32,
  };
  return [
    overCases({ ...about, kind: "value" }, cases, (one) => {
      const mine = prepare(one);
      return difference([mine.value], [theirs(mine).value]);
    }),
    overCases({ ...about, kind: "gradient" }, cases, (one) => {
      const mine = prepare(one);
      return mine.near ? undefined : difference(mine.gradient, theirs(mine).gradient);
    }),
    overCases(
      { ...about, kind: "gradient", against: "numerical", tolerance: NUMERICAL_TOLERANCE, reason: KINKS },
      cases,
      (one) => {
        const { near, loss, prediction, target, weights, gradient } = prepare(one);
        if (near) return undefined;
        return difference(
          gradient,
          slopes(() => loss(prediction, target, { weights })[0], prediction),
        );
      },
    ),
  ];
}

const KINKS =
  "five-point central differences in float64, error about 1e-11; a case with an entry nearer than 1e-3 to a kink is drawn again";

/** L1, L2 and both: the price, and the slope that is added to the gradients. */
function checkRegularizers(): CrossCheck[] {
  const subjects: { name: string; make(one: Case): Regularizer; strengths(one: Case): [number, number] }[] = [
    { name: "l1", make: ({ setting }) => l1(setting), strengths: ({ setting }) => [setting, 0] },
    { name: "l2", make: ({ setting }) => l2(setting), strengths: ({ setting }) => [0, setting] },
    {
      name: "l1l2",
      make: ({ setting }) => l1l2(setting, setting / 2),
      strengths: ({ setting }) => [setting, setting / 2],
    },
  ];
  return subjects.flatMap(({ name, make, strengths }) => {
    const prepare = (one: Case) => {
      const random = new Random(one.seed);
      const w = parameter("w", numbers(random, one.outputs, one.examples));
      const regularizer = make(one);
      regularizer.addGradient([w]);
      return { w, regularizer, near: w.value.data.some((x) => Math.abs(x) < 1e-3) };
    };
    const about = {
      name: `regularizer ${name}`,
      against: tfjs(),
      tolerance: TFJS_TOLERANCE,
      reason: REASONS.float32,
    };
    const theirs = (one: Case, w: Matrix): { value: number; gradient: Matrix } =>
      scoped(() => {
        const { tf } = reference();
        const [absolute, square] = strengths(one);
        const { value, grad } = tf.valueAndGrad((x) =>
          tf.add(tf.mul(absolute, tf.sum(tf.abs(x))), tf.mul(square, tf.sum(tf.square(x)))),
        )(toTensor(w));
        return { value: value.dataSync()[0], gradient: toMatrix(grad) };
      });
    return [
      overCases({ ...about, kind: "value" }, cases, (one) => {
        const { w, regularizer } = prepare(one);
        return difference([regularizer.penalty([w])], [theirs(one, w.value).value]);
      }),
      overCases({ ...about, kind: "gradient" }, cases, (one) => {
        const { w } = prepare(one);
        return difference(w.gradient, theirs(one, w.value).gradient);
      }),
      overCases(
        { ...about, kind: "gradient", against: "numerical", tolerance: NUMERICAL_TOLERANCE, reason: KINKS },
        cases,
        (one) => {
          const { w, regularizer, near } = prepare(one);
          return near
            ? undefined
            : difference(
                w.gradient,
                slopes(() => regularizer.penalty([w]), w.value),
              );
        },
      ),
    ];
  });
}
