// Every optimizer is held to its formula, written out once more for single numbers, over two hundred steps.
import fc from "fast-check";
import {
  AdaGrad,
  Adam,
  AdamW,
  clipGradientsByNorm,
  clipGradientsByValue,
  GradientDescent,
  gradientNorm,
  Matrix,
  Momentum,
  Nesterov,
  type Optimizer,
  type Parameter,
  parameter,
  Random,
  RmsProp,
  ValueError,
  zeroGradients,
} from "glassbox";
import { describe, expect, test } from "vitest";
import { expectClose, golden } from "./golden";

/** A number w, its slope g, what is remembered in s (all 0 at first), step t from 1: the next w. */
type Rule = (w: number, g: number, s: number[], t: number) => number;

const cases: { name: string; make: () => Optimizer; rule: Rule }[] = [
  { name: "GradientDescent", make: () => new GradientDescent(0.03), rule: (w, g) => w - 0.03 * g },
  {
    name: "Momentum",
    make: () => new Momentum(0.02, { momentum: 0.8 }),
    rule: (w, g, s) => {
      s[0] = 0.8 * s[0] + g;
      return w - 0.02 * s[0];
    },
  },
  {
    name: "Nesterov",
    make: () => new Nesterov(0.02, { momentum: 0.8 }),
    rule: (w, g, s) => {
      s[0] = 0.8 * s[0] + g;
      return w - 0.02 * (g + 0.8 * s[0]);
    },
  },
  {
    name: "AdaGrad",
    make: () => new AdaGrad(0.3, { epsilon: 1e-4 }),
    rule: (w, g, s) => {
      s[0] += g ** 2;
      return w - (0.3 * g) / (Math.sqrt(s[0]) + 1e-4);
    },
  },
  {
    name: "AdaGrad, ε inside the root, from 0.1",
    make: () => new AdaGrad(0.3, { epsilon: 1e-4, epsilonInsideRoot: true, initialSum: 0.1 }),
    rule: (w, g, s, t) => {
      if (t === 1) s[0] = 0.1;
      s[0] += g ** 2;
      return w - (0.3 * g) / Math.sqrt(s[0] + 1e-4);
    },
  },
  {
    name: "RmsProp",
    make: () => new RmsProp(0.01, { decay: 0.95, epsilon: 1e-4 }),
    rule: (w, g, s) => {
      s[0] = 0.95 * s[0] + 0.05 * g ** 2;
      return w - (0.01 * g) / (Math.sqrt(s[0]) + 1e-4);
    },
  },
  {
    name: "RmsProp, ε inside the root",
    make: () => new RmsProp(0.01, { decay: 0.95, epsilon: 1e-4, epsilonInsideRoot: true }),
    rule: (w, g, s) => {
      s[0] = 0.95 * s[0] + 0.05 * g ** 2;
      return w - (0.01 * g) / Math.sqrt(s[0] + 1e-4);
    },
  },
  {
    name: "Adam",
    make: () => new Adam(0.01, { beta1: 0.8, beta2: 0.95, epsilon: 1e-4 }),
    rule: (w, g, s, t) => {
      s[0] = 0.8 * s[0] + 0.2 * g;
      s[1] = 0.95 * s[1] + 0.05 * g ** 2;
      return w - (0.01 * (s[0] / (1 - 0.8 ** t))) / (Math.sqrt(s[1] / (1 - 0.95 ** t)) + 1e-4);
    },
  },
  {
    name: "Adam without bias correction",
    make: () => new Adam(0.01, { beta1: 0.8, beta2: 0.95, epsilon: 1e-4, biasCorrection: false }),
    rule: (w, g, s) => {
      s[0] = 0.8 * s[0] + 0.2 * g;
      s[1] = 0.95 * s[1] + 0.05 * g ** 2;
      return w - (0.01 * s[0]) / (Math.sqrt(s[1]) + 1e-4);
    },
  },
  {
    name: "AdamW",
    make: () => new AdamW(0.01, { beta1: 0.8, beta2: 0.95, epsilon: 1e-4, weightDecay: 0.3 }),
    rule: (w, g, s, t) => {
      s[0] = 0.8 * s[0] + 0.2 * g;
      s[1] = 0.95 * s[1] + 0.05 * g ** 2;
      const step = (0.01 * (s[0] / (1 - 0.8 ** t))) / (Math.sqrt(s[1] / (1 - 0.95 ** t)) + 1e-4);
      return w * (1 - 0.01 * 0.3) - step;
    },
  },
];

/** The slope of a crooked valley, entry by entry: steep in some directions, flat in others, with a cubic bend. */
const slope = (w: number, i: number): number => 0.3 * (i + 1) * w + 0.05 * w ** 3 - 0.1;

function setSlopes({ value, gradient }: Parameter): void {
  gradient.data.set(value.data.map(slope));
}

describe.each(cases)("$name", ({ make, rule }) => {
  test("follows its formula for 200 steps", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const p = parameter("layer.weights", new Random(seed).randnMatrix(3, 4));
        const optimizer = make();
        const w = Array.from(p.value.data);
        const kept = w.map(() => [0, 0]);
        for (let t = 1; t <= 200; t++) {
          w.forEach((entry, i) => {
            w[i] = rule(entry, slope(entry, i), kept[i], t);
          });
          setSlopes(p);
          optimizer.step([p]);
        }
        p.value.data.forEach((entry, i) => {
          // one rounding early on is magnified where a slope divides by its own tiny size
          expect(Math.abs(entry - w[i])).toBeLessThan(1e-8);
        });
      }),
      { numRuns: 20 },
    );
  });

  test("keeps apart what it knows of two parameters, and steps a repeated one once", () => {
    const start = Matrix.from([[1, -2]]);
    const [a, b, alone] = ["a.weights", "b.weights", "a.weights"].map((n) => parameter(n, start.clone()));
    const together = make();
    const single = make();
    for (let t = 0; t < 5; t++) {
      setSlopes(a);
      setSlopes(b);
      b.gradient.data.fill(7);
      setSlopes(alone);
      together.step([a, b, a]);
      single.step([alone]);
    }
    expect(a.value).toEqual(alone.value);
    expect(b.value.equals(a.value)).toBe(false);
  });

  test("reset begins anew", () => {
    const p = parameter("p.weights", Matrix.from([[1, 2]]));
    const optimizer = make();
    const threeSteps = () => {
      p.value.data.set([1, 2]);
      for (let t = 0; t < 3; t++) {
        setSlopes(p);
        optimizer.step([p]);
      }
      return p.value.clone();
    };
    const first = threeSteps();
    optimizer.reset?.();
    expect(threeSteps()).toEqual(first);
  });

  test.each([
    ["NaN", Number.NaN],
    ["infinite", Infinity],
    ["so large that its square overflows", 1e200],
  ])("changes nothing when a gradient is %s", (_, bad) => {
    const good = parameter("good.weights", Matrix.from([[1, 2]]));
    const poor = parameter("poor.weights", Matrix.from([[3]]));
    const optimizer = make();
    setSlopes(good);
    setSlopes(poor);
    optimizer.step([good, poor]);
    const before = [
      good.value.clone(),
      poor.value.clone(),
      optimizer.stateOf?.(good),
      optimizer.stateOf?.(poor),
    ];
    poor.gradient.set(0, 0, bad);
    expect(() => optimizer.step([good, poor])).toThrow(/gradient of poor\.weights/);
    expect([good.value, poor.value, optimizer.stateOf?.(good), optimizer.stateOf?.(poor)]).toEqual(before);

    // …and goes on as if the failed step had never been asked for
    const other = make();
    const twin = parameter("twin.weights", Matrix.from([[1, 2]]));
    for (let t = 0; t < 2; t++) {
      setSlopes(twin);
      other.step([twin]);
    }
    setSlopes(good);
    optimizer.step([good]);
    expect(good.value).toEqual(twin.value);
  });

  test("refuses a rate or a weight that is no number, before anything moves", () => {
    const p = parameter("p.weights", Matrix.from([[1, 2]]));
    const optimizer = make();
    setSlopes(p);
    for (const rate of [Number.NaN, -0.1, Infinity, "0.1" as never]) {
      optimizer.learningRate = rate;
      expect(() => optimizer.step([p])).toThrow(ValueError);
    }
    optimizer.learningRate = 0.1;
    p.value.set(0, 1, Number.NaN);
    expect(() => optimizer.step([p])).toThrow(/p\.weights/);
    expect(p.value.at(0, 0)).toBe(1);
    for (const bad of [undefined, p, [undefined], [{}], [{ ...p, gradient: new Matrix(3, 3) }]]) {
      expect(() => optimizer.step(bad as never)).toThrow(/parameter|gradient/);
    }
  });

  test("weights stay finite whatever finite gradients do", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(fc.double({ min: -1e154, max: 1e154, noNaN: true }), { minLength: 3, maxLength: 3 }),
          {
            maxLength: 20,
          },
        ),
        fc.double({ min: 1e-300, max: 3, noNaN: true }),
        (gradients, rate) => {
          const p = parameter("p.weights", Matrix.from([[1e300, -1, 0]]));
          const optimizer = make();
          optimizer.learningRate = rate;
          for (const g of gradients) {
            p.gradient.data.set(g);
            optimizer.step([p]);
          }
          expect(p.value.data.every(Number.isFinite)).toBe(true);
        },
      ),
    );
  });

  test("moves to the bottom of a bowl", () => {
    const p = parameter("p.weights", Matrix.from([[2, -1.5]]));
    const optimizer = make();
    const distance = () => Math.abs(p.value.at(0, 0)) + Math.abs(p.value.at(0, 1));
    for (let t = 0; t < 1000; t++) {
      p.gradient.data.set(p.value.data);
      optimizer.step([p]);
    }
    expect(distance()).toBeLessThan(0.05);
  });
});

/** Each optimizer at a rate, without weight decay. */
const ALL_KINDS: Record<string, (rate: number) => Optimizer> = {
  GradientDescent: (rate) => new GradientDescent(rate),
  Momentum: (rate) => new Momentum(rate),
  Nesterov: (rate) => new Nesterov(rate),
  RmsProp: (rate) => new RmsProp(rate),
  AdaGrad: (rate) => new AdaGrad(rate),
  Adam: (rate) => new Adam(rate),
  AdamW: (rate) => new AdamW(rate, { weightDecay: 0 }),
};

describe("the golden trajectories on x²", () => {
  const descend = (optimizer: Optimizer, steps: number): number[] => {
    const x = parameter("x", Matrix.from([[10]]));
    const path = [10];
    for (let t = 0; t < steps; t++) {
      zeroGradients([x]);
      x.gradient.set(0, 0, 2 * x.value.at(0, 0));
      optimizer.step([x]);
      path.push(x.value.at(0, 0));
    }
    return path;
  };

  test.each(Object.keys(golden.learning_rate))("gradient descent with rate %s", (rate) => {
    const expected = golden.learning_rate[rate];
    expectClose(descend(new GradientDescent(Number(rate)), expected.length - 1), expected, 1e-14);
  });

  test("a rate of 0.9 bounces from side to side, and shrinks by exactly |1 − 2·0.9| a step", () => {
    const path = descend(new GradientDescent(0.9), 20);
    path.slice(1).forEach((x, t) => {
      expect(Math.sign(x)).toBe(-Math.sign(path[t]));
      expect(Math.abs(x / path[t])).toBeCloseTo(0.8, 12);
    });
  });

  test("Adam with rate 0.5", () => {
    expectClose(descend(new Adam(0.5), 20), golden.adam_x_squared.history, 1e-13);
  });
});

describe("what is special about each", () => {
  const steady = (optimizer: Optimizer, steps: number, g = 3): number[] => {
    const p = parameter("p.weights", Matrix.from([[0]]));
    p.gradient.set(0, 0, g);
    return Array.from({ length: steps }, () => {
      const before = p.value.at(0, 0);
      optimizer.step([p]);
      return before - p.value.at(0, 0);
    });
  };

  test("on a steady slope momentum's steps grow to η·g/(1 − β)", () => {
    for (const optimizer of [new Momentum(0.1, { momentum: 0.9 }), new Nesterov(0.1, { momentum: 0.9 })]) {
      expect(steady(optimizer, 300).at(-1)).toBeCloseTo((0.1 * 3) / (1 - 0.9), 10);
    }
  });

  test("Nesterov's first step is longer than momentum's by the factor 1 + β", () => {
    expect(
      steady(new Nesterov(0.1, { momentum: 0.9 }), 1)[0] / steady(new Momentum(0.1, { momentum: 0.9 }), 1)[0],
    ).toBeCloseTo(1.9, 12);
  });

  test("on a steady slope AdaGrad's steps shrink as η/√t", () => {
    steady(new AdaGrad(0.5, { epsilon: 1e-12 }), 50).forEach((step, t) => {
      expect(step).toBeCloseTo(0.5 / Math.sqrt(t + 1), 9);
    });
  });

  test("on a steady slope of any size, Adam steps by one learning rate from the first step on", () => {
    for (const g of [1e-3, 1, 1e6]) {
      for (const step of steady(new Adam(0.5), 30, g)) expect(Math.abs(step / 0.5 - 1)).toBeLessThan(2e-5);
    }
  });

  test("without bias correction Adam's first step is (1 − β₁)/√(1 − β₂) ≈ 3.16 times as long", () => {
    const [first] = steady(new Adam(0.5, { biasCorrection: false }), 1);
    expect(first / 0.5).toBeCloseTo(0.1 / Math.sqrt(0.001), 6);
  });

  test("AdamW shrinks weights and leaves biases alone; without decay it is Adam", () => {
    const weights = parameter("w", Matrix.from([[1]]));
    const bias = parameter("b", Matrix.from([[1]]), { decays: false });
    new AdamW(0.1, { weightDecay: 0.5 }).step([weights, bias]); // gradients are zero
    expect(weights.value.at(0, 0)).toBe(0.95);
    expect(bias.value.at(0, 0)).toBe(1);
    expect(steady(new AdamW(0.1, { weightDecay: 0 }), 9)).toEqual(steady(new Adam(0.1), 9));
    const tooMuch = new AdamW(2, { weightDecay: 0.9 });
    expect(() => tooMuch.step([weights])).toThrow("learning rate × weight decay");
    expect(weights.value.at(0, 0)).toBe(0.95);
  });

  test.each(Object.entries(ALL_KINDS))(
    "%s steps with the rate it has now, as a schedule sets it",
    (_name, make) => {
      const walk = (rates: readonly number[]): number => {
        const w = parameter("w", Matrix.from([[1]]));
        const optimizer = make(rates[0]);
        for (const rate of rates) {
          optimizer.learningRate = rate;
          w.gradient.set(0, 0, 0.5);
          optimizer.step([w]);
        }
        return w.value.at(0, 0);
      };
      expect(walk([0.1, 0.1])).not.toBe(walk([0.1, 0.01]));
      expect(walk([0.1, 0])).toBe(walk([0.1]));
    },
  );

  test("the state can be read, and reading it changes nothing", () => {
    const p = parameter("p.weights", Matrix.from([[5]]));
    const adam = new Adam(0.1);
    expect(adam.stateOf(p).m.toRows()).toEqual([[0]]);
    p.gradient.set(0, 0, 2);
    adam.step([p]);
    const { m, v } = adam.stateOf(p);
    expect(m.at(0, 0)).toBeCloseTo(0.2, 15);
    expect(v.at(0, 0)).toBeCloseTo(0.004, 15);
    m.fill(99);
    expect(adam.stateOf(p).m.at(0, 0)).toBeCloseTo(0.2, 15);
    expect(new AdaGrad(0.1, { initialSum: 0.1 }).stateOf(p).sumOfSquares.at(0, 0)).toBe(0.1);
    expect(new GradientDescent().stateOf(p)).toEqual({});
  });
});

test("settings outside their range are refused by name", () => {
  for (const make of [
    () => new GradientDescent(0),
    () => new Momentum(-1),
    () => new Nesterov(Number.NaN),
    () => new AdaGrad(Infinity),
    () => new RmsProp("1" as never),
    () => new Adam(1e101),
    () => new AdamW(0),
  ]) {
    expect(make).toThrow(/the learning rate/);
  }
  expect(() => new Momentum(0.1, { momentum: 1 })).toThrow(
    /Momentum: expected the momentum to be a number at least 0 and less than 1/,
  );
  expect(() => new Nesterov(0.1, { momentum: -0.1 })).toThrow(ValueError);
  expect(() => new RmsProp(0.1, { decay: 1 })).toThrow(/the decay/);
  expect(() => new Adam(0.1, { beta1: 1 })).toThrow(/beta1/);
  expect(() => new Adam(0.1, { beta2: 2 })).toThrow(/beta2/);
  expect(() => new Adam(0.1, { epsilon: 0 })).toThrow(/epsilon/);
  expect(() => new AdamW(0.1, { weightDecay: -1 })).toThrow(/weightDecay/);
  expect(() => new AdaGrad(0.1, { initialSum: -1 })).toThrow(/initialSum/);
});

describe("gradient clipping", () => {
  const withGradients = (...gradients: number[][]): Parameter[] =>
    gradients.map((g, i) => {
      const p = parameter(`p${i}`, new Matrix(1, g.length));
      p.gradient.data.set(g);
      return p;
    });

  test("by value cuts each entry", () => {
    const parameters = withGradients([5, -0.5], [-7]);
    clipGradientsByValue(parameters, 1);
    expect(parameters.map(({ gradient }) => Array.from(gradient.data))).toEqual([[1, -0.5], [-1]]);
  });

  test("by norm keeps the direction and the proportions between parameters, and returns the norm before", () => {
    const parameters = withGradients([3, 0], [4]);
    expect(clipGradientsByNorm(parameters, 1)).toBe(5);
    expectClose(Array.from(parameters[0].gradient.data), [0.6, 0], 1e-15);
    expectClose(Array.from(parameters[1].gradient.data), [0.8], 1e-15);
  });

  test("by norm leaves short gradients untouched, to the bit", () => {
    const parameters = withGradients([0.3, 0.1], [0.2]);
    clipGradientsByNorm(parameters, 1);
    expect(Array.from(parameters[0].gradient.data)).toEqual([0.3, 0.1]);
  });

  test("a parameter listed twice counts once, and is scaled once", () => {
    const [p] = withGradients([6, 8]);
    expect(clipGradientsByNorm([p, p], 5)).toBe(10);
    expect(Array.from(p.gradient.data)).toEqual([3, 4]);
  });

  test("the norm neither overflows nor vanishes", () => {
    expect(gradientNorm(withGradients([3e200, 4e200]))).toBeCloseTo(5e200, -188);
    expect(gradientNorm(withGradients([3e-200], [4e-200])) / 5e-200).toBeCloseTo(1, 14);
    expect(gradientNorm(withGradients([5e-324]))).toBe(5e-324);
    expect(gradientNorm(withGradients([0, 0]))).toBe(0);
  });

  test("after clipping by norm no norm exceeds the limit", () => {
    const entry = fc.double({ min: -1e300, max: 1e300, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(entry, { minLength: 1 }),
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        (g, limit) => {
          const parameters = withGradients(g);
          const before = clipGradientsByNorm(parameters, limit);
          expect(gradientNorm(parameters)).toBeLessThanOrEqual(Math.min(before, limit) * (1 + 1e-12));
        },
      ),
    );
  });

  test("NaN or ∞ is refused, and nothing changes", () => {
    const parameters = withGradients([10], [Number.NaN]);
    expect(() => clipGradientsByNorm(parameters, 1)).toThrow(/gradient of p1/);
    expect(() => clipGradientsByValue(parameters, 1)).toThrow(/gradient of p1/);
    expect(parameters[0].gradient.at(0, 0)).toBe(10);
    expect(() => clipGradientsByNorm(withGradients([1]), 0)).toThrow(/the limit/);
    expect(() => clipGradientsByValue(withGradients([1]), -1)).toThrow(/the limit/);
  });
});
