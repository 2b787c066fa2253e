/*
 * A gated recurrent unit: a recurrent layer with two gates and no cell beside its state. At each step
 *
 *   z, r = σ(W·x_t + U·h_{t−1} + b)          how much to keep; how much of the past the candidate may see
 *   n    = tanh(W·x_t + U·(r ⊙ h_{t−1}) + b)  the candidate
 *   h_t  = z ⊙ h_{t−1} + (1 − z) ⊙ n          a weighted mean of the old state and the new
 *
 * The state is its own cell: its way back has the factor z, as an LSTM's cell has f. The W of the three are stacked in
 * one matrix, z, r, n from above; the U of the two gates are, too, while the candidate's meets another vector.
 */
import { sigmoid } from "../activations/sigmoid";
import { type Backward, type Layer, NOTHING, type Parameter, Pass } from "../core/core";
import type { LayerKind } from "../core/kind";
import { lecunNormal } from "../initializers/initializers";
import type { ProductOptions } from "../numbers/engine";
import { Matrix } from "../numbers/matrix";
import { anything, type OptionTable } from "../numbers/options";
import type { Ragged } from "../numbers/ragged";
import { drawnOrNot } from "../numbers/random";
import { enterFinite, leaveFinite, overflow, own, ownerOf } from "./door";
import type { RecurrentState } from "./recurrent";
import {
  ADD_OUTER,
  ADD_TURNED,
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

export interface GruOptions extends ThroughTimeOptions {
  /** Given W (3·units × inputs): z, r, n from above; copied. */
  readonly inputWeights?: Matrix;
  /** Given U of the gates (2·units × units): z, r from above; copied. */
  readonly gateWeights?: Matrix;
  /** Given U of the candidate (units × units), copied. */
  readonly candidateWeights?: Matrix;
  /** Given b (3·units × 1): z, r, n; copied; zeros when left out. */
  readonly bias?: Matrix;
}

const OPTIONS: OptionTable<GruOptions> = {
  ...THROUGH_TIME_OPTIONS,
  inputWeights: anything,
  gateWeights: anything,
  candidateWeights: anything,
  bias: anything,
};

/**
 * Sequences of columns → the state after each token: (inputs × tokens) → (units × tokens).
 * @see Cho et al. 2014, "Learning Phrase Representations using RNN Encoder–Decoder"
 */
export class Gru extends ThroughTime implements Layer<Ragged, Ragged> {
  /** W (3·units × inputs): z, r, n */
  readonly inputWeights: Parameter;
  /** U of the gates (2·units × units): z, r */
  readonly gateWeights: Parameter;
  /** U of the candidate (units × units) */
  readonly candidateWeights: Parameter;
  /** b (3·units × 1): z, r, n */
  readonly bias: Parameter;
  readonly parameters: readonly Parameter[];
  private readonly plusBias: ProductOptions;

  /**
   * @param inputs number of features of a token
   * @param units number of entries of the state
   */
  constructor(inputs: number, units: number, options: GruOptions = {}) {
    super("Gru", inputs, units, options, OPTIONS, ["hidden"]);
    const owner = ownerOf(this);
    const { random, initializer = lecunNormal } = options;
    const { bias = new Matrix(3 * units, 1) } = options;
    this.bias = own(this, "bias", bias, [3 * units, 1], { decays: false });
    [this.inputWeights, this.gateWeights, this.candidateWeights] = drawnOrNot(random, () => {
      const draw = (many: number, columns: number): Matrix =>
        drawStacked(owner, initializer, many, units, columns, random);
      const inputWeights = options.inputWeights ?? draw(3, inputs);
      const gateWeights = options.gateWeights ?? draw(2, units);
      const candidateWeights = options.candidateWeights ?? draw(1, units);
      return [
        own(this, "inputWeights", inputWeights, [3 * units, inputs]),
        own(this, "gateWeights", gateWeights, [2 * units, units]),
        own(this, "candidateWeights", candidateWeights, [units, units]),
      ];
    });
    this.parameters = [this.inputWeights, this.gateWeights, this.candidateWeights, this.bias];
    this.plusBias = { bias: this.bias.value };
  }

  /** @throws ValueError for NaN and ∞ in the input, and for what is no sequences */
  forward(input: Ragged, pass: Pass = new Pass()): readonly [Ragged, Backward<Ragged, Ragged>] {
    enterSequences(this, input, pass);
    const { columns: X, starts } = input;
    const { units: u } = this;
    const { engine } = pass;
    const [carried] = carriedStates(this, pass, input.length);
    const G = pass.take(3 * u, X.columns); // z, r, n of every token
    engine.product(this.inputWeights.value, X, G, this.plusBias); // W·X + b, all tokens at once
    const order = longestFirst(starts, pass);
    const H = pass.take(u, X.columns);
    const before: Matrix[] = []; // h_{t−1} of those still going at step t, (u × going)
    const seen: Matrix[] = []; // r ⊙ h_{t−1} of the same
    let state = firstState(u, order, carried?.value, pass);
    for (let t = 0, going = input.length; going > 0; t++) {
      const fromState = pass.take(2 * u, going);
      engine.product(this.gateWeights.value, state, fromState); // U·h_{t−1}
      const past = pass.take(u, going);
      for (let k = 0; k < going; k++) {
        const gates = (starts[order.data[k]] + t) * 3 * u;
        for (let j = 0; j < 2 * u; j++)
          G.data[gates + j] = sigmoid.apply(G.data[gates + j] + fromState.data[k * 2 * u + j]);
        for (let j = 0; j < u; j++) past.data[k * u + j] = G.data[gates + u + j] * state.data[k * u + j];
      }
      const fromPast = pass.take(u, going);
      engine.product(this.candidateWeights.value, past, fromPast); // U·(r ⊙ h_{t−1})
      const staying = stillGoing(order, starts, going, t + 1);
      const next = staying > 0 ? pass.take(u, staying) : NOTHING;
      for (let k = 0; k < going; k++) {
        const column = starts[order.data[k]] + t;
        const [at, gates] = [column * u, column * 3 * u];
        for (let j = 0; j < u; j++) {
          const z = G.data[gates + j];
          const n = Math.tanh(G.data[gates + 2 * u + j] + fromPast.data[k * u + j]);
          const h = z * state.data[k * u + j] + (1 - z) * n; // h_t
          G.data[gates + 2 * u + j] = n;
          H.data[at + j] = h;
          if (k < staying) next.data[k * u + j] = h;
        }
      }
      before.push(state);
      seen.push(past);
      state = next;
      going = staying;
    }
    if (!engine.allFinite(H)) throw overflow(this);
    if (carried !== undefined) keepLast(H, starts, carried.value);

    const [, backward] = leaveFinite(this, pass, H, (dOutput) => {
      const dY = dOutput.data;
      const dZ = pass.take(3 * u, X.columns);
      let dState = NOTHING; // what step t + 1 blames its h_t for
      for (let t = before.length - 1; t >= 0; t--) {
        const h = before[t]; // h_{t−1}
        const { columns: going } = h;
        const [dGates, dCandidate] = [pass.take(2 * u, going), pass.take(u, going)];
        const [dBefore, dPast] = [pass.take(u, going), pass.take(u, going)];
        for (let k = 0; k < going; k++) {
          const column = starts[order.data[k]] + t;
          const [at, gates] = [column * u, column * 3 * u];
          for (let j = 0; j < u; j++) {
            const [z, n] = [G.data[gates + j], G.data[gates + 2 * u + j]];
            const later = k < dState.columns ? dState.data[k * u + j] : 0;
            const dh = dY[at + j] + later;
            dGates.data[k * 2 * u + j] = dh * (h.data[k * u + j] - n) * z * (1 - z); // dz·σ′
            dCandidate.data[k * u + j] = dh * (1 - z) * (1 - n * n); // dn·tanh′
            dBefore.data[k * u + j] = dh * z; // what was kept
          }
        }
        engine.product(this.candidateWeights.value, dCandidate, dPast, TURNED); // d(r ⊙ h_{t−1}) = Uᵀ·dn
        for (let k = 0; k < going; k++) {
          const gates = (starts[order.data[k]] + t) * 3 * u;
          for (let j = 0; j < u; j++) {
            const [r, slope] = [G.data[gates + u + j], dPast.data[k * u + j]];
            dGates.data[k * 2 * u + u + j] = slope * h.data[k * u + j] * r * (1 - r); // dr·σ′
            dBefore.data[k * u + j] = dBefore.data[k * u + j] + slope * r; // what the candidate saw
          }
          for (let j = 0; j < 2 * u; j++) dZ.data[gates + j] = dGates.data[k * 2 * u + j];
          for (let j = 0; j < u; j++) dZ.data[gates + 2 * u + j] = dCandidate.data[k * u + j];
        }
        engine.product(this.gateWeights.value, dGates, dBefore, ADD_TURNED); // what the gates saw
        engine.product(dGates, h, this.gateWeights.gradient, ADD_OUTER); // dU += dz_t·h_{t−1}ᵀ
        engine.product(dCandidate, seen[t], this.candidateWeights.gradient, ADD_OUTER); // dU += dn_t·(r ⊙ h_{t−1})ᵀ
        dState = dBefore;
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

  start(): RecurrentState {
    return { hidden: new Matrix(this.units, 1) };
  }

  next(input: Matrix, state: unknown, pass: Pass = new Pass()): Matrix {
    enterFinite(this, input, pass);
    requireState(this, state, ["hidden"], this.units);
    const { hidden } = state as RecurrentState;
    const { units: u } = this;
    const { engine } = pass;
    const H = pass.take(u, input.columns);
    const Z = pass.take(3 * u, input.columns);
    engine.product(this.inputWeights.value, input, Z, this.plusBias);
    const [fromState, past, fromPast] = [pass.take(2 * u, 1), pass.take(u, 1), pass.take(u, 1)];
    for (let t = 0; t < input.columns; t++) {
      const z = Z.data.subarray(t * 3 * u, (t + 1) * 3 * u);
      engine.product(this.gateWeights.value, hidden, fromState);
      for (let j = 0; j < 2 * u; j++) z[j] = sigmoid.apply(z[j] + fromState.data[j]);
      for (let j = 0; j < u; j++) past.data[j] = z[u + j] * hidden.data[j];
      engine.product(this.candidateWeights.value, past, fromPast);
      for (let j = 0; j < u; j++) {
        const n = Math.tanh(z[2 * u + j] + fromPast.data[j]);
        hidden.data[j] = z[j] * hidden.data[j] + (1 - z[j]) * n;
        H.data[t * u + j] = hidden.data[j];
      }
    }
    return H;
  }

  static readonly kind: LayerKind<Gru> = {
    title: "Gru",
    letter: "H",
    write: ({ inputs, units, carry, inputWeights, gateWeights, candidateWeights, bias }) => ({
      options: { inputs, units, carry },
      weights: { inputWeights, gateWeights, candidateWeights, bias },
    }),
    read(entry) {
      const [inputs, units] = [entry.number("inputs"), entry.number("units")];
      return new Gru(inputs, units, {
        name: entry.name,
        carry: entry.number("carry"),
        inputWeights: entry.weights("inputWeights", 3 * units, inputs),
        gateWeights: entry.weights("gateWeights", 2 * units, units),
        candidateWeights: entry.weights("candidateWeights", units, units),
        bias: entry.weights("bias", 3 * units, 1),
      });
    },
    twin(layer, x, use) {
      const { tf, variable } = use;
      const { units: u } = layer;
      const [W, U, V, b] = layer.parameters.map(variable);
      return twinSteps(layer, x, use, 1, (token, [h]) => {
        const fromInput = tf.add(tf.matMul(token, W), b); // [1, 3·units]
        const fromState = tf.matMul(h, U); // [1, 2·units]
        const part = (of: typeof x, k: number): typeof x => tf.slice(of, [0, k * u], [1, u]);
        const z = tf.sigmoid(tf.add(part(fromInput, 0), part(fromState, 0)));
        const r = tf.sigmoid(tf.add(part(fromInput, 1), part(fromState, 1)));
        const n = tf.tanh(tf.add(part(fromInput, 2), tf.matMul(tf.mul(r, h), V)));
        return [tf.add(tf.mul(z, h), tf.sub(n, tf.mul(z, n)))];
      });
    },
  };
}
