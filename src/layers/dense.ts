/*
 * A dense layer: every output is a weighted sum of all inputs, plus a bias. Z = W·X + b.
 *
 * Its backward pass is three lines, each a sentence: a weight's blame is its input times the blame of its output
 * (dW = dZ·Xᵀ); a bias's blame is the blame of its output (db = Σ over the examples); an input's blame is what it
 * caused through every weight (dX = Wᵀ·dZ).
 */
import { type Backward, type Layer, NOTHING, type Parameter, Pass } from "../core/core";
import type { LayerKind } from "../core/kind";
import { heNormal, type Initializer } from "../initializers/initializers";
import type { ProductOptions } from "../numbers/engine";
import { describe, requireWhole, ValueError } from "../numbers/errors";
import { Matrix, requireFinite } from "../numbers/matrix";
import { aFunction, anything, type OptionTable, text } from "../numbers/options";
import { Random } from "../numbers/random";
import {
  admit,
  enter,
  leave,
  overflow,
  ownerOf,
  ownOrShared,
  requireFeatures,
  requireFiniteValues,
} from "./door";

const ADD_OUTER: ProductOptions = { add: true, turnRight: true };
const TURNED: ProductOptions = { turnLeft: true };

export interface DenseOptions {
  /** For error messages and parameter names. */
  readonly name?: string;
  /** The seeded generator that the first weights are drawn from. Needed unless `weights` are given. */
  readonly random?: Random;
  /** How to draw the weights; He's normal form when left out. */
  readonly initializer?: Initializer;
  /** Given weights (outputs × inputs) instead of drawn ones: a Matrix is copied, another layer's Parameter is shared. */
  readonly weights?: Matrix | Parameter;
  /** Given biases (outputs × 1), copied or shared as weights are; zeros when left out. */
  readonly bias?: Matrix | Parameter;
}

const OPTIONS: OptionTable<DenseOptions> = {
  name: text,
  random: anything,
  initializer: aFunction("an initializer such as heNormal"),
  weights: anything,
  bias: anything,
};

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
  private readonly plusBias: ProductOptions;
  private readonly plusBiasThenRelu: ProductOptions;

  /**
   * @param inputs number of features of an example
   * @param outputs number of neurons
   * @throws ValueError for sizes that are not whole and positive, or when nothing says where weights come from
   * @throws ShapeError when given weights or biases do not have the shape of the layer
   */
  constructor(inputs: number, outputs: number, options: DenseOptions = {}) {
    this.name = admit("Dense", options, OPTIONS);
    this.inputs = requireWhole(ownerOf(this), "inputs", inputs);
    this.outputs = requireWhole(ownerOf(this), "outputs", outputs);
    const { bias = new Matrix(outputs, 1) } = options;
    this.bias = ownOrShared(this, "bias", "outputs × 1", bias, [outputs, 1], { decays: false });
    const weights = options.weights ?? this.draw(options); // last, so that nothing is drawn for a layer that fails
    this.weights = ownOrShared(this, "weights", "outputs × inputs", weights, [outputs, inputs]);
    this.parameters = [this.weights, this.bias];
    this.plusBias = { bias: this.bias.value };
    this.plusBiasThenRelu = { bias: this.bias.value, relu: true };
  }

  outputRows(rows: number | undefined, examples?: number): number {
    requireFeatures(this, this.inputs, rows, examples);
    return this.outputs;
  }

  /**
   * (inputs × m) → (outputs × m).
   * @throws ShapeError when the input does not have one row a feature
   * @throws ValueError for NaN and ∞ in the input, the weights or the bias
   */
  forward(input: Matrix, pass: Pass = new Pass()): readonly [Matrix, Backward] {
    enter(this, input, pass);
    const output = pass.take(this.outputs, input.columns);
    pass.engine.product(this.weights.value, input, output, this.plusBias); // Z = W·X + b
    this.requireFinite(input, output);
    return leave(this, pass, output, (dOutput) => this.backward(input, dOutput, pass));
  }

  /** A = max(W·X + b, 0), and the way back through both. */
  forwardWithRelu(input: Matrix, pass: Pass): readonly [Matrix, Backward] {
    enter(this, input, pass);
    const output = pass.take(this.outputs, input.columns);
    pass.engine.product(this.weights.value, input, output, this.plusBiasThenRelu);
    // −∞ does not show behind a ReLU: the input is looked at itself.
    if (!pass.engine.allFinite(input)) requireFinite(ownerOf(this), "the input", input);
    this.requireFinite(input, output);
    return leave(this, pass, output, (dOutput) => {
      const dZ = pass.take(output.rows, output.columns);
      pass.engine.reluBackward(output, dOutput, dZ); // dZ = dA where A > 0
      return this.backward(input, dZ, pass);
    });
  }

  private backward(input: Matrix, dZ: Matrix, pass: Pass): Matrix {
    const { engine } = pass;
    const db = pass.take(this.outputs, 1);
    engine.sumColumns(dZ, db); // db = Σ columns of dZ
    this.requireFiniteSlopes(db);
    for (let i = 0; i < db.size; i++) this.bias.gradient.data[i] = this.bias.gradient.data[i] + db.data[i];
    engine.product(dZ, input, this.weights.gradient, ADD_OUTER); // dW += dZ·Xᵀ
    if (!pass.inputGradient) return NOTHING;
    const dInput = pass.take(input.rows, input.columns);
    engine.product(this.weights.value, dZ, dInput, TURNED); // dX = Wᵀ·dZ
    return dInput;
  }

  private draw(options: DenseOptions): Matrix {
    if (!(options.random instanceof Random)) {
      throw new ValueError(
        `${ownerOf(this)}: expected a seeded generator to draw the weights from, got ${describe(options.random)}. ` +
          "Try { random: new Random(42) }, or give { weights }.",
      );
    }
    const { initializer = heNormal } = options;
    return initializer(this.outputs, this.inputs, options.random);
  }

  /**
   * Every input takes part in the first neuron's outputs, and every weight in the first example's; NaN and ∞ do
   * not vanish in a sum of products. So one row and one column of the output tell whether all numbers were finite.
   */
  private requireFinite(input: Matrix, output: Matrix): void {
    const { rows, columns, data } = output;
    let zero = 0; // x − x is 0 for a finite x, and NaN otherwise
    for (let j = 0; j < columns; j++) zero += data[j * rows] - data[j * rows];
    for (let i = 0; i < rows; i++) zero += data[i] - data[i];
    if (zero === 0) return;
    requireFinite(ownerOf(this), "the input", input);
    requireFiniteValues(ownerOf(this), this.parameters);
    throw overflow(this);
  }

  /** A sum is finite only if every term is: this look at a few numbers keeps NaN out of all the gradients. */
  private requireFiniteSlopes(db: Matrix): void {
    const what = "the gradient of the output, summed over the examples";
    requireFinite(`${ownerOf(this)}, backward`, what, db);
  }

  static readonly kind: LayerKind<Dense> = {
    title: "Dense",
    letter: "Z",
    write: ({ inputs, outputs, weights, bias }) => ({
      options: { inputs, outputs },
      weights: { weights, bias },
    }),
    read(entry) {
      const [inputs, outputs] = [entry.number("inputs"), entry.number("outputs")];
      const weights = entry.parameter("weights", outputs, inputs);
      return new Dense(inputs, outputs, {
        name: entry.name,
        weights,
        bias: entry.parameter("bias", outputs, 1),
      });
    },
    twin: ({ weights, bias }, x, { tf, variable }) => tf.add(tf.matMul(x, variable(weights)), variable(bias)),
  };
}
