/*
 * Self-attention: the only layer in which tokens look at each other. Each token asks a question (its query), shows what it
 * is about (its key), and has something to say (its value): Q = Wq·X, K = Wk·X, V = Wv·X. A query is compared with all
 * keys, and what comes back is a mean of the values, weighted by how well the keys fit (see kernels/attention.ts). Several
 * heads do this side by side, each on rows of its own, and O = Wo·heads puts together what they found.
 *
 * The way back runs the same road in the opposite direction: through Wo into the heads, through the mean into values,
 * queries and keys, and from all three, added up, into X.
 */
import { type Backward, type Layer, NOTHING, type Parameter, Pass } from "../core/core";
import type { LayerEntry, LayerKind, Tensor, TwinTools } from "../core/kind";
import { type Initializer, normal } from "../initializers/initializers";
import type { AttentionOptions, ProductOptions } from "../numbers/engine";
import { describe, requireWhole, StateError, ValueError } from "../numbers/errors";
import { attend } from "../numbers/kernels/attention";
import { Matrix } from "../numbers/matrix";
import {
  aFunction,
  anything,
  flag,
  numberIn,
  type OptionTable,
  oneOf,
  text,
  whole,
} from "../numbers/options";
import { longestOf, type Ragged } from "../numbers/ragged";
import { drawnOrNot, type Random, requireRandom } from "../numbers/random";
import { requireMask, requireRoom, requireSeen } from "./attention-mask";
import { admit, enterFinite, leaveFinite, overflow, ownerOf, ownOrShared, requireFeatures } from "./door";
import { placesOf, rotaryTables, rotate } from "./rotary";
import { enterSequences } from "./through-time";

const ADD_OUTER: ProductOptions = { add: true, turnRight: true };
const TURNED: ProductOptions = { turnLeft: true };
const TURNED_ADD: ProductOptions = { turnLeft: true, add: true };

/** What is learned of each of the four products. */
const ROLES = ["query", "key", "value", "output"] as const;
type Role = (typeof ROLES)[number];

export interface SelfAttentionOptions {
  readonly name?: string;
  /** The seeded generator that the first weights are drawn from. Needed unless all `weights` are given. */
  readonly random?: Random;
  /** How to draw them; normal with a standard deviation of 0.02, as GPT-2 does, when left out. */
  readonly initializer?: Initializer;
  /** How many heads share the width; 1 when left out. */
  readonly heads?: number;
  /** True, as when left out: no token sees a later one. False: each sees its whole sequence. */
  readonly causal?: boolean;
  /**
   * Who may look at whom besides: 1 at (u, t) where token t sees token u, 0 where it does not; (tokens × tokens), keys ×
   * queries, copied. A sequence of fewer tokens is masked by the first of them. Everybody is seen when left out.
   */
  readonly mask?: Matrix;
  /** True: queries and keys are turned by their places (see rotary.ts). False when left out. */
  readonly rotary?: boolean;
  /** What the dot products are multiplied with; 1/√(rows of a head) when left out. */
  readonly scale?: number;
  /** Which products have a bias: the last, as when left out, all four, or none. */
  readonly bias?: "output" | "all" | "none";
  /** Given weights (width × width): matrices are copied, another layer's Parameters are shared. */
  readonly weights?: { readonly [role in Role]?: Matrix | Parameter };
  /** Given biases (width × 1), for the products that have one; zeros when left out. */
  readonly biases?: { readonly [role in Role]?: Matrix | Parameter };
}

const OPTIONS: OptionTable<SelfAttentionOptions> = {
  name: text,
  random: (owner, _what, value) => requireRandom(owner, value),
  initializer: aFunction("an initializer such as normal(0.02)"),
  heads: whole(1),
  causal: flag,
  mask: anything, // `requireMask` looks at it
  rotary: flag,
  scale: numberIn({}),
  bias: oneOf("output", "all", "none"),
  weights: byRole,
  biases: byRole,
};

/** What attention remembers of one sequence: the keys and values of its tokens so far, a column each. */
export interface KeyValueCache {
  /** How many tokens it has seen. */
  tokens: number;
  /** (width × room for tokens); the columns behind `tokens` are free. */
  keys: Matrix;
  values: Matrix;
  /** (room for tokens × 1): where the weights of one query are computed. */
  weights: Matrix;
}

/**
 * O = Wo·heads(X) + b, with X, O (width × tokens), where head h of a token is the weighted mean of the values that it sees.
 * @see Vaswani et al. 2017, "Attention Is All You Need"
 */
export class SelfAttention implements Layer<Ragged, Ragged> {
  readonly name: string;
  readonly takesSequences = true;
  readonly width: number;
  readonly heads: number;
  readonly causal: boolean;
  /** Who may look at whom, (tokens × tokens); undefined where everybody may. */
  readonly mask: Matrix | undefined;
  readonly rotary: boolean;
  readonly scale: number;
  /** Wq, Wk, Wv, Wo: (width × width) each; head h has the rows h·size to (h + 1)·size − 1 of the first three. */
  readonly query: Parameter;
  readonly key: Parameter;
  readonly value: Parameter;
  readonly output: Parameter;
  /** (width × 1) each, for the products that have one. */
  readonly queryBias: Parameter | undefined;
  readonly keyBias: Parameter | undefined;
  readonly valueBias: Parameter | undefined;
  readonly outputBias: Parameter | undefined;
  readonly parameters: readonly Parameter[];
  /** Which products have a bias. */
  readonly bias: "output" | "all" | "none";

  /**
   * @param width features of a token, which the heads divide among them
   * @throws ValueError for heads that do not divide the width, for an odd size of a head that is to be turned, and for a mask
   *   that hides all from a token
   */
  constructor(width: number, options: SelfAttentionOptions = {}) {
    this.name = admit("SelfAttention", options, OPTIONS);
    const owner = ownerOf(this);
    this.width = requireWhole(owner, "the width", width);
    const { heads = 1, causal = true, rotary = false, bias = "output", weights = {}, biases = {} } = options;
    if (width % heads !== 0) {
      throw new ValueError(`${owner}: expected heads that divide the width, ${width}, got ${heads}.`);
    }
    const size = width / heads;
    if (rotary && size % 2 !== 0) {
      throw new ValueError(
        `${owner}: expected heads with an even number of rows, which turn in pairs, got ${size} rows.`,
      );
    }
    if (options.mask !== undefined) requireMask(owner, options.mask, causal);
    this.heads = heads;
    this.causal = causal;
    this.mask = options.mask?.clone();
    this.rotary = rotary;
    this.scale = options.scale ?? 1 / Math.sqrt(size);
    this.bias = bias;
    const biasOf = (role: Role): Parameter | undefined => {
      if (bias === "all" || bias === role) {
        const given = biases[role] ?? new Matrix(width, 1);
        return ownOrShared(this, `${role}Bias`, "width × 1", given, [width, 1], { decays: false });
      }
      if (biases[role] === undefined) return undefined;
      throw new ValueError(`${owner}: expected no ${role} bias, as bias is "${bias}", got one.`);
    };
    this.queryBias = biasOf("query");
    this.keyBias = biasOf("key");
    this.valueBias = biasOf("value");
    this.outputBias = biasOf("output");
    for (const role of ROLES) if (weights[role] === undefined) requireRandom(owner, options.random);
    const weightsOf = (role: Role): Parameter => {
      const given = weights[role] ?? this.draw(options);
      return ownOrShared(this, role, "width × width", given, [width, width]);
    };
    [this.query, this.key, this.value, this.output] = drawnOrNot(options.random, () => ROLES.map(weightsOf));
    const all = [this.query, this.key, this.value, this.output];
    const shifts = [this.queryBias, this.keyBias, this.valueBias, this.outputBias];
    this.parameters = [...all, ...shifts.filter((one) => one !== undefined)];
  }

  private draw({ random, initializer = normal(0.02) }: SelfAttentionOptions): Matrix {
    requireRandom(ownerOf(this), random);
    return initializer(this.width, this.width, random);
  }

  outputRows(rows: number | undefined, tokens?: number): number {
    requireFeatures(this, this.width, rows, tokens);
    return this.width;
  }

  /**
   * (width × tokens) → (width × tokens).
   * @throws ShapeError for a sequence longer than the mask, ValueError where the mask hides all of a short one from a token,
   *   DivergenceError when the scores overflow
   */
  forward(input: Ragged, pass: Pass = new Pass()): readonly [Ragged, Backward<Ragged, Ragged>] {
    this.enter(input, pass);
    const X = input.columns;
    const { engine } = pass;
    const { width, heads } = this;
    const { Q, K, V } = this.project(X, input.starts, 0, pass);
    const how = this.how(input.starts);
    const longest = foursOf(input.starts);
    const weights = pass.take(longest, heads * X.columns);
    const mixed = pass.take(width, X.columns);
    const room = roomFor(width, input.starts, pass);
    engine.attention(Q, K, V, weights, mixed, room, how);
    const O = times(this.output, this.outputBias, mixed, pass);
    if (!engine.allFinite(O)) throw overflow(this);

    const [, backward] = leaveFinite(this, pass, O, (dO) => {
      const dMixed = pass.take(width, X.columns);
      engine.product(dO, mixed, this.output.gradient, ADD_OUTER); // dWo += dO·headsᵀ
      if (this.outputBias !== undefined) engine.sumColumns(dO, this.outputBias.gradient, true);
      engine.product(this.output.value, dO, dMixed, TURNED); // dHeads = Woᵀ·dO
      const slopes = pass.take(longest, heads * X.columns);
      const dQ = pass.take(width, X.columns);
      const dK = pass.take(width, X.columns);
      const dV = pass.take(width, X.columns);
      engine.attentionBackward(Q, K, V, weights, dMixed, slopes, dQ, dK, dV, room, how);
      if (this.rotary) {
        rotate(dQ, width / heads, input.starts, -1);
        rotate(dK, width / heads, input.starts, -1);
      }
      const dX = pass.inputGradient ? pass.take(width, X.columns) : NOTHING;
      blame(this.query, this.queryBias, dQ, X, dX, TURNED, pass);
      blame(this.key, this.keyBias, dK, X, dX, TURNED_ADD, pass);
      blame(this.value, this.valueBias, dV, X, dX, TURNED_ADD, pass);
      return dX;
    });
    return [input.with(O), backward];
  }

  private enter(input: Ragged, pass: Pass): void {
    enterSequences(this, input, pass);
    if (this.mask !== undefined) requireSeen(ownerOf(this), this.mask, input.starts);
  }

  /** Q, K and V (width × tokens), queries and keys turned where that is asked for. */
  private project(
    X: Matrix,
    starts: Int32Array,
    before: number,
    pass: Pass,
  ): { Q: Matrix; K: Matrix; V: Matrix } {
    const Q = times(this.query, this.queryBias, X, pass);
    const K = times(this.key, this.keyBias, X, pass);
    const V = times(this.value, this.valueBias, X, pass);
    if (this.rotary) {
      const size = this.width / this.heads;
      rotate(Q, size, starts, 1, before);
      rotate(K, size, starts, 1, before);
    }
    return { Q, K, V };
  }

  private how(starts: Int32Array): AttentionOptions {
    return { starts, heads: this.heads, scale: this.scale, causal: this.causal, mask: this.mask };
  }

  /**
   * Who looks at whom: for each sequence and each head a map (keys × queries), in which a column is a token that asks and
   * sums to 1.
   * @throws DivergenceError when the scores overflow
   */
  maps(input: Ragged): Matrix[][] {
    const pass = new Pass();
    this.enter(input, pass);
    const X = input.columns;
    const { starts } = input;
    const { Q, K, V } = this.project(X, starts, 0, pass);
    const weights = pass.take(foursOf(starts), this.heads * X.columns);
    const mixed = pass.take(this.width, X.columns);
    pass.engine.attention(Q, K, V, weights, mixed, roomFor(this.width, starts, pass), this.how(starts));
    if (!pass.engine.allFinite(mixed)) throw overflow(this);
    return Array.from({ length: input.length }, (_s, s) => {
      const length = starts[s + 1] - starts[s];
      return Array.from({ length: this.heads }, (_h, h) =>
        new Matrix(length, length).map((_, u, t) =>
          this.causal && u > t ? 0 : weights.at(u, h * X.columns + starts[s] + t),
        ),
      );
    });
  }

  /** An empty cache. @throws StateError where tokens see later ones: what has been said would change */
  start(): KeyValueCache {
    if (!this.causal) {
      throw new StateError(
        `${ownerOf(this)}: expected causal attention to go on token by token; here the earlier tokens see the later ones.`,
      );
    }
    const { width } = this;
    return { tokens: 0, keys: new Matrix(width, 8), values: new Matrix(width, 8), weights: new Matrix(8, 1) };
  }

  /** What `forward` gives for new tokens (width × n) at the end of the sequence; their keys and values join the cache. */
  next(input: Matrix, state: KeyValueCache, pass: Pass = new Pass()): Matrix {
    enterFinite(this, input, pass);
    requireCache(this, state);
    const { width, heads } = this;
    const { columns: n } = input;
    const before = state.tokens;
    if (this.mask !== undefined) requireRoom(ownerOf(this), this.mask, before + n);
    const { Q, K, V } = this.project(input, Int32Array.of(0, n), before, pass);
    makeRoom(state, before + n);
    state.keys.data.set(K.data, before * width);
    state.values.data.set(V.data, before * width);
    const mixed = pass.take(width, n);
    for (let j = 0; j < n; j++) {
      for (let h = 0; h < heads; h++) {
        const from = h * (width / heads);
        const at = j * width + from;
        const { keys, values, weights } = state;
        attend(
          width / heads,
          width,
          before + j + 1,
          this.scale,
          Q.data,
          at,
          keys.data,
          values.data,
          from,
          weights.data,
          0,
          mixed.data,
          this.mask?.data,
          (before + j) * (this.mask?.rows ?? 0),
        );
      }
    }
    const O = times(this.output, this.outputBias, mixed, pass);
    if (!pass.engine.allFinite(O)) throw overflow(this);
    state.tokens = before + n; // at the end: what is refused has not been seen
    return O;
  }

  static readonly kind: LayerKind<SelfAttention> = {
    title: "SelfAttention",
    letter: "O",
    write: ({ width, heads, causal, mask, rotary, scale, bias, ...layer }) => ({
      options: {
        width,
        heads,
        causal: causal ? 1 : 0,
        masked: mask?.rows ?? 0, // for sequences of so many tokens at most; 0 without a mask
        rotary: rotary ? 1 : 0,
        scale,
        bias,
      },
      weights: Object.fromEntries([
        ...ROLES.flatMap((role) => {
          const shift = layer[`${role}Bias`];
          return [
            [role, layer[role]] as const,
            ...(shift === undefined ? [] : [[`${role}Bias`, shift] as const]),
          ];
        }),
        ...(mask === undefined ? [] : [["mask", mask] as const]),
      ]),
    }),
    read(entry: LayerEntry) {
      const width = entry.number("width");
      const bias = entry.text("bias");
      const known = bias === "output" || bias === "all" || bias === "none";
      entry.expect(known, "output, all or none", bias, "options.bias");
      const masked = entry.number("masked");
      const shifted = ROLES.filter((role) => bias === "all" || bias === role);
      return new SelfAttention(width, {
        name: entry.name,
        heads: entry.number("heads"),
        causal: entry.number("causal") !== 0,
        mask: masked === 0 ? undefined : entry.weights("mask", masked, masked),
        rotary: entry.number("rotary") !== 0,
        scale: entry.number("scale"),
        bias: bias as SelfAttention["bias"],
        weights: Object.fromEntries(ROLES.map((role) => [role, entry.parameter(role, width, width)])),
        biases: Object.fromEntries(shifted.map((role) => [role, entry.parameter(`${role}Bias`, width, 1)])),
      });
    },
    twin: attentionTwin,
  };
}

/** W·X + b */
function times(W: Parameter, b: Parameter | undefined, X: Matrix, pass: Pass): Matrix {
  const result = pass.take(W.value.rows, X.columns);
  pass.engine.product(W.value, X, result, b === undefined ? undefined : { bias: b.value });
  return result;
}

/** The way back through W·X + b: dW += dY·Xᵀ, db += Σ dY, and dX = [dX +] Wᵀ·dY where somebody asks for it. */
function blame(
  W: Parameter,
  b: Parameter | undefined,
  dY: Matrix,
  X: Matrix,
  dX: Matrix,
  turned: ProductOptions,
  pass: Pass,
): void {
  pass.engine.product(dY, X, W.gradient, ADD_OUTER);
  if (b !== undefined) pass.engine.sumColumns(dY, b.gradient, true);
  if (dX !== NOTHING) pass.engine.product(W.value, dY, dX, turned);
}

/** Doubles the room of a cache until `tokens` fit. */
function makeRoom(state: KeyValueCache, tokens: number): void {
  let room = state.keys.columns;
  if (tokens <= room) return;
  while (room < tokens) room *= 2;
  for (const name of ["keys", "values"] as const) {
    const larger = new Matrix(state[name].rows, room);
    larger.data.set(state[name].data);
    state[name] = larger;
  }
  state.weights = new Matrix(room, 1);
}

function requireCache(layer: SelfAttention, state: unknown): asserts state is KeyValueCache {
  const { tokens, keys, values, weights } = (state ?? {}) as Partial<KeyValueCache>;
  const known = Number.isInteger(tokens) ? (tokens as number) : -1;
  const holds = (one: unknown, rows: number, columns: number): boolean =>
    one instanceof Matrix && one.rows === rows && one.columns === columns;
  const room = keys instanceof Matrix ? keys.columns : 0;
  const fits = holds(keys, layer.width, room) && holds(values, layer.width, room) && holds(weights, room, 1);
  if (fits && known >= 0 && known <= room) return;
  throw new ValueError(`${ownerOf(layer)}: expected the state that start() gave, got ${describe(state)}.`);
}

function byRole(owner: string, what: string, value: unknown): void {
  const isList = Array.isArray(value) || (value instanceof Object && Symbol.iterator in value);
  if (typeof value !== "object" || value === null || value instanceof Matrix || isList) {
    throw new ValueError(
      `${owner}: expected ${what} as { query, key, value, output }, got ${describe(value)}.`,
    );
  }
  const stray = Object.keys(value).find((role) => !ROLES.includes(role as Role));
  if (stray !== undefined) {
    throw new ValueError(`${owner}: expected ${what} for query, key, value and output, got "${stray}".`);
  }
  const empty = Object.entries(value).find(([, one]) => one === null);
  if (empty === undefined) return;
  throw new ValueError(`${owner}: expected a value for ${what}.${empty[0]}, or none at all, got null.`);
}

/** A buffer for the engine. */
function roomFor(rows: number, starts: Int32Array, pass: Pass): Matrix {
  const sequences = starts.length - 1;
  return pass.take(rows, starts[sequences] + 4 * sequences);
}

/** Tokens of the longest sequence, rounded up to fours, as vectors like it. */
function foursOf(starts: Int32Array): number {
  return Math.ceil(longestOf(starts) / 4) * 4;
}

/** Far below every score, so that its power is exactly 0 in float32; infinite numbers have no slopes there. */
const UNSEEN = -1e9;

/** Sequences of one length are one product of rank four over there; others go one after the other. */
function attentionTwin(layer: SelfAttention, x: Tensor, use: TwinTools): Tensor {
  const { tf, variable, tensor, starts = Int32Array.of(0, x.shape[0]) } = use;
  const { width, heads, scale } = layer;
  const hidden = (u: number, t: number): boolean => (layer.causal && u > t) || layer.mask?.at(u, t) === 0;
  const size = width / heads;
  const affine = (input: Tensor, W: Parameter, b: Parameter | undefined): Tensor => {
    const product = tf.matMul(input, variable(W));
    return b === undefined ? product : tf.add(product, variable(b));
  };
  const turn = (input: Tensor): Tensor => {
    if (!layer.rotary) return input;
    const { cos, sin, swap } = rotaryTables(width, size, placesOf(starts));
    return tf.add(tf.mul(input, tensor(cos)), tf.mul(tf.matMul(input, tensor(swap)), tensor(sin)));
  };
  const Q = turn(affine(x, layer.query, layer.queryBias));
  const K = turn(affine(x, layer.key, layer.keyBias));
  const V = affine(x, layer.value, layer.valueBias);
  const count = starts.length - 1;
  const lengths = Array.from({ length: count }, (_, s) => starts[s + 1] - starts[s]);
  const alike = lengths.every((length) => length === lengths[0]);
  const groups = alike
    ? [{ from: 0, many: count, length: lengths[0] }]
    : lengths.map((length, s) => ({ from: starts[s], many: 1, length }));
  const parts = groups.map(({ from, many, length }) => {
    const apart = (all: Tensor): Tensor =>
      tf.transpose(
        tf.reshape(tf.slice(all, [from, 0], [many * length, width]), [many, length, heads, size]),
        [0, 2, 1, 3],
      );
    const scores = tf.mul(tf.matMul(apart(Q), apart(K), false, true), scale); // [many, heads, query, key]
    const mask = new Matrix(length, length).map((_, u, t) => (hidden(u, t) ? UNSEEN : 0));
    const weights = tf.softmax(tf.add(scores, tensor(mask)));
    const mixed = tf.transpose(tf.matMul(weights, apart(V)), [0, 2, 1, 3]);
    return tf.reshape(mixed, [many * length, width]);
  });
  return affine(parts.length === 1 ? parts[0] : tf.concat(parts, 0), layer.output, layer.outputBias);
}
