/*
 * Causal self-attention with several heads, written on the public contract alone, as a reader would write it: everything
 * it needs comes from "glassbox". No bias, as in the golden example.
 */
import { type Backward, type Layer, Matrix, type Parameter, Pass, parameter, Ragged } from "glassbox";

/** What attention remembers of a sequence: keys and values of all tokens so far, a column each. */
export interface Cache {
  readonly keys: number[][];
  readonly values: number[][];
}

/** O = Wo·heads, where each head mixes the values of the tokens up to and with its own, by softmax(QᵀK/√d). */
export class CausalAttention implements Layer<Ragged, Ragged> {
  readonly name = "attention";
  readonly takesSequences = true;
  readonly parameters: readonly Parameter[];
  private readonly query: Parameter;
  private readonly key: Parameter;
  private readonly value: Parameter;
  private readonly output: Parameter;
  private readonly size: number;

  constructor(
    private readonly heads: number,
    weights: { readonly [name in "query" | "key" | "value" | "output"]: Matrix },
  ) {
    this.query = parameter("attention.query", weights.query);
    this.key = parameter("attention.key", weights.key);
    this.value = parameter("attention.value", weights.value);
    this.output = parameter("attention.output", weights.output);
    this.parameters = [this.query, this.key, this.value, this.output];
    this.size = weights.query.rows / heads;
  }

  outputRows(): number {
    return this.output.value.rows;
  }

  forward(input: Ragged, pass: Pass = new Pass()): readonly [Ragged, Backward<Ragged, Ragged>] {
    const { columns: X, starts } = input;
    const { heads, size } = this;
    const { engine } = pass;
    const [width, tokens] = [this.query.value.rows, X.columns];
    const project = (W: Parameter): Matrix => {
      const result = pass.take(width, tokens);
      engine.product(W.value, X, result);
      return result;
    };
    const [Q, K, V] = [project(this.query), project(this.key), project(this.value)];
    const longest = Math.max(...starts.subarray(1).map((end, s) => end - starts[s]));
    const A = pass.take(longest, heads * tokens); // column (head, token): the weights of that query
    const mixed = pass.take(width, tokens);
    const scale = 1 / Math.sqrt(size);
    const each = (visit: (h: number, first: number, t: number) => void): void => {
      for (let s = 0; s < input.length; s++) {
        for (let t = starts[s]; t < starts[s + 1]; t++)
          for (let h = 0; h < heads; h++) visit(h, starts[s], t);
      }
    };
    const dot = (a: Matrix, i: number, b: Matrix, j: number, h: number): number => {
      let sum = 0;
      for (let k = h * size; k < (h + 1) * size; k++) sum += a.data[i * width + k] * b.data[j * width + k];
      return sum;
    };
    mixed.fill(0);
    each((h, first, t) => {
      const weights = A.column(h * tokens + t).data;
      let largest = -Infinity;
      for (let u = first; u <= t; u++) {
        weights[u - first] = scale * dot(Q, t, K, u, h);
        largest = Math.max(largest, weights[u - first]);
      }
      let sum = 0;
      for (let u = first; u <= t; u++) sum += weights[u - first] = Math.exp(weights[u - first] - largest);
      for (let u = first; u <= t; u++) {
        weights[u - first] /= sum;
        for (let k = h * size; k < (h + 1) * size; k++) {
          mixed.data[t * width + k] += weights[u - first] * V.data[u * width + k];
        }
      }
    });
    const O = pass.take(this.output.value.rows, tokens);
    engine.product(this.output.value, mixed, O);

    const backward = pass.wayBack((dO: Matrix) => {
      const dMixed = pass.take(width, tokens);
      const [dQ, dK, dV] = [pass.take(width, tokens), pass.take(width, tokens), pass.take(width, tokens)];
      for (const slope of [dQ, dK, dV]) slope.fill(0);
      engine.product(dO, mixed, this.output.gradient, { add: true, turnRight: true });
      engine.product(this.output.value, dO, dMixed, { turnLeft: true });
      each((h, first, t) => {
        const weights = A.column(h * tokens + t).data;
        let along = 0; // Σ A·dA
        for (let u = first; u <= t; u++) along += weights[u - first] * dot(dMixed, t, V, u, h);
        for (let u = first; u <= t; u++) {
          const a = weights[u - first];
          const dScore = scale * a * (dot(dMixed, t, V, u, h) - along);
          for (let k = h * size; k < (h + 1) * size; k++) {
            dQ.data[t * width + k] += dScore * K.data[u * width + k];
            dK.data[u * width + k] += dScore * Q.data[t * width + k];
            dV.data[u * width + k] += a * dMixed.data[t * width + k];
          }
        }
      });
      const dX = pass.take(X.rows, tokens);
      [this.query, this.key, this.value].forEach((W, i) => {
        const slope = [dQ, dK, dV][i];
        engine.product(slope, X, W.gradient, { add: true, turnRight: true });
        engine.product(W.value, slope, dX, { turnLeft: true, add: i > 0 });
      });
      return dX;
    });
    return [input.with(O), backward];
  }

  start(): Cache {
    return { keys: [], values: [] };
  }

  next(input: Matrix, state: Cache): Matrix {
    const columns = [];
    for (let j = 0; j < input.columns; j++) {
      const x = input.column(j);
      const q = this.query.value.times(x);
      state.keys.push([...this.key.value.times(x).data]);
      state.values.push([...this.value.value.times(x).data]);
      const mixed = new Matrix(q.rows, 1);
      for (let h = 0; h < this.heads; h++) {
        const own = Array.from({ length: this.size }, (_, k) => h * this.size + k);
        const scores = state.keys.map(
          (k) => own.reduce((sum, i) => sum + k[i] * q.data[i], 0) / Math.sqrt(this.size),
        );
        const largest = Math.max(...scores);
        const powers = scores.map((score) => Math.exp(score - largest));
        const sum = powers.reduce((total, power) => total + power, 0);
        powers.forEach((power, u) => {
          for (const i of own) mixed.data[i] += (power / sum) * state.values[u][i];
        });
      }
      columns.push(this.output.value.times(mixed));
    }
    return Ragged.of(columns).columns;
  }
}
