/*
 * A dense layer: every output is a weighted sum of all inputs, plus a bias. Z = W·X + b.
 *
 * Its backward pass is three lines, each a sentence: a weight's blame is its input times the blame of its output
 * (dW = dZ·Xᵀ); a bias's blame is the blame of its output (db = Σ over the examples); an input's blame is what it
 * caused through every weight (dX = Wᵀ·dZ).
 */
import { type Backward, type Layer, type Parameter, Pass, parameter } from "../core";
import { requireWhole, ShapeError, ValueError } from "../errors";
import { heNormal, type Initializer, zeros } from "../initializers";
import { addMultiplyRightTransposed, multiplyLeftTransposed, multiplyPlusBias } from "../kernels";
import { Matrix, requireFinite, requireMatrix, requireSameShape } from "../matrix";
import { Random } from "../random";

export interface DenseOptions {
  /** For error messages and parameter names. */
  readonly name?: string;
  /** The seeded generator that the first weights are drawn from. Needed unless `weights` are given. */
  readonly random?: Random;
  /** How to draw the weights; He's normal form when left out. */
  readonly initializer?: Initializer;
  /** Given weights (outputs × inputs) instead of drawn ones; copied. */
  readonly weights?: Matrix;
  /** Given biases (outputs × 1); zeros when left out; copied. */
  readonly bias?: Matrix;
}

/** Z = W·X + b, with W (outputs × inputs), b (outputs × 1), X (inputs × m), Z (outputs × m). */
export class Dense implements Layer {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  /** (outputs × inputs): one row a neuron. */
  readonly weights: Parameter;
  /** (outputs × 1) */
  readonly bias: Parameter;
  readonly parameters: readonly Parameter[];

  /**
   * @param inputs number of features of an example
   * @param outputs number of neurons
   * @throws ValueError for sizes that are not whole and positive, or when nothing says where weights come from
   * @throws ShapeError when given weights or biases do not have the shape of the layer
   */
  constructor(inputs: number, outputs: number, options: DenseOptions = {}) {
    this.name = options.name ?? "dense";
    this.inputs = requireWhole(this.owner, "inputs", inputs);
    this.outputs = requireWhole(this.owner, "outputs", outputs);
    const weights = options.weights?.clone() ?? this.draw(options);
    const bias = options.bias?.clone() ?? zeros(outputs, 1, new Random(0));
    requireSameShape(`${this.owner} weights (outputs × inputs)`, new Matrix(outputs, inputs), weights);
    requireSameShape(`${this.owner} bias (outputs × 1)`, new Matrix(outputs, 1), bias);
    requireFinite(this.owner, "the weights", weights);
    requireFinite(this.owner, "the bias", bias);
    this.weights = parameter(`${this.name}.weights`, weights);
    this.bias = parameter(`${this.name}.bias`, bias);
    this.parameters = [this.weights, this.bias];
  }

  private get owner(): string {
    return `Dense "${this.name}"`;
  }

  private draw(options: DenseOptions): Matrix {
    if (!(options.random instanceof Random)) {
      throw new ValueError(
        `${this.owner}: expected a seeded generator to draw the weights from, got none. ` +
          "Try { random: new Random(42) }, or give { weights }.",
      );
    }
    return (options.initializer ?? heNormal)(this.outputs, this.inputs, options.random);
  }

  forward(input: Matrix, pass: Pass = new Pass()): readonly [Matrix, Backward] {
    requireMatrix(this.owner, input);
    const { inputs, outputs } = this;
    if (input.rows !== inputs) throw new ShapeError(this.wrongInput(input));
    const m = input.columns;
    const W = this.weights.value.data;
    const output = pass.take(outputs, m);
    multiplyPlusBias(outputs, inputs, m, W, input.data, this.bias.value.data, output.data); // Z = W·X + b

    const backward: Backward = (dOutput) => {
      requireSameShape(`${this.owner}, backward`, output, dOutput);
      const dZ = dOutput.data;
      addMultiplyRightTransposed(outputs, m, inputs, dZ, input.data, this.weights.gradient.data); // dW += dZ·Xᵀ
      addRowSums(dOutput, this.bias.gradient); // db += Σ columns of dZ
      if (!pass.inputGradient) return NOTHING;
      const dInput = pass.take(inputs, m);
      multiplyLeftTransposed(inputs, outputs, m, W, dZ, dInput.data); // dX = Wᵀ·dZ
      return dInput;
    };
    return [output, backward];
  }

  private wrongInput(input: Matrix): string {
    const turned =
      input.columns === this.inputs ? " Did you pass examples as rows? Try Matrix.transpose." : "";
    return `${this.owner}: expected an input of ${this.inputs} × m (features × examples), got ${input.shape}.${turned}`;
  }
}

/** What a backward pass returns when nobody asked for the input's gradient. */
const NOTHING = new Matrix(0, 0);

function addRowSums(from: Matrix, into: Matrix): void {
  const { rows, columns, data } = from;
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += data[i * columns + j];
    into.data[i] = into.data[i] + sum;
  }
}
