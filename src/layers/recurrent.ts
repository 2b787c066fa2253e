/*
 * A recurrent layer: it reads a sequence token by token and keeps a state, which each token changes:
 * h_t = tanh(W_x·x_t + W_h·h_{t−1} + b). The same three parameters work at every step.
 *
 * On the way back the loop runs from the last step to the first. A state has two who blame it: the output of its own
 * step, and the next step, which read it. And as the parameters were used at every step, what they are blamed for at
 * every step adds up.
 */
import { type Backward, type Layer, NOTHING, type Parameter, Pass } from "../core/core";
import type { LayerKind } from "../core/kind";
import { lecunNormal } from "../initializers/initializers";
import type { ProductOptions } from "../numbers/engine";
import { Matrix } from "../numbers/matrix";
import { anything, type OptionTable } from "../numbers/options";
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

export interface RecurrentOptions extends ThroughTimeOptions {
  /** Given W_x (units × inputs), copied. */
  readonly inputWeights?: Matrix;
  /** Given W_h (units × units), copied. */
  readonly stateWeights?: Matrix;
  /** Given b (units × 1), copied; zeros when left out. */
  readonly bias?: Matrix;
}

const OPTIONS: OptionTable<RecurrentOptions> = {
  ...THROUGH_TIME_OPTIONS,
  inputWeights: anything,
  stateWeights: anything,
  bias: anything,
};

/** What a recurrent layer knows of a sequence so far. */
export interface RecurrentState {
  /** h (units × 1) */
  readonly hidden: Matrix;
}

/**
 * Sequences of columns → the state after each token: (inputs × tokens) → (units × tokens).
 * @see Elman 1990, "Finding Structure in Time"
 */
export class Recurrent extends ThroughTime implements Layer<Ragged, Ragged> {
  /** W_x (units × inputs) */
  readonly inputWeights: Parameter;
  /** W_h (units × units) */
  readonly stateWeights: Parameter;
  /** b (units × 1) */
  readonly bias: Parameter;
  readonly parameters: readonly Parameter[];
  private readonly plusBias: ProductOptions;

  /**
   * @param inputs number of features of a token
   * @param units number of entries of the state
   */
  constructor(inputs: number, units: number, options: RecurrentOptions = {}) {
    super("Recurrent", inputs, units, options, OPTIONS, ["hidden"]);
    const owner = ownerOf(this);
    const { random, initializer = lecunNormal } = options;
    const { bias = new Matrix(units, 1) } = options;
    this.bias = own(this, "bias", bias, [units, 1], { decays: false });
    [this.inputWeights, this.stateWeights] = drawnOrNot(random, () => {
      const inputWeights = options.inputWeights ?? drawStacked(owner, initializer, 1, units, inputs, random);
      const stateWeights = options.stateWeights ?? drawStacked(owner, initializer, 1, units, units, random);
      return [
        own(this, "inputWeights", inputWeights, [units, inputs]),
        own(this, "stateWeights", stateWeights, [units, units]),
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
    const [carried] = carriedStates(this, pass, input.length);
    const Z = pass.take(u, X.columns);
    engine.product(this.inputWeights.value, X, Z, this.plusBias); // W_x·X + b, all tokens at once
    const order = longestFirst(starts, pass);
    const H = pass.take(u, X.columns);
    const before: Matrix[] = []; // h_{t−1} of those still going at step t, (u × going)
    let state = firstState(u, order, carried?.value, pass);
    for (let t = 0, going = input.length; going > 0; t++) {
      const fromState = pass.take(u, going);
      engine.product(this.stateWeights.value, state, fromState); // W_h·h_{t−1}
      const staying = stillGoing(order, starts, going, t + 1);
      const next = staying > 0 ? pass.take(u, staying) : NOTHING;
      for (let k = 0; k < going; k++) {
        const at = (starts[order.data[k]] + t) * u;
        for (let i = 0; i < u; i++) {
          const h = Math.tanh(Z.data[at + i] + fromState.data[k * u + i]); // h_t
          H.data[at + i] = h;
          if (k < staying) next.data[k * u + i] = h;
        }
      }
      before.push(state);
      state = next;
      going = staying;
    }
    if (!engine.allFinite(H)) throw overflow(this);
    if (carried !== undefined) keepLast(H, starts, carried.value);

    const [, backward] = leaveFinite(this, pass, H, (dOutput) => {
      const dY = dOutput.data;
      const dZ = pass.take(u, X.columns);
      let dState = NOTHING; // what step t + 1 blames its h_t for
      for (let t = before.length - 1; t >= 0; t--) {
        const { columns: going } = before[t];
        const step = pass.take(u, going);
        for (let k = 0; k < going; k++) {
          const at = (starts[order.data[k]] + t) * u;
          for (let i = 0; i < u; i++) {
            const later = k < dState.columns ? dState.data[k * u + i] : 0;
            const dz = (dY[at + i] + later) * (1 - H.data[at + i] ** 2); // dz = dh ⊙ (1 − h²)
            step.data[k * u + i] = dz;
            dZ.data[at + i] = dz;
          }
        }
        engine.product(step, before[t], this.stateWeights.gradient, ADD_OUTER); // dW_h += dz_t·h_{t−1}ᵀ
        dState = pass.take(u, going);
        engine.product(this.stateWeights.value, step, dState, TURNED); // W_hᵀ·dz_t
      }
      engine.product(dZ, X, this.inputWeights.gradient, ADD_OUTER); // dW_x += Σ dz_t·x_tᵀ
      engine.sumColumns(dZ, this.bias.gradient, true); // db += Σ dz_t
      if (!pass.inputGradient) return NOTHING;
      const dX = pass.take(X.rows, X.columns);
      engine.product(this.inputWeights.value, dZ, dX, TURNED); // dx_t = W_xᵀ·dz_t
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
    const H = pass.take(u, input.columns);
    pass.engine.product(this.inputWeights.value, input, H, this.plusBias);
    const fromState = pass.take(u, 1);
    for (let t = 0; t < input.columns; t++) {
      pass.engine.product(this.stateWeights.value, hidden, fromState);
      for (let i = 0; i < u; i++) {
        hidden.data[i] = Math.tanh(H.data[t * u + i] + fromState.data[i]);
        H.data[t * u + i] = hidden.data[i];
      }
    }
    return H;
  }

  static readonly kind: LayerKind<Recurrent> = {
    title: "Recurrent",
    letter: "H",
    write: ({ inputs, units, carry, inputWeights, stateWeights, bias }) => ({
      options: { inputs, units, carry },
      weights: { inputWeights, stateWeights, bias },
    }),
    read(entry) {
      const [inputs, units] = [entry.number("inputs"), entry.number("units")];
      return new Recurrent(inputs, units, {
        name: entry.name,
        carry: entry.number("carry"),
        inputWeights: entry.weights("inputWeights", units, inputs),
        stateWeights: entry.weights("stateWeights", units, units),
        bias: entry.weights("bias", units, 1),
      });
    },
    twin(layer, x, use) {
      const { tf, variable } = use;
      const [Wx, Wh, b] = layer.parameters.map(variable);
      return twinSteps(layer, x, use, 1, (token, [h]) => [
        tf.tanh(tf.add(tf.add(tf.matMul(token, Wx), tf.matMul(h, Wh)), b)),
      ]);
    },
  };
}
