/*
 * Additive attention, the first there was: query and key are not multiplied but added, inside a small network with one
 * hidden layer, whose output is the score. What comes back is a mean of the words themselves, weighted by the softmax of
 * the scores; there are no values apart.
 *
 *   z(u, t) = tanh(Wq·x(t) + Wk·m(u))        hidden units, for each pair of a query t and a word u
 *   s(u, t) = v·z(u, t)                      how well word u fits query t
 *   a(u, t) = e^s(u, t) / Σ_u e^s(u, t)      a column of weights that sums to 1
 *   c(t)    = Σ_u a(u, t)·m(u)
 *
 * The way back, from dc: a word is blamed twice, for what it said and for how it was found.
 *
 *   da(u, t) = m(u)·dc(t)                             dm(u) += a(u, t)·dc(t)
 *   ds(u, t) = a(u, t)·(da(u, t) − Σ_u a·da)          dv    += ds(u, t)·z(u, t)
 *   dz(u, t) = ds(u, t)·v ⊙ (1 − z²)                  dq(t) = Σ_u dz(u, t),   dk(u) = Σ_t dz(u, t)
 *   dWq += dq·xᵀ,  dWk += dk·mᵀ                       dx = Wqᵀ·dq,            dm += Wkᵀ·dk
 */
import { type Backward, type Layer, NOTHING, type Parameter, Pass } from "../core/core";
import type { LayerKind, Tensor, TwinTools } from "../core/kind";
import { type Initializer, lecunNormal } from "../initializers/initializers";
import type { ProductOptions } from "../numbers/engine";
import { requireWhole, ShapeError } from "../numbers/errors";
import { Matrix, requireMatrix } from "../numbers/matrix";
import { aFunction, anything, flag, type OptionTable, text } from "../numbers/options";
import { longestOf, type Ragged } from "../numbers/ragged";
import { drawnOrNot, type Random, requireRandom } from "../numbers/random";
import { admit, enterFinite, leaveFinite, overflow, ownerOf, ownOrShared, requireFeatures } from "./door";
import { enterSequences } from "./through-time";

const ADD_OUTER: ProductOptions = { add: true, turnRight: true };
const TURNED: ProductOptions = { turnLeft: true };
const TURNED_ADD: ProductOptions = { turnLeft: true, add: true };

export interface AdditiveAttentionOptions {
  readonly name?: string;
  /** The seeded generator that the first weights are drawn from. Needed unless all weights are given. */
  readonly random?: Random;
  /** How to draw each of the three; normal with variance 1/columns when left out. */
  readonly initializer?: Initializer;
  /** True, as when left out: no token sees a later one. False: each sees its whole sequence. */
  readonly causal?: boolean;
  /** Given Wq (hidden × width), copied or shared. */
  readonly query?: Matrix | Parameter;
  /** Given Wk (hidden × width), copied or shared. */
  readonly key?: Matrix | Parameter;
  /** Given v (1 × hidden), copied or shared. */
  readonly score?: Matrix | Parameter;
}

const OPTIONS: OptionTable<AdditiveAttentionOptions> = {
  name: text,
  random: (owner, _what, value) => requireRandom(owner, value),
  initializer: aFunction("an initializer such as lecunNormal"),
  causal: flag,
  query: anything,
  key: anything,
  score: anything,
};

/** What goes through the layer: queries, the words that they ask, and for both where each sequence begins. */
interface Question {
  readonly queries: Matrix;
  readonly words: Matrix;
  readonly starts: { readonly queries: Int32Array; readonly words: Int32Array };
  readonly causal: boolean;
}

/** What the way back needs of the way forward. */
interface Asked {
  /** (width × queries) */
  readonly context: Matrix;
  /** (longest × queries): column t is a(·, t), counted from the first word of the sequence. */
  readonly weights: Matrix;
  /** (hidden × longest·queries): column t·longest + u is z(u, t). */
  readonly Z: Matrix;
  readonly longest: number;
}

/**
 * As a layer each token asks its own sequence: (width × tokens) → (width × tokens). With `ask`, as in the paper, somebody
 * else does: the state of a decoder asks what an encoder has left of each word.
 * @see Bahdanau, Cho & Bengio 2015, "Neural Machine Translation by Jointly Learning to Align and Translate", section 3.1 and
 *   appendix A.1.2
 */
export class AdditiveAttention implements Layer<Ragged, Ragged> {
  readonly name: string;
  readonly takesSequences = true;
  readonly width: number;
  readonly hidden: number;
  readonly causal: boolean;
  /** Wq (hidden × width) */
  readonly query: Parameter;
  /** Wk (hidden × width) */
  readonly key: Parameter;
  /** v (1 × hidden) */
  readonly score: Parameter;
  readonly parameters: readonly Parameter[];

  /**
   * @param width features of a token, and of a query
   * @param hidden units of the network that scores a pair
   */
  constructor(width: number, hidden: number, options: AdditiveAttentionOptions = {}) {
    this.name = admit("AdditiveAttention", options, OPTIONS);
    this.width = requireWhole(ownerOf(this), "the width", width);
    this.hidden = requireWhole(ownerOf(this), "hidden", hidden);
    const { causal = true } = options;
    this.causal = causal;
    const own = (
      name: "query" | "key" | "score",
      shape: string,
      rows: number,
      columns: number,
    ): Parameter => {
      const given = options[name] ?? this.draw(rows, columns, options);
      return ownOrShared(this, name, shape, given, [rows, columns]);
    };
    [this.query, this.key, this.score] = drawnOrNot(options.random, () => [
      own("query", "hidden × width", hidden, width),
      own("key", "hidden × width", hidden, width),
      own("score", "1 × hidden", 1, hidden),
    ]);
    this.parameters = [this.query, this.key, this.score];
  }

  private draw(
    rows: number,
    columns: number,
    { random, initializer = lecunNormal }: AdditiveAttentionOptions,
  ): Matrix {
    requireRandom(ownerOf(this), random);
    return initializer(rows, columns, random);
  }

  outputRows(rows: number | undefined, tokens?: number): number {
    requireFeatures(this, this.width, rows, tokens);
    return this.width;
  }

  /** (width × tokens) → (width × tokens). @throws DivergenceError when the scores overflow */
  forward(input: Ragged, pass: Pass = new Pass()): readonly [Ragged, Backward<Ragged, Ragged>] {
    enterSequences(this, input, pass);
    const question = this.questionWithin(input);
    const asked = this.compute(question, pass);
    const [, backward] = leaveFinite(this, pass, asked.context, (dContext) => {
      const [dQueries, dWords] = this.blame(question, asked, dContext, pass);
      if (!pass.inputGradient) return NOTHING;
      pass.engine.add(dQueries, dWords, dWords); // the same tokens in both roles
      return dWords;
    });
    return [input.with(asked.context), backward];
  }

  /**
   * What every query takes from all words: the contexts (width × queries) and the way back, which gives the slopes of queries
   * and of words.
   * @param queries (width × queries), such as the state of a decoder
   * @param words (width × words), such as the states that an encoder has left
   */
  ask(
    queries: Matrix,
    words: Matrix,
    pass: Pass = new Pass(),
  ): readonly [
    contexts: Matrix,
    backward: (dContexts: Matrix) => readonly [dQueries: Matrix, dWords: Matrix],
  ] {
    const question = this.questionOf(queries, words, pass);
    const asked = this.compute(question, pass);
    return leaveFinite(this, pass, asked.context, (dContexts) =>
      this.blame(question, asked, dContexts, pass),
    );
  }

  /** How much every query looks at every word: (words × queries), each column sums to 1. */
  weightsOf(queries: Matrix, words: Matrix): Matrix {
    const pass = new Pass();
    return this.compute(this.questionOf(queries, words, pass), pass).weights;
  }

  /** For each sequence a map (tokens × tokens), keys × queries, in which a column is a token that asks and sums to 1. */
  maps(input: Ragged): Matrix[] {
    const pass = new Pass();
    enterSequences(this, input, pass);
    const { starts } = input;
    const { weights } = this.compute(this.questionWithin(input), pass);
    return Array.from({ length: input.length }, (_s, s) => {
      const length = starts[s + 1] - starts[s];
      return new Matrix(length, length).map((_, u, t) =>
        this.causal && u > t ? 0 : weights.at(u, starts[s] + t),
      );
    });
  }

  /** Every token asks its own sequence: the same tokens in both roles. */
  private questionWithin({ columns, starts }: Ragged): Question {
    return {
      queries: columns,
      words: columns,
      starts: { queries: starts, words: starts },
      causal: this.causal,
    };
  }

  private questionOf(queries: Matrix, words: Matrix, pass: Pass): Question {
    requireColumnsOf(this, "queries", queries);
    requireColumnsOf(this, "words", words);
    enterFinite(this, queries, pass);
    enterFinite(this, words, pass);
    const starts = {
      queries: Int32Array.of(0, queries.columns),
      words: Int32Array.of(0, words.columns),
    };
    return { queries, words, starts, causal: false };
  }

  private compute({ queries, words, starts, causal }: Question, pass: Pass): Asked {
    const { engine } = pass;
    const { width, hidden } = this;
    const Q = pass.take(hidden, queries.columns); // Wq·x
    const K = pass.take(hidden, words.columns); // Wk·m
    engine.product(this.query.value, queries, Q);
    engine.product(this.key.value, words, K);
    const longest = longestOf(starts.words);
    const Z = pass.take(hidden, longest * queries.columns);
    const weights = pass.take(longest, queries.columns);
    const context = pass.take(width, queries.columns);
    const v = this.score.value.data;
    for (let s = 0; s + 1 < starts.words.length; s++) {
      const first = starts.words[s];
      for (let t = starts.queries[s]; t < starts.queries[s + 1]; t++) {
        const seen = causal ? t - first + 1 : starts.words[s + 1] - first;
        const column = t * longest;
        let largest = -Infinity;
        for (let u = 0; u < seen; u++) {
          const at = (column + u) * hidden;
          let score = 0;
          for (let k = 0; k < hidden; k++) {
            const z = Math.tanh(Q.data[t * hidden + k] + K.data[(first + u) * hidden + k]);
            Z.data[at + k] = z;
            score += v[k] * z;
          }
          weights.data[column + u] = score;
          largest = Math.max(largest, score);
        }
        let sum = 0;
        for (let u = 0; u < seen; u++) {
          const power = Math.exp(weights.data[column + u] - largest);
          weights.data[column + u] = power;
          sum += power;
        }
        for (let u = 0; u < seen; u++) weights.data[column + u] = weights.data[column + u] / sum;
        for (let i = 0; i < width; i++) {
          let mean = 0;
          for (let u = 0; u < seen; u++) {
            mean += words.data[(first + u) * width + i] * weights.data[column + u];
          }
          context.data[t * width + i] = mean;
        }
      }
    }
    if (!engine.allFinite(context)) throw overflow(this);
    return { context, weights, Z, longest };
  }

  private blame(
    { queries, words, starts, causal }: Question,
    { weights, Z, longest }: Asked,
    dContext: Matrix,
    pass: Pass,
  ): readonly [dQueries: Matrix, dWords: Matrix] {
    const { engine } = pass;
    const { width, hidden } = this;
    const dQ = pass.take(hidden, queries.columns);
    const dK = pass.take(hidden, words.columns);
    const dWords = pass.take(width, words.columns);
    for (const sum of [dQ, dK, dWords]) sum.data.fill(0);
    const slopes = pass.take(longest, 1); // ds of one query
    const v = this.score.value.data;
    const dv = this.score.gradient.data;
    for (let s = 0; s + 1 < starts.words.length; s++) {
      const first = starts.words[s];
      for (let t = starts.queries[s]; t < starts.queries[s + 1]; t++) {
        const seen = causal ? t - first + 1 : starts.words[s + 1] - first;
        const column = t * longest;
        let mean = 0; // Σ a·da
        for (let u = 0; u < seen; u++) {
          const a = weights.data[column + u];
          const word = (first + u) * width;
          let slope = 0;
          for (let i = 0; i < width; i++) {
            const dc = dContext.data[t * width + i];
            slope += words.data[word + i] * dc;
            dWords.data[word + i] += a * dc; // for what it said
          }
          slopes.data[u] = slope;
          mean += a * slope;
        }
        for (let u = 0; u < seen; u++) {
          const ds = weights.data[column + u] * (slopes.data[u] - mean);
          const at = (column + u) * hidden;
          for (let k = 0; k < hidden; k++) {
            const z = Z.data[at + k];
            const dz = ds * v[k] * (1 - z * z);
            dv[k] += ds * z;
            dQ.data[t * hidden + k] += dz;
            dK.data[(first + u) * hidden + k] += dz;
          }
        }
      }
    }
    engine.product(dQ, queries, this.query.gradient, ADD_OUTER); // dWq += dq·xᵀ
    engine.product(dK, words, this.key.gradient, ADD_OUTER); // dWk += dk·mᵀ
    if (!pass.inputGradient) return [NOTHING, NOTHING];
    const dQueries = pass.take(width, queries.columns);
    engine.product(this.query.value, dQ, dQueries, TURNED); // dx = Wqᵀ·dq
    engine.product(this.key.value, dK, dWords, TURNED_ADD); // for how it was found
    return [dQueries, dWords];
  }

  static readonly kind: LayerKind<AdditiveAttention> = {
    title: "AdditiveAttention",
    letter: "C",
    write: ({ width, hidden, causal, query, key, score }) => ({
      options: { width, hidden, causal: causal ? 1 : 0 },
      weights: { query, key, score },
    }),
    read(entry) {
      const [width, hidden] = [entry.number("width"), entry.number("hidden")];
      return new AdditiveAttention(width, hidden, {
        name: entry.name,
        causal: entry.number("causal") !== 0,
        query: entry.parameter("query", hidden, width),
        key: entry.parameter("key", hidden, width),
        score: entry.parameter("score", 1, hidden),
      });
    },
    twin: additiveTwin,
  };
}

/** There are two inputs: says of which of them the shape is another. */
function requireColumnsOf(layer: AdditiveAttention, what: string, given: unknown): void {
  requireMatrix(ownerOf(layer), given, `the ${what} as a Matrix`);
  if (given.rows === layer.width && given.columns > 0) return;
  throw new ShapeError(
    `${ownerOf(layer)}: expected ${what} of ${layer.width} rows, at least one column, got ${given.shape}.`,
  );
}

/** Query by query, as the formula reads: rows are tokens there. What a query does not see is left out. */
function additiveTwin(layer: AdditiveAttention, x: Tensor, use: TwinTools): Tensor {
  const { tf, variable, starts = Int32Array.of(0, x.shape[0]) } = use;
  const { width, hidden, causal } = layer;
  const Q = tf.matMul(x, variable(layer.query));
  const K = tf.matMul(x, variable(layer.key));
  const v = variable(layer.score); // (hidden × 1)
  const contexts: Tensor[] = [];
  for (let s = 0; s + 1 < starts.length; s++) {
    for (let t = starts[s]; t < starts[s + 1]; t++) {
      const seen = (causal ? t + 1 : starts[s + 1]) - starts[s];
      const keys = tf.slice(K, [starts[s], 0], [seen, hidden]);
      const words = tf.slice(x, [starts[s], 0], [seen, width]);
      const scores = tf.matMul(tf.tanh(tf.add(keys, tf.slice(Q, [t, 0], [1, hidden]))), v); // (seen × 1)
      const weights = tf.softmax(tf.reshape(scores, [1, seen]));
      contexts.push(tf.matMul(weights, words));
    }
  }
  return tf.concat(contexts, 0);
}
