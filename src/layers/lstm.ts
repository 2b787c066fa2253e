/*
 * Long short-term memory: beside its state the layer keeps a cell, which nothing but gates touches. At each step
 *
 *   i, f, o = σ(W·x_t + U·h_{t−1} + b)    three gates between 0 and 1, each with parameters of its own
 *   g       = tanh(W·x_t + U·h_{t−1} + b)  the candidate: what might be written
 *   c_t     = f ⊙ c_{t−1} + i ⊙ g          the cell keeps what f lets it keep, and takes in what i lets in
 *   h_t     = o ⊙ tanh(c_t)                the state shows what o lets out
 *
 * The way back through the cell is one factor a step, dc_{t−1} = f ⊙ dc_t: no matrix, no slope of a tanh. While f is
 * near 1, a slope comes back over many steps almost as it set out. That is why f begins open: forget bias 1.
 *
 * The four are stacked in one matrix, i, f, g, o from above, so that a step is one product.
 */
import { sigmoid } from "../activations/sigmoid";
import { type Backward, type Layer, NOTHING, type Parameter, Pass } from "../core/core";
import type { LayerKind } from "../core/kind";
import { lecunNormal } from "../initializers/initializers";
import type { ProductOptions } from "../numbers/engine";
import { Matrix } from "../numbers/matrix";
import { anything, finite, type OptionTable } from "../numbers/options";
import type { Ragged } from "../numbers/ragged";
import { drawnOrNot } from "../numbers/random";
import { enterFinite, leaveFinite, overflow, own, ownerOf } from "./door";
import {
  ADD_OUTER,
  carriedStates,
  drawStacked,
  enterSequences,
  firstState,
  keepLast,
  longestFirst,
  requireState,
  stillGoing,
  THROUGH_TIME_OPTIONS,
  ThroughTime,
  type ThroughTimeOptions,
  TURNED,
  twinSteps,
} from "./through-time";

export interface LstmOptions extends ThroughTimeOptions {
  /** The first bias of the forget gate: 1 when left out, so that a cell keeps until it has learned to forget. */
  readonly forgetBias?: number;
  /** Given W (4·units × inputs): i, f, g, o from above; copied. */
  readonly inputWeights?: Matrix;
  /** Given U (4·units × units), stacked alike; copied. */
  readonly stateWeights?: Matrix;
  /** Given b (4·units × 1), stacked alike, instead of zeros and the forget bias; copied. */
  readonly bias?: Matrix;
}

const OPTIONS: OptionTable<LstmOptions> = {
  ...THROUGH_TIME_OPTIONS,
  forgetBias: finite,
  inputWeights: anything,
  stateWeights: anything,
  bias: anything,
};

/** What an LSTM knows of a sequence so far. */
export interface LstmState {
  /** h (units × 1) */
  readonly hidden: Matrix;
  /** c (units × 1) */
  readonly cell: Matrix;
}

/**
 * Sequences of columns → the state after each token: (inputs × tokens) → (units × tokens).
 * @see Hochreiter & Schmidhuber 1997, "Long Short-Term Memory"; the forget gate: Gers, Schmidhuber & Cummins 2000
 */
export class Lstm extends ThroughTime implements Layer<Ragged, Ragged> {
  /** W (4·units × inputs): i, f, g, o */
  readonly inputWeights: Parameter;
  /** U (4·units × units): i, f, g, o */
  readonly stateWeights: Parameter;
  /** b (4·units × 1): i, f, g, o */
  readonly bias: Parameter;
  readonly parameters: readonly Parameter[];
  private readonly plusBias: ProductOptions;

  /**
   * @param inputs number of features of a token
   * @param units number of entries of the state, and of the cell
   */
  constructor(inputs: number, units: number, options: LstmOptions = {}) {
    super("Lstm", inputs, units, options, OPTIONS, ["hidden", "cell"]);
    const owner = ownerOf(this);
    const { random, initializer = lecunNormal } = options;
    const { forgetBias = 1 } = options;
    const firstBias = new Matrix(4 * units, 1).map((_, row) =>
      row >= units && row < 2 * units ? forgetBias : 0,
    );
    this.bias = own(this, "bias", options.bias ?? firstBias, [4 * units, 1], { decays: false });
    [this.inputWeights, this.stateWeights] = drawnOrNot(random, () => {
      const inputWeights = options.inputWeights ?? drawStacked(owner, initializer, 4, units, inputs, random);
      const stateWeights = options.stateWeights ?? drawStacked(owner, initializer, 4, units, units, random);
      return [
        own(this, "inputWeights", inputWeights, [4 * units, inputs]),
        own(this, "stateWeights", stateWeights, [4 * units, units]),
      ];
    });
    this.parameters = [this.inputWeights, this.stateWeights, this.bias];
    this.plusBias = { bias: this.bias.value };
  }

  /** @throws ValueError for NaN and ∞ in the input, and for what is no sequences */
  forward(input: Ragged, pass: Pass = new Pass()): readonly [Ragged, Backward<Ragged, Ragged>] {
    enterSequences(this, input, pass);
    const { columns: X, starts } = input;
    const { units: u } = this;
    const { engine } = pass;
    const [carriedHidden, carriedCell] = carriedStates(this, pass, input.length);
    const G = pass.take(4 * u, X.columns); // i, f, g, o of every token
    engine.product(this.inputWeights.value, X, G, this.plusBias); // W·X + b, all tokens at once
    const order = longestFirst(starts, pass);
    const H = pass.take(u, X.columns);
    const C = pass.take(u, X.columns);
    const T = pass.take(u, X.columns); // tanh(c_t)
    const before: Matrix[] = []; // h_{t−1} of those still going at step t, (u × going)
    let state = firstState(u, order, carriedHidden?.value, pass);
    const firstCell = firstState(u, order, carriedCell?.value, pass);
    for (let t = 0, going = input.length; going > 0; t++) {
      const fromState = pass.take(4 * u, going);
      engine.product(this.stateWeights.value, state, fromState); // U·h_{t−1}
      const staying = stillGoing(order, starts, going, t + 1);
      const next = staying > 0 ? pass.take(u, staying) : NOTHING;
      for (let k = 0; k < going; k++) {
        const column = starts[order.data[k]] + t;
        const [at, gates, from] = [column * u, column * 4 * u, k * 4 * u];
        for (let j = 0; j < u; j++) {
          const i = sigmoid.apply(G.data[gates + j] + fromState.data[from + j]);
          const f = sigmoid.apply(G.data[gates + u + j] + fromState.data[from + u + j]);
          const g = Math.tanh(G.data[gates + 2 * u + j] + fromState.data[from + 2 * u + j]);
          const o = sigmoid.apply(G.data[gates + 3 * u + j] + fromState.data[from + 3 * u + j]);
          const cell = t === 0 ? firstCell.data[k * u + j] : C.data[at - u + j]; // c_{t−1}
          const c = f * cell + i * g; // c_t
          const tanhC = Math.tanh(c);
          const h = o * tanhC; // h_t
          G.data[gates + j] = i;
          G.data[gates + u + j] = f;
          G.data[gates + 2 * u + j] = g;
          G.data[gates + 3 * u + j] = o;
          C.data[at + j] = c;
          T.data[at + j] = tanhC;
          H.data[at + j] = h;
          if (k < staying) next.data[k * u + j] = h;
        }
      }
      before.push(state);
      state = next;
      going = staying;
    }
    if (!engine.allFinite(H)) throw overflow(this);
    if (carriedHidden !== undefined) {
      keepLast(H, starts, carriedHidden.value);
      keepLast(C, starts, carriedCell.value);
    }

    const [, backward] = leaveFinite(this, pass, H, (dOutput) => {
      const dZ = pass.take(4 * u, X.columns);
      const dCell = pass.take(u, input.length); // what step t + 1 blames c_t for
      dCell.data.fill(0);
      let dState = NOTHING; // what step t + 1 blames h_t for
      // The arrays themselves: asking the matrices for them at every entry makes this loop three times as slow.
      const [dY, gate, cells, tanhs] = [dOutput.data, G.data, C.data, T.data];
      const [dz, dcLater] = [dZ.data, dCell.data];
      for (let t = before.length - 1; t >= 0; t--) {
        const { columns: going } = before[t];
        const step = pass.take(4 * u, going);
        const [dzNow, dhLater] = [step.data, dState.data];
        const cellsBefore = t === 0 ? firstCell.data : cells;
        for (let k = 0; k < going; k++) {
          const column = starts[order.data[k]] + t;
          const [at, gates] = [column * u, column * 4 * u];
          const cellBefore = t === 0 ? k * u : at - u;
          const stillGoes = k < dState.columns;
          for (let j = 0; j < u; j++) {
            const i = gate[gates + j];
            const f = gate[gates + u + j];
            const g = gate[gates + 2 * u + j];
            const o = gate[gates + 3 * u + j];
            const cell = cellsBefore[cellBefore + j]; // c_{t−1}
            const tanhC = tanhs[at + j];
            const dh = dY[at + j] + (stillGoes ? dhLater[k * u + j] : 0);
            const dc = dcLater[k * u + j] + dh * o * (1 - tanhC * tanhC); // through h, and from step t + 1
            dcLater[k * u + j] = dc * f; // dc_{t−1} = dc_t ⊙ f
            const into = k * 4 * u + j;
            dzNow[into] = dc * g * i * (1 - i); // di·σ′
            dzNow[into + u] = dc * cell * f * (1 - f); // df·σ′
            dzNow[into + 2 * u] = dc * i * (1 - g * g); // dg·tanh′
            dzNow[into + 3 * u] = dh * tanhC * o * (1 - o); // do·σ′
          }
          for (let row = 0; row < 4 * u; row++) dz[gates + row] = dzNow[k * 4 * u + row];
        }
        engine.product(step, before[t], this.stateWeights.gradient, ADD_OUTER); // dU += dz_t·h_{t−1}ᵀ
        dState = pass.take(u, going);
        engine.product(this.stateWeights.value, step, dState, TURNED); // Uᵀ·dz_t
      }
      engine.product(dZ, X, this.inputWeights.gradient, ADD_OUTER); // dW += Σ dz_t·x_tᵀ
      engine.sumColumns(dZ, this.bias.gradient, true); // db += Σ dz_t
      if (!pass.inputGradient) return NOTHING;
      const dX = pass.take(X.rows, X.columns);
      engine.product(this.inputWeights.value, dZ, dX, TURNED); // dx_t = Wᵀ·dz_t
      return dX;
    });
    return [input.with(H), backward];
  }

  start(): LstmState {
    return { hidden: new Matrix(this.units, 1), cell: new Matrix(this.units, 1) };
  }

  next(input: Matrix, state: unknown, pass: Pass = new Pass()): Matrix {
    enterFinite(this, input, pass);
    requireState(this, state, ["hidden", "cell"], this.units);
    const { hidden, cell } = state as LstmState;
    const { units: u } = this;
    const H = pass.take(u, input.columns);
    const Z = pass.take(4 * u, input.columns);
    pass.engine.product(this.inputWeights.value, input, Z, this.plusBias);
    const fromState = pass.take(4 * u, 1);
    for (let t = 0; t < input.columns; t++) {
      pass.engine.product(this.stateWeights.value, hidden, fromState);
      const z = (row: number): number => Z.data[t * 4 * u + row] + fromState.data[row];
      for (let j = 0; j < u; j++) {
        const [i, f, g, o] = [
          sigmoid.apply(z(j)),
          sigmoid.apply(z(u + j)),
          Math.tanh(z(2 * u + j)),
          sigmoid.apply(z(3 * u + j)),
        ];
        cell.data[j] = f * cell.data[j] + i * g;
        hidden.data[j] = o * Math.tanh(cell.data[j]);
        H.data[t * u + j] = hidden.data[j];
      }
    }
    return H;
  }

  static readonly kind: LayerKind<Lstm> = {
    title: "Lstm",
    letter: "H",
    write: ({ inputs, units, carry, inputWeights, stateWeights, bias }) => ({
      options: { inputs, units, carry },
      weights: { inputWeights, stateWeights, bias },
    }),
    read(entry) {
      const [inputs, units] = [entry.number("inputs"), entry.number("units")];
      return new Lstm(inputs, units, {
        name: entry.name,
        carry: entry.number("carry"),
        inputWeights: entry.weights("inputWeights", 4 * units, inputs),
        stateWeights: entry.weights("stateWeights", 4 * units, units),
        bias: entry.weights("bias", 4 * units, 1),
      });
    },
    twin(layer, x, use) {
      const { tf, variable } = use;
      const { units: u } = layer;
      const [W, U, b] = layer.parameters.map(variable);
      return twinSteps(layer, x, use, 2, (token, [h, c]) => {
        const z = tf.add(tf.add(tf.matMul(token, W), tf.matMul(h, U)), b); // [1, 4·units]
        const [i, f, g, o] = [0, 1, 2, 3].map((k) => tf.slice(z, [0, k * u], [1, u]));
        const kept = tf.mul(tf.sigmoid(f), c);
        const cell = tf.add(kept, tf.mul(tf.sigmoid(i), tf.tanh(g)));
        return [tf.mul(tf.sigmoid(o), tf.tanh(cell)), cell];
      });
    },
  };
}
