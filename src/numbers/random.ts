/*
 * NumPy's random numbers, bit for bit. The generator is the Mersenne Twister MT19937 (Matsumoto & Nishimura
 * 1998); the methods follow NumPy's RandomState, whose stream is frozen for ever, so that a seed from a Python
 * article gives the same weights here.
 *
 * A generator is an object that is passed in. There is no global one: two demonstrations never disturb each other.
 */
import { describe, requireNumber, requireWhole, ValueError } from "./errors";
import { Matrix } from "./matrix";

const N = 624;
const M = 397;

/** A seeded stream of random numbers, equal to `numpy.random.RandomState(seed)`. */
export class Random {
  readonly seed: number;
  private readonly state = new Uint32Array(N);
  private position = N;
  /** The polar method makes normal numbers in pairs; the second waits here. */
  private spare: number | undefined;

  /** @param seed a whole number from 0 to 2³² − 1, as NumPy takes it */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
      throw new ValueError(
        `Random: expected a seed that is a whole number from 0 to 4294967295, got ${describe(seed)}.`,
      );
    }
    this.seed = seed;
    this.state[0] = seed;
    for (let i = 1; i < N; i++) {
      const previous = this.state[i - 1];
      this.state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
  }

  /** A generator that goes on from exactly this point, independently. */
  clone(): Random {
    return new Random(this.seed).copyFrom(this);
  }

  /** Moves this generator to exactly the point where another one stands: how a failed step is taken back. */
  copyFrom(other: Random): this {
    requireRandom("Random.copyFrom", other);
    this.state.set(other.state);
    this.position = other.position;
    this.spare = other.spare;
    return this;
  }

  /** The next 32 random bits, as a whole number from 0 to 2³² − 1. */
  uint32(): number {
    if (this.position === N) this.refill();
    let y = this.state[this.position++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  private refill(): void {
    const s = this.state;
    for (let i = 0; i < N; i++) {
      const y = (s[i] & 0x80000000) | (s[(i + 1) % N] & 0x7fffffff);
      s[i] = s[(i + M) % N] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.position = 0;
  }

  /** Uniform on [0, 1), with all 53 bits of a float64 (`numpy.random.rand`). */
  rand(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** Uniform on [low, high) (`numpy.random.uniform`). */
  uniform(low = 0, high = 1): number {
    requireNumber("Random.uniform", "low", low);
    requireNumber("Random.uniform", "high", high, { from: low });
    requireNumber("Random.uniform", "high − low", high - low);
    return low + (high - low) * this.rand();
  }

  /**
   * Standard normal, mean 0 and variance 1 (`numpy.random.randn`): Marsaglia's polar method. A point drawn
   * evenly in the unit disc gives two independent normal numbers; NumPy returns the second first.
   */
  randn(): number {
    if (this.spare !== undefined) {
      const value = this.spare;
      this.spare = undefined;
      return value;
    }
    let x: number;
    let y: number;
    let r2: number;
    do {
      x = 2 * this.rand() - 1;
      y = 2 * this.rand() - 1;
      r2 = x * x + y * y;
    } while (r2 >= 1 || r2 === 0);
    const factor = Math.sqrt((-2 * Math.log(r2)) / r2);
    this.spare = factor * x;
    return factor * y;
  }

  /** A whole number from `low` to `high` − 1 (`numpy.random.randint`). The range may span at most 2³². */
  randint(low: number, high: number): number {
    requireWhole("Random.randint", "low", low, Number.MIN_SAFE_INTEGER);
    requireWhole("Random.randint", "high", high, low + 1);
    if (high - low > 2 ** 32) {
      throw new ValueError(`Random.randint: expected a range of at most 2³² values, got ${high - low}.`);
    }
    return low + this.upTo(high - 1 - low);
  }

  /**
   * A whole number from 0 to `largest`, each equally likely: cut the bits to the smallest mask that holds
   * `largest`, and draw again while the result is too large.
   */
  private upTo(largest: number): number {
    if (largest === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(largest);
    let value: number;
    do {
      value = (this.uint32() & mask) >>> 0;
    } while (value > largest);
    return value;
  }

  /** Brings the items into random order, in place (`numpy.random.shuffle`). Returns the same array. */
  shuffle<Items extends { readonly length: number; [index: number]: unknown }>(items: Items): Items {
    if (!Array.isArray(items) && !ArrayBuffer.isView(items)) {
      throw new ValueError(`Random.shuffle: expected an array, got ${describe(items)}.`);
    }
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.upTo(i);
      const item = items[i];
      items[i] = items[j];
      items[j] = item;
    }
    return items;
  }

  /** The whole numbers 0 … n − 1 in random order (`numpy.random.permutation`). */
  permutation(n: number): Int32Array {
    requireWhole("Random.permutation", "n", n, 0, 2 ** 31 - 1);
    return this.shuffle(Int32Array.from({ length: n }, (_, i) => i));
  }

  /** rows × columns uniform numbers, drawn row after row as NumPy does. */
  randMatrix(rows: number, columns: number): Matrix {
    return matrixOf("Random.randMatrix", rows, columns).map(() => this.rand());
  }

  /** rows × columns standard normal numbers, drawn row after row as NumPy does. */
  randnMatrix(rows: number, columns: number): Matrix {
    return matrixOf("Random.randnMatrix", rows, columns).map(() => this.randn());
  }
}

function matrixOf(owner: string, rows: unknown, columns: unknown): Matrix {
  return new Matrix(requireWhole(owner, "rows", rows, 0), requireWhole(owner, "columns", columns, 0));
}

/** What `make` gives; when it throws, the generator stands where it stood: a thing that is refused has drawn nothing. */
export function drawnOrNot<Made>(random: unknown, make: () => Made): Made {
  const before = random instanceof Random ? random.clone() : undefined;
  try {
    return make();
  } catch (error) {
    if (before !== undefined) (random as Random).copyFrom(before);
    throw error;
  }
}

/** Throws ValueError unless `value` is a Random: everything random is passed its seeded generator. */
export function requireRandom(owner: string, value: unknown): asserts value is Random {
  if (!(value instanceof Random)) {
    throw new ValueError(
      `${owner}: expected a seeded generator, got ${describe(value)}. Try { random: new Random(42) }.`,
    );
  }
}
