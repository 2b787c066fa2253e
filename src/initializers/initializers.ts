/*
 * The first weights. All zeros would make every unit of a layer learn the same thing; too small and the signal
 * fades from layer to layer, too large and it explodes.
 *
 * A unit adds up `inputs` products, so its variance is inputs·Var(w) times that of its inputs. The named schemes choose
 * Var(w) so that the variance stays about constant from layer to layer:
 *
 *   LeCun            1/inputs               linear, tanh near 0
 *   Xavier (Glorot)  2/(inputs + outputs)   the same, for the forward and the backward pass at once
 *   He (Kaiming)     2/inputs               ReLU, which drops half of the signal
 *
 * Each has a normal form, and a uniform one on ±√(3·Var), which has the same variance.
 *
 * An initializer is a recipe: it is told the shape and a generator, and returns the weights.
 */
import { describe, requireNumber, requireWhole, ValueError } from "../numbers/errors";
import { Matrix } from "../numbers/matrix";
import { Random } from "../numbers/random";

/** Makes the weights (outputs × inputs) of a layer, drawing from `random` row after row. */
export type Initializer = (outputs: number, inputs: number, random: Random) => Matrix;

/** All zeros: for biases. For weights it is the classic mistake, since all units then stay equal. */
export const zeros: Initializer = (outputs, inputs) => filled("zeros", outputs, inputs, 0);

/** The same value everywhere. */
export function constant(value: number): Initializer {
  requireNumber("constant", "value", value);
  return (outputs, inputs) => filled("constant", outputs, inputs, value);
}

/** Normal with mean 0 and the given standard deviation, 0 or more. */
export function normal(standardDeviation = 1): Initializer {
  requireNumber("normal", "the standard deviation", standardDeviation, { from: 0 });
  return (outputs, inputs, random) =>
    checked("normal", outputs, inputs, random).randnMatrix(outputs, inputs).scale(standardDeviation);
}

/** Uniform on [low, high). */
export function uniform(low = -0.05, high = 0.05): Initializer {
  requireNumber("uniform", "low", low);
  requireNumber("uniform", "high", high, { from: low });
  return (outputs, inputs, random) =>
    checked("uniform", outputs, inputs, random)
      .randMatrix(outputs, inputs)
      .map((u) => low + (high - low) * u);
}

/** Normal with variance 1/inputs. @see LeCun et al. 1998, "Efficient BackProp", section 4.6 */
export const lecunNormal = scaled("lecunNormal", "normal", (inputs) => 1 / inputs);

/** Uniform with variance 1/inputs. @see LeCun et al. 1998, "Efficient BackProp", section 4.6 */
export const lecunUniform = scaled("lecunUniform", "uniform", (inputs) => 1 / inputs);

/**
 * Normal with variance 2/(inputs + outputs): for sigmoid and tanh.
 * @see Glorot & Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks", section 4.2
 */
export const xavierNormal = scaled("xavierNormal", "normal", (inputs, outputs) => 2 / (inputs + outputs));

/**
 * Uniform with variance 2/(inputs + outputs), that is on ±√(6/(inputs + outputs)): for sigmoid and tanh.
 * @see Glorot & Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks", equation 16
 */
export const xavierUniform = scaled("xavierUniform", "uniform", (inputs, outputs) => 2 / (inputs + outputs));

/**
 * Normal with variance 2/inputs: keeps the signal through ReLU, which drops half of it.
 * @see He et al. 2015, "Delving Deep into Rectifiers", section 2.2
 */
export const heNormal = scaled("heNormal", "normal", (inputs) => 2 / inputs);

/**
 * Uniform with variance 2/inputs, that is on ±√(6/inputs): for ReLU.
 * @see He et al. 2015, "Delving Deep into Rectifiers", section 2.2
 */
export const heUniform = scaled("heUniform", "uniform", (inputs) => 2 / inputs);

/** A recipe whose variance depends on the size of the layer. */
function scaled(
  name: string,
  shape: "normal" | "uniform",
  variance: (inputs: number, outputs: number) => number,
): Initializer {
  return (outputs, inputs, random) => {
    checked(name, outputs, inputs, random);
    const size = variance(inputs, outputs);
    if (shape === "normal") return random.randnMatrix(outputs, inputs).scale(Math.sqrt(size));
    const limit = Math.sqrt(3 * size); // a uniform number on ±limit has variance limit²/3
    return random.randMatrix(outputs, inputs).map((u) => limit * (2 * u - 1));
  };
}

function filled(owner: string, outputs: number, inputs: number, value: number): Matrix {
  requireSize(owner, outputs, inputs);
  return Matrix.filled(outputs, inputs, value);
}

function requireSize(owner: string, outputs: unknown, inputs: unknown): void {
  requireWhole(owner, "inputs", inputs);
  requireWhole(owner, "outputs", outputs);
}

function checked(owner: string, outputs: unknown, inputs: unknown, random: unknown): Random {
  requireSize(owner, outputs, inputs);
  if (random instanceof Random) return random;
  throw new ValueError(
    `${owner}: expected a seeded generator such as new Random(42), got ${describe(random)}.`,
  );
}
