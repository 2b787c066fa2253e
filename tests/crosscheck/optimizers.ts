/*
 * Every optimizer and every schedule, by trajectory: 200 steps on three problems, every weight at every step.
 *
 * Two witnesses. TensorFlow.js runs the same problem with its own slopes in float32. And the update is written here once
 * more, the way its paper's sums unroll, from the whole history of gradients instead of running means: nothing of the
 * library's recursions is in it, so an agreement to 1e-9 says that the recursions are right.
 */
import fc from "fast-check";
import {
  AdaGrad,
  Adam,
  AdamW,
  binaryCrossEntropyFromLogits,
  clipGradientsByNorm,
  clipGradientsByValue,
  constantRate,
  cosineDecay,
  Dense,
  exponentialDecay,
  GradientDescent,
  Matrix,
  Momentum,
  Nesterov,
  type Optimizer,
  oneCycle,
  type Parameter,
  parameter,
  Random,
  RmsProp,
  type Schedule,
  stepDecay,
  warmUp,
  zeroGradients,
} from "glassbox";
import {
  mirrorLoss,
  mirrorOptimizer,
  reference,
  scoped,
  type TensorFlow,
  toMatrix,
  toTensor,
} from "glassbox/reference";
import { between, numbers, seeds, setting } from "./cases";
import { type CrossCheck, difference, overCases, REASONS, TFJS_TOLERANCE, tfjs, worst } from "./record";

const STEPS = 200;

type Tensors = (parameter: Parameter) => ReturnType<TensorFlow["tensor2d"]>;

/** Something to minimise: its parameters, our slopes, and the same function in TensorFlow.js. */
interface Problem {
  readonly parameters: readonly Parameter[];
  /** Adds the slopes into the gradients. */
  slope(): void;
  loss(tf: TensorFlow, of: Tensors): unknown;
}

const problems: Readonly<Record<string, (random: Random) => Problem>> = {
  /** ½ Σ cᵢ·wᵢ², with curvatures from 1 to 100: steep across, flat along. */
  "a narrow valley": (random) => {
    const w = parameter("w", numbers(random, 3, 2, 2));
    const c = Matrix.from([
      [100, 1],
      [10, 30],
      [3, 60],
    ]).scale(1 / 64);
    return {
      parameters: [w],
      slope: () => w.gradient.copyFrom(w.gradient.plus(c.hadamard(w.value))),
      loss: (tf, of) => tf.mul(0.5, tf.sum(tf.mul(toTensor(c), tf.square(of(w))))),
    };
  },
  /** (1 − x)² + (y − x²)²: a bent valley (Rosenbrock's, wider, so that no optimizer bounces off its walls). */
  "a bent valley": (random) => {
    const x = parameter("x", between(random, 1, 1, -1.2, -0.6));
    const y = parameter("y", between(random, 1, 1, 0.5, 1.2), { decays: false });
    return {
      parameters: [x, y],
      slope() {
        const [a, b] = [x.value.at(0, 0), y.value.at(0, 0)];
        x.gradient.set(0, 0, x.gradient.at(0, 0) - 2 * (1 - a) - 4 * a * (b - a * a));
        y.gradient.set(0, 0, y.gradient.at(0, 0) + 2 * (b - a * a));
      },
      loss: (tf, of) =>
        tf.sum(tf.add(tf.square(tf.sub(1, of(x))), tf.square(tf.sub(of(y), tf.square(of(x)))))),
    };
  },
  /** One neuron on twelve examples: a sigmoid and its cross-entropy. */
  "one neuron": (random) => {
    const neuron = new Dense(3, 1, { weights: numbers(random, 1, 3), bias: numbers(random, 1, 1) });
    const X = numbers(random, 3, 12);
    const Y = random.randMatrix(1, 12).map((u) => (u < 0.5 ? 0 : 1));
    return {
      parameters: neuron.parameters,
      slope() {
        const [logits, backward] = neuron.forward(X);
        backward(binaryCrossEntropyFromLogits(logits, Y)[1]);
      },
      loss: (tf, of) =>
        mirrorLoss(binaryCrossEntropyFromLogits)(
          tf,
          tf.add(tf.matMul(toTensor(X), of(neuron.weights)), of(neuron.bias)),
          toTensor(Y),
          tf.scalar(1),
        ),
    };
  },
};

/** The settings of an optimizer, as generated. */
interface Settings {
  readonly seed: number;
  readonly beta: number;
  readonly memory: number;
  readonly epsilon: number;
}

const settings: fc.Arbitrary<Settings> = fc.record({
  seed: seeds,
  beta: setting(0.5, 0.95),
  memory: setting(0.9, 0.999),
  epsilon: setting(0.1, 0.5), // large: where it stands in the formula then matters, and no slope is blown up
});

/** What one weight does next: its value, all its slopes so far, the rate, and whether it decays. */
type Update = (w: number, g: readonly number[], rate: number, decays: boolean) => number;

interface Subject {
  readonly name: string;
  readonly rate: number;
  make(s: Settings): Optimizer;
  /** The update, unrolled. */
  unrolled(s: Settings): Update;
  /** Take tf.train.adam itself. */
  readonly builtInAdam?: boolean;
  readonly tolerance?: number;
  readonly reason?: string;
}

/** Σ βᵗ⁻ⁱ·xᵢ over the history: what a fading sum is. */
const fading = (beta: number, xs: readonly number[]): number =>
  xs.reduce((sum, x, i) => sum + beta ** (xs.length - 1 - i) * x, 0);

const squares = (g: readonly number[]): number[] => g.map((x) => x * x);

/** Adam's quotient, from whole sums: the means divided by what their weights add up to. */
const adamStep = (g: readonly number[], { beta, memory, epsilon }: Settings): number => {
  const total = (b: number): number =>
    fading(
      b,
      g.map(() => 1),
    ); // (1 − bᵗ)/(1 − b)
  return fading(beta, g) / total(beta) / (Math.sqrt(fading(memory, squares(g)) / total(memory)) + epsilon);
};

export const optimizerSubjects: readonly Subject[] = [
  {
    name: "GradientDescent",
    rate: 0.05,
    make: () => new GradientDescent(0.05),
    unrolled: () => (w, g, rate) => w - rate * g[g.length - 1],
  },
  {
    name: "Momentum",
    rate: 0.02,
    make: ({ beta }) => new Momentum(0.02, { momentum: beta }),
    unrolled:
      ({ beta }) =>
      (w, g, rate) =>
        w - rate * fading(beta, g),
  },
  {
    name: "Nesterov",
    rate: 0.02,
    make: ({ beta }) => new Nesterov(0.02, { momentum: beta }),
    // the slope here and now, and the fading sum once more, one step ahead
    unrolled:
      ({ beta }) =>
      (w, g, rate) =>
        w - rate * (g[g.length - 1] + beta * fading(beta, g)),
  },
  {
    name: "RmsProp",
    rate: 0.015,
    make: ({ memory, epsilon }) => new RmsProp(0.015, { decay: memory, epsilon }),
    unrolled:
      ({ memory, epsilon }) =>
      (w, g, rate) =>
        w - (rate * g[g.length - 1]) / (Math.sqrt((1 - memory) * fading(memory, squares(g))) + epsilon),
  },
  {
    name: "RmsProp, epsilon inside the root",
    rate: 0.015,
    make: ({ memory, epsilon }) => new RmsProp(0.015, { decay: memory, epsilon, epsilonInsideRoot: true }),
    unrolled:
      ({ memory, epsilon }) =>
      (w, g, rate) =>
        w - (rate * g[g.length - 1]) / Math.sqrt((1 - memory) * fading(memory, squares(g)) + epsilon),
  },
  {
    name: "AdaGrad",
    rate: 0.1,
    make: ({ epsilon }) => new AdaGrad(0.1, { epsilon, initialSum: 0.05 }),
    unrolled:
      ({ epsilon }) =>
      (w, g, rate) =>
        w - (rate * g[g.length - 1]) / (Math.sqrt(0.05 + fading(1, squares(g))) + epsilon),
  },
  {
    name: "AdaGrad, as TensorFlow.js has it",
    rate: 0.1,
    make: () => new AdaGrad(0.1, { epsilon: 1e-7, initialSum: 0.1, epsilonInsideRoot: true }),
    unrolled: () => (w, g, rate) =>
      w - (rate * g[g.length - 1]) / Math.sqrt(0.1 + fading(1, squares(g)) + 1e-7),
  },
  {
    name: "Adam",
    rate: 0.015,
    make: ({ beta, memory, epsilon }) => new Adam(0.015, { beta1: beta, beta2: memory, epsilon }),
    unrolled: (s) => (w, g, rate) => w - rate * adamStep(g, s),
  },
  {
    name: "Adam, tf.train.adam",
    rate: 0.015,
    make: ({ beta, memory, epsilon }) => new Adam(0.015, { beta1: beta, beta2: memory, epsilon }),
    unrolled: (s) => (w, g, rate) => w - rate * adamStep(g, s),
    builtInAdam: true,
    tolerance: 1e-4,
    reason:
      "tf.train.adam multiplies the powers of beta in float32, and 1 - beta2^t loses digits while beta2^t is close " +
      "to 1: its first steps are off by up to 1e-5, and where they lead is built upon",
  },
  {
    name: "Adam, no bias correction",
    rate: 0.015,
    make: ({ beta, memory, epsilon }) =>
      new Adam(0.015, { beta1: beta, beta2: memory, epsilon, biasCorrection: false }),
    unrolled:
      ({ beta, memory, epsilon }) =>
      (w, g, rate) =>
        w -
        (rate * (1 - beta) * fading(beta, g)) /
          (Math.sqrt((1 - memory) * fading(memory, squares(g))) + epsilon),
  },
  {
    name: "AdamW",
    rate: 0.015,
    make: ({ beta, memory, epsilon }) =>
      new AdamW(0.015, { beta1: beta, beta2: memory, epsilon, weightDecay: 0.3 }),
    unrolled: (s) => (w, g, rate, decays) => (decays ? w * (1 - rate * 0.3) : w) - rate * adamStep(g, s),
  },
];

/** Every value of every parameter at every step, in one long list. */
function walk(problem: Problem, advance: (parameters: readonly Parameter[], step: number) => void): number[] {
  const path: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    zeroGradients(problem.parameters);
    problem.slope();
    advance(problem.parameters, step);
    for (const { value } of problem.parameters) path.push(...value.data);
  }
  return path;
}

/** The same in TensorFlow.js. */
function walkTensors(problem: Problem, optimizer: Optimizer, builtInAdam: boolean, rate: Schedule): number[] {
  const { tf } = reference();
  const variables = new Map(
    problem.parameters.map((one) => [one, scoped(() => tf.variable(toTensor(one.value)))] as const),
  );
  const twin = mirrorOptimizer(optimizer, variables, { builtInAdam });
  const path: number[] = [];
  try {
    for (let step = 0; step < STEPS; step++) {
      scoped(() => {
        const { grads } = tf.variableGrads(
          () => problem.loss(tf, (one) => variables.get(one) as never) as never,
          [...variables.values()],
        );
        twin.step(grads, rate(step));
      });
      for (const variable of variables.values()) path.push(...toMatrix(variable).data);
    }
  } finally {
    twin.dispose();
    for (const variable of variables.values()) variable.dispose();
  }
  return path;
}

const FLOAT32_PATH =
  "float32: each of 200 steps rounds by 6e-8, and every later step builds on it; relative to the largest coordinate of the path";

export function checkOptimizers(): CrossCheck[] {
  return optimizerSubjects.flatMap((subject) =>
    Object.entries(problems).flatMap(([where, make]) => {
      const ours = (s: Settings): number[] => {
        const optimizer = subject.make(s);
        return walk(make(new Random(s.seed)), (parameters) => optimizer.step(parameters));
      };
      const about = { name: `optimizer ${subject.name}, ${where}`, kind: "trajectory" as const };
      return [
        overCases(
          {
            ...about,
            against: tfjs(),
            tolerance: subject.tolerance ?? TFJS_TOLERANCE,
            reason: subject.reason ?? FLOAT32_PATH,
          },
          settings,
          (s) => {
            const theirs = walkTensors(
              make(new Random(s.seed)),
              subject.make(s),
              subject.builtInAdam ?? false,
              () => subject.rate,
            );
            return difference(ours(s), theirs);
          },
          3,
        ),
        overCases(
          {
            ...about,
            against: "numerical",
            tolerance: 1e-9,
            reason:
              "the update written as sums over the whole history of slopes, in float64; only roundings differ",
          },
          settings,
          (s) => {
            const update = subject.unrolled(s);
            const history = new Map<Parameter, number[][]>();
            const theirs = walk(make(new Random(s.seed)), (parameters) => {
              for (const one of parameters) {
                const past = history.get(one) ?? Array.from(one.value.data, () => []);
                history.set(one, past);
                past.forEach((slopes, k) => {
                  slopes.push(one.gradient.data[k]);
                  one.value.data[k] = update(one.value.data[k], slopes, subject.rate, one.decays !== false);
                });
              }
            });
            return difference(ours(s), theirs);
          },
          5,
        ),
      ];
    }),
  );
}

/** A schedule with a few settings, and its rates written another way. */
interface ScheduleSubject {
  readonly name: string;
  make(rate: number, length: number, share: number): Schedule;
  closed(rate: number, length: number, share: number): (step: number) => number;
}

const sin2 = (x: number): number => Math.sin((Math.PI / 2) * x) ** 2;

export const scheduleSubjects: readonly ScheduleSubject[] = [
  { name: "constantRate", make: (rate) => constantRate(rate), closed: (rate) => () => rate },
  {
    name: "stepDecay",
    make: (rate, length, share) => stepDecay(rate, { every: length, factor: share }),
    closed: (rate, length, share) => (step) => {
      let left = rate;
      for (let at = length; at <= step; at += length) left *= share;
      return left;
    },
  },
  {
    name: "exponentialDecay",
    make: (rate, length, share) => exponentialDecay(rate, { every: length, factor: share }),
    closed: (rate, length, share) => (step) => Math.exp(Math.log(rate) + (Math.log(share) * step) / length),
  },
  {
    name: "cosineDecay",
    make: (rate, length, share) => cosineDecay(rate, { steps: length * 3, floor: rate * share }),
    closed: (rate, length, share) => (step) =>
      rate * (share + (1 - share) * (1 - sin2(Math.min(step / (3 * length), 1)))),
  },
  {
    name: "warmUp",
    make: (rate, length, share) =>
      warmUp(exponentialDecay(rate, { every: 50, factor: share }), { steps: length }),
    closed: (rate, length, share) => (step) =>
      step < length ? (rate * (step + 1)) / length : rate * share ** ((step - length) / 50),
  },
  {
    name: "oneCycle",
    make: (rate, length, share) => oneCycle(rate, { steps: length * 4, climb: share, start: 0.1, end: 0.01 }),
    closed: (rate, length, share) => (step) => {
      const progress = step / (length * 4);
      if (progress >= 1) return 0.01 * rate;
      if (progress < share) return rate * (0.1 + 0.9 * sin2(progress / share));
      return rate * (0.01 + 0.99 * (1 - sin2((progress - share) / (1 - share))));
    },
  },
];

const scheduleCases = fc.record({
  seed: seeds,
  rate: setting(0.01, 0.06),
  length: fc.integer({ min: 7, max: 60 }),
  share: setting(0.2, 0.8),
});

export function checkSchedules(): CrossCheck[] {
  return scheduleSubjects.flatMap(({ name, make, closed }) => [
    overCases(
      {
        name: `schedule ${name}, 200 rates`,
        kind: "value",
        against: "numerical",
        tolerance: 1e-12,
        reason: REASONS.float64,
      },
      scheduleCases,
      ({ rate, length, share }) => {
        const steps = Array.from({ length: STEPS }, (_, step) => step);
        return difference(steps.map(make(rate, length, share)), steps.map(closed(rate, length, share)));
      },
    ),
    ...Object.entries(problems).map(([where, problem]) =>
      overCases(
        {
          name: `schedule ${name}, ${where}`,
          kind: "trajectory",
          against: tfjs(),
          tolerance: TFJS_TOLERANCE,
          reason: FLOAT32_PATH,
        },
        scheduleCases,
        ({ seed, rate, length, share }) => {
          const schedule = make(rate, length, share);
          const optimizer = new Momentum(1, { momentum: 0.5 });
          const ours = walk(problem(new Random(seed)), (parameters, step) => {
            optimizer.learningRate = schedule(step);
            optimizer.step(parameters);
          });
          const theirs = walkTensors(
            problem(new Random(seed)),
            new Momentum(1, { momentum: 0.5 }),
            false,
            closed(rate, length, share),
          );
          return difference(ours, theirs);
        },
        3,
      ),
    ),
  ]);
}

/** Clipping: what it leaves of random gradients, against TensorFlow.js's own operations. */
export function checkClipping(): CrossCheck[] {
  const cases = fc.record({ seed: seeds, limit: setting(0.2, 8) });
  const gradients = (seed: number): Parameter[] => {
    const random = new Random(seed);
    return [
      [3, 4],
      [2, 1],
    ].map(([rows, columns], i) => {
      const one = parameter(`p${i}`, new Matrix(rows, columns));
      one.gradient.copyFrom(numbers(random, rows, columns, 2));
      return one;
    });
  };
  const about = {
    kind: "value" as const,
    against: tfjs(),
    tolerance: TFJS_TOLERANCE,
    reason: REASONS.float32,
  };
  return [
    overCases({ ...about, name: "clipping by value" }, cases, ({ seed, limit }) => {
      const { tf } = reference();
      const ours = gradients(seed);
      clipGradientsByValue(ours, limit);
      return worst(
        gradients(seed).map(({ gradient }, i) =>
          difference(
            ours[i].gradient,
            scoped(() => toMatrix(tf.clipByValue(toTensor(gradient), -limit, limit))),
          ),
        ),
      );
    }),
    overCases({ ...about, name: "clipping by norm" }, cases, ({ seed, limit }) => {
      const { tf } = reference();
      const ours = gradients(seed);
      const norm = clipGradientsByNorm(ours, limit);
      const theirs = scoped(() => {
        const tensors = gradients(seed).map(({ gradient }) => toTensor(gradient));
        const length = tf.norm(tf.concat(tensors.map((tensor) => tensor.flatten())));
        const factor = tf.minimum(1, tf.div(limit, length));
        return {
          length: length.dataSync()[0],
          gradients: tensors.map((tensor) => toMatrix(tf.mul(tensor, factor))),
        };
      });
      return worst([
        difference([norm], [theirs.length]),
        ...ours.map(({ gradient }, i) => difference(gradient, theirs.gradients[i])),
      ]);
    }),
  ];
}
