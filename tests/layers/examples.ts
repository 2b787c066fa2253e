/*
 * An example of each layer, with which everything that must hold for every layer is tested: slopes against a nudge, saving
 * and loading, the twin in TensorFlow.js, bad input by the thousand. A new layer needs one entry here.
 */
import * as g from "glassbox";
import { type AnyLayer, Ids, type Matrix, Ragged, type Random } from "glassbox";

export interface LayerExample {
  /** The name of the class. */
  readonly name: string;
  /** What its constructor takes, all options given; to be spoiled one by one. */
  arguments(random: Random): unknown[];
  /** One column of an input that it takes. Features when left out: as many as `features` says. */
  readonly features?: number;
  /** For a layer that takes ids: they are below this. */
  readonly vocabulary?: number;
  /** True when it takes sequences. */
  readonly sequences?: boolean;
  /** True for a layer without a parameter. */
  readonly learnsNothing?: boolean;
  /** True when its constructor keeps a layer that it is given, and whoever computes looks at the numbers. */
  readonly keeps?: boolean;
}

export const layerExamples: readonly LayerExample[] = [
  {
    name: "AdditiveAttention",
    arguments: (random) => [
      3,
      2,
      {
        name: "a",
        random,
        initializer: g.normal(1),
        causal: true,
        query: random.randnMatrix(2, 3).scale(0.5),
        key: random.randnMatrix(2, 3).scale(0.5),
        score: random.randnMatrix(1, 2),
      },
    ],
    features: 3,
    sequences: true,
  },
  {
    name: "Embedding",
    arguments: (random) => [
      5,
      3,
      { name: "e", random, initializer: g.normal(1), weights: random.randnMatrix(3, 5) },
    ],
    vocabulary: 5,
  },
  // The numbers of recurrent layers are small: where tanh and sigmoid saturate, 1 − h² loses its digits in float32.
  {
    name: "Gru",
    arguments: (random) => [
      3,
      2,
      {
        name: "g",
        random,
        initializer: g.normal(1),
        inputWeights: random.randnMatrix(6, 3).scale(0.4),
        gateWeights: random.randnMatrix(4, 2).scale(0.4),
        candidateWeights: random.randnMatrix(2, 2).scale(0.4),
        bias: random.randnMatrix(6, 1).scale(0.4),
        carry: 0,
      },
    ],
    features: 3,
    sequences: true,
  },
  {
    name: "LearnedPositions",
    arguments: (random) => [
      3, // the longest sequence that an example has
      3,
      { name: "p", random, initializer: g.normal(1), weights: random.randnMatrix(3, 3) },
    ],
    features: 3,
    sequences: true,
  },
  {
    name: "Lstm",
    arguments: (random) => [
      3,
      2,
      {
        name: "l",
        random,
        forgetBias: 1,
        initializer: g.normal(1),
        inputWeights: random.randnMatrix(8, 3).scale(0.4),
        stateWeights: random.randnMatrix(8, 2).scale(0.4),
        bias: random.randnMatrix(8, 1).scale(0.4),
        carry: 0,
      },
    ],
    features: 3,
    sequences: true,
  },
  {
    name: "Recurrent",
    arguments: (random) => [
      3,
      2,
      {
        name: "h",
        random,
        initializer: g.normal(1),
        inputWeights: random.randnMatrix(2, 3).scale(0.4),
        stateWeights: random.randnMatrix(2, 2).scale(0.4),
        bias: random.randnMatrix(2, 1).scale(0.4),
        carry: 0,
      },
    ],
    features: 3,
    sequences: true,
  },
  {
    name: "RmsNorm",
    arguments: (random) => [3, { name: "r", epsilon: Math.fround(0.1), gamma: random.randMatrix(3, 1) }],
    features: 3,
  },
  {
    name: "SelfAttention",
    arguments: (random) => [
      4,
      {
        name: "a",
        random,
        initializer: g.normal(0.5),
        heads: 2,
        causal: true,
        mask: g.Matrix.from([
          [1, 1, 0],
          [0, 1, 1],
          [0, 0, 1],
        ]), // the longest sequence that an example has is 3
        rotary: true,
        scale: 0.75,
        bias: "output", // the slope of a key bias is a sum that cancels: float32 has few digits of it
        weights: byRole(() => random.randnMatrix(4, 4).scale(0.5)),
        biases: { output: random.randnMatrix(4, 1) },
      },
    ],
    features: 4,
    sequences: true,
  },
  {
    name: "SinusoidalPositions",
    arguments: () => [3, { name: "s", base: 100 }],
    features: 3,
    sequences: true,
    learnsNothing: true,
  },
  {
    name: "SwiGlu",
    arguments: (random) => [
      3,
      4,
      {
        name: "f",
        random,
        initializer: g.normal(0.5),
        gate: random.randnMatrix(4, 3),
        up: random.randnMatrix(4, 3),
        down: random.randnMatrix(3, 4),
      },
    ],
    features: 3,
  },
  {
    name: "TiedHead",
    arguments(random) {
      const embedding = new g.Embedding(5, 3, { weights: random.randnMatrix(3, 5) });
      return [embedding, { name: "t", bias: random.randnMatrix(5, 1) }];
    },
    features: 3,
    keeps: true,
  },
  {
    name: "TransformerBlock",
    arguments: (random) => [
      4,
      {
        name: "b",
        random,
        initializer: g.normal(0.5),
        heads: 2,
        causal: true,
        rotary: true,
        scale: 0.75,
        hidden: 5,
        activation: g.tanh,
        norm: "before",
        epsilon: Math.fround(0.1),
      },
    ],
    features: 4,
    sequences: true,
  },
  // A part that is given brings its own options.
  {
    name: "TransformerBlock",
    arguments: (random) => [
      4,
      {
        name: "b",
        norm: "after",
        attention: new g.SelfAttention(4, { heads: 2, random, initializer: g.normal(0.5) }),
        feedForward: new g.SwiGlu(4, 3, { random, initializer: g.normal(0.5) }),
        norms: [
          new g.LayerNorm(4, { epsilon: Math.fround(0.1) }),
          new g.RmsNorm(4, { epsilon: Math.fround(0.1) }),
        ],
      },
    ],
    features: 4,
    sequences: true,
    keeps: true,
  },
];

/** A matrix for each product of an attention layer. */
function byRole(draw: () => Matrix): Record<string, Matrix> {
  return { query: draw(), key: draw(), value: draw(), output: draw() };
}

/** The layer of an example. */
export function makeExample({ name, ...example }: LayerExample, random: Random): AnyLayer {
  // biome-ignore lint/suspicious/noExplicitAny: any class of the library
  const made: new (...args: any[]) => AnyLayer = (g as any)[name];
  return new made(...example.arguments(random));
}

/** An input of m columns or ids for the layer of an example; in sequences of 2, 1, 3, 2, 1, 3, … where it takes those. */
export function exampleInput(
  { features = 1, vocabulary, sequences = false }: LayerExample,
  random: Random,
  m: number,
): Matrix | Ids | Ragged | Ragged<Ids> {
  const tokens =
    vocabulary === undefined
      ? random.randnMatrix(features, m)
      : new Ids(Array.from({ length: m }, () => random.randint(0, vocabulary)));
  if (!sequences) return tokens;
  const starts = [0];
  while (starts[starts.length - 1] < m) {
    starts.push(Math.min(m, starts[starts.length - 1] + [2, 1, 3][(starts.length - 1) % 3]));
  }
  return new Ragged<Matrix | Ids>(tokens, Int32Array.from(starts)) as Ragged | Ragged<Ids>;
}
