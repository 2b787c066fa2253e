/* Every activation: its value, and its slope. */
import fc from "fast-check";
import { type ActivationFunction, activations, elu, leakyRelu, Matrix, Random } from "glassbox";
import { mirrorActivation, reference, scoped, toMatrix, toTensor } from "glassbox/reference";
import { between, seeds, setting, sizes } from "./cases";
import { inner, slopes } from "./numerical";
import {
  type CrossCheck,
  difference,
  NUMERICAL_TOLERANCE,
  overCases,
  REASONS,
  TFJS_TOLERANCE,
  tfjs,
  worst,
} from "./record";

interface Case {
  readonly activation: ActivationFunction;
  readonly seed: number;
  readonly rows: number;
  readonly columns: number;
}

/** Each activation with the settings it may have. */
function subjects(): { name: string; made: fc.Arbitrary<ActivationFunction> }[] {
  const made: Record<string, fc.Arbitrary<ActivationFunction>> = {
    "leaky ReLU": setting(0, 0.9).map((alpha) => leakyRelu(alpha)),
    ELU: setting(0.1, 3).map((alpha) => elu(alpha)),
  };
  return activations.map((activation) => ({
    name: activation.name,
    made: made[activation.name] ?? fc.constant(activation),
  }));
}

export function checkActivations(): CrossCheck[] {
  return subjects().flatMap(({ name, made }) => {
    const cases: fc.Arbitrary<Case> = fc.record({
      activation: made,
      seed: seeds,
      rows: sizes,
      columns: sizes,
    });
    // Pre-activations from −6 to 6, none nearer than 0.01 to a kink: those are moved there.
    const inputs = ({ activation, seed, rows, columns }: Case): { z: Matrix; upstream: Matrix } => {
      const random = new Random(seed);
      const z = between(random, rows, columns, -6, 6).map((value) => {
        const near = activation.kinks?.find((kink) => Math.abs(value - kink) < 0.01);
        return near === undefined ? value : Math.fround(near + (value < near ? -0.01 : 0.01));
      });
      return { z, upstream: between(random, rows, columns, 0.5, 2) };
    };
    const ours = (one: Case): { z: Matrix; a: Matrix; dZ: Matrix; upstream: Matrix } => {
      const { z, upstream } = inputs(one);
      const a = new Matrix(z.rows, z.columns);
      const dZ = new Matrix(z.rows, z.columns);
      one.activation.forward(z, a);
      one.activation.backward(z, a, upstream, dZ);
      return { z, a, dZ, upstream };
    };
    const about = {
      name: `activation ${name}`,
      against: tfjs(),
      tolerance: TFJS_TOLERANCE,
      reason: REASONS.float32,
    };
    return [
      overCases({ ...about, kind: "value" }, cases, (one) => {
        const { z, a } = ours(one);
        const { tf } = reference();
        const theirs = scoped(() => toMatrix(mirrorActivation(one.activation)(tf, toTensor(z))));
        return worst([
          difference(a, theirs),
          difference(
            z.map((value) => one.activation.apply(value)),
            theirs,
          ),
        ]);
      }),
      overCases({ ...about, kind: "gradient" }, cases, (one) => {
        const { z, dZ, upstream } = ours(one);
        const { tf } = reference();
        const theirs = scoped(() =>
          toMatrix(
            tf.grad((x) => mirrorActivation(one.activation)(tf, x as never))(toTensor(z), toTensor(upstream)),
          ),
        );
        const derivative = z.map((value) => one.activation.derivative(value)).hadamard(upstream);
        return worst([difference(dZ, theirs), difference(derivative, theirs)]);
      }),
      overCases(
        { ...about, kind: "gradient", against: "numerical", tolerance: NUMERICAL_TOLERANCE, reason: KINKS },
        cases,
        (one) => {
          const { z, dZ, upstream } = ours(one);
          const value = (): number => {
            const a = new Matrix(z.rows, z.columns);
            one.activation.forward(z, a);
            return inner(a, upstream);
          };
          return difference(dZ, slopes(value, z));
        },
      ),
    ];
  });
}

const KINKS =
  "five-point central differences in float64, error about 1e-11; inputs nearer than 0.01 to a kink are moved to 0.01 beside it";
