/*
 * The matrix product alone, in each form, against the limit of this processor: a loop of multiplications and additions
 * on registers, in the same WebAssembly vectors of 128 bits. Samples are short and take turns with the limit's, and the
 * best of each counts: whatever else the machine does can only make a sample slower.
 */
import { Random } from "glassbox";
import { type Precision, SimdKernels } from "../../src/numbers/kernels/simd/kernels";

export interface ProductMeasurement {
  readonly precision: Precision;
  readonly form: string;
  readonly size: number;
  readonly gigaflops: number;
  /** What registers alone reach. */
  readonly limit: number;
}

const FORMS = [
  ["A·B", false, false],
  ["A·Bᵀ", false, true],
  ["Aᵀ·B", true, false],
] as const;

const SIZES = [128, 256, 512, 1024];
const SAMPLES = 12;
const SHORTEST_MS = 4;

/** Operations a nanosecond in one short sample. */
function sample(run: () => number): number {
  let operations = 0;
  let ms = 0;
  const started = performance.now();
  do {
    operations += run();
    ms = performance.now() - started;
  } while (ms < SHORTEST_MS);
  return operations / ms / 1e6;
}

export async function measureProducts(tell: (measurement: ProductMeasurement) => void): Promise<void> {
  for (const precision of ["float64", "float32"] as const) {
    const kernels = await SimdKernels.start("bench", { precision, threads: 1, reserve: 64 });
    if (kernels === undefined) return;
    const random = new Random(1);
    const [a, b, out] = Array.from({ length: 3 }, () => kernels.allocate(1024 * 1024));
    for (let i = 0; i < a.length; i++) {
      a[i] = random.rand();
      b[i] = random.rand();
    }
    const registers = (): number => kernels.operateOnRegisters(10_000);
    let limit = sample(registers);
    const best = new Map<string, number>();
    for (let turn = 0; turn < SAMPLES; turn++) {
      for (const [form, turnLeft, turnRight] of FORMS) {
        for (const size of SIZES) {
          const reached = sample(() => {
            kernels.product(size, size, size, a, b, out, turnLeft, turnRight);
            return 2 * size ** 3;
          });
          best.set(`${form} ${size}`, Math.max(best.get(`${form} ${size}`) ?? 0, reached));
          limit = Math.max(limit, sample(registers));
        }
      }
    }
    for (const [form] of FORMS) {
      for (const size of SIZES) {
        tell({ precision, form, size, gigaflops: best.get(`${form} ${size}`) as number, limit });
      }
    }
    kernels.close();
  }
}
