import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { build } from "esbuild";
import { Random, StateError } from "glassbox";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Floats } from "../../src/numbers/floats";
import { naiveAddColumns, naiveProduct, type ProductOptions } from "../../src/numbers/kernels/naive";
import { Arena } from "../../src/numbers/kernels/simd/arena";
import { type Precision, SimdKernels } from "../../src/numbers/kernels/simd/kernels";

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const start = async (precision: Precision, threads = 1, reserve = 64): Promise<SimdKernels> => {
  const kernels = await SimdKernels.start("simd", { precision, threads, reserve });
  if (kernels === undefined)
    throw new Error("expected WebAssembly with SIMD in the Node that runs the tests");
  return kernels;
};

/** Numbers of both signs and many sizes, none of them short in binary. */
function draw(random: Random, length: number): Float64Array {
  const values = new Float64Array(length);
  for (let i = 0; i < length; i++) values[i] = random.randn() * 2 ** random.randint(-8, 9);
  return values;
}

/** Index of the first number that is not the same to the bit (0 and −0 differ, NaN is NaN); −1 when all are. */
const firstDifference = (expected: Floats, actual: Floats): number =>
  expected.length === actual.length ? expected.findIndex((number, i) => !Object.is(number, actual[i])) : 0;

/** The definition in single precision: as `naiveProduct`, each product and each sum rounded to float32. */
function roundedProduct(
  r: number,
  k: number,
  c: number,
  a: Floats,
  b: Floats,
  out: Floats,
  { turnLeft, turnRight, add, bias, relu }: ProductOptions,
): void {
  const round = Math.fround;
  for (let j = 0; j < c; j++) {
    for (let i = 0; i < r; i++) {
      let sum = add ? out[j * r + i] : 0;
      for (let p = 0; p < k; p++) {
        const left = turnLeft ? a[i * k + p] : a[p * r + i];
        const right = turnRight ? b[p * c + j] : b[j * k + p];
        sum = round(sum + round(left * right));
      }
      if (bias !== undefined) sum = round(sum + bias[i]);
      out[j * r + i] = relu ? Math.max(sum, 0) : sum;
    }
  }
}

/** Rows, summed index, columns: every kind of tile and of edge in both precisions, and several panels each way. */
const SHAPES = [
  [1, 1, 1],
  [1, 64, 70],
  [1, 300, 9],
  [2, 3, 5],
  [3, 1, 7],
  [7, 5, 2],
  [10, 128, 64],
  [16, 9, 18],
  [17, 300, 33],
  [31, 20, 17],
  [64, 2, 50],
  [64, 500, 2],
  [150, 40, 19],
  [35, 7, 300],
  [40, 513, 21],
] as const;

const FORMS = Array.from({ length: 32 }, (_, n) => ({
  turnLeft: (n & 1) > 0,
  turnRight: (n & 2) > 0,
  add: (n & 4) > 0,
  relu: (n & 8) > 0,
  biased: (n & 16) > 0,
}));

/** All forms where that is quick; where it is not, the shapes take turns with a fifth of them. */
const formsFor = (r: number, k: number, c: number): typeof FORMS =>
  FORMS.filter((_, n) => r * k * c < 5000 || n % 5 === (r + c) % 5);

describe.each([
  ["float64", 1],
  ["float32", 1],
  ["float64", 3],
  ["float32", 2],
] as const)("SIMD kernels in %s, threads: %i", (precision, threads) => {
  const single = precision === "float32";
  const round = single ? Math.fround : (x: number): number => x;
  let simd: SimdKernels;
  beforeAll(async () => {
    simd = await start(precision, threads);
  });
  afterAll(() => simd.close());

  /** The same numbers as an array of the precision, in the kernels' memory. */
  const inside = (values: ArrayLike<number>): Floats => {
    const array = simd.allocate(values.length);
    array.set(values);
    return array;
  };
  const outside = (values: ArrayLike<number>): Floats =>
    single ? Float32Array.from(values) : Float64Array.from(values);

  function compare(r: number, k: number, c: number, form: (typeof FORMS)[number], values: number[][]): void {
    const { biased, ...options } = form;
    const [a, b, before, bias] = values;
    const expected = outside(before);
    const definition = single ? roundedProduct : naiveProduct;
    definition(r, k, c, outside(a), outside(b), expected, {
      ...options,
      bias: biased ? outside(bias) : undefined,
    });
    const arrays = [a, b, before, bias].map(inside);
    const { turnLeft, turnRight, add, relu } = options;
    const shift = biased ? arrays[3] : undefined;
    simd.product(r, k, c, arrays[0], arrays[1], arrays[2], turnLeft, turnRight, add, shift, relu);
    const at = firstDifference(expected, arrays[2]);
    const what = `${r} × ${k} × ${c}, ${JSON.stringify(form)}`;
    expect(at, at < 0 ? what : `${what}: expected ${expected[at]} at ${at}, got ${arrays[2][at]}`).toBe(-1);
    for (const array of arrays) simd.free(array);
  }

  it("give the bits of three loops: every form, odd sizes, several panels", () => {
    const random = new Random(1);
    for (const [r, k, c] of SHAPES) {
      const values = [r * k, k * c, r * c, r].map((length) => [...draw(random, length)]);
      for (const form of formsFor(r, k, c)) compare(r, k, c, form, values);
    }
  });

  it("give the bits of three loops where a product is large enough to be shared", () => {
    const random = new Random(2);
    for (const [r, k, c] of [
      [200, 70, 41],
      [23, 300, 130],
      [131, 64, 97],
      [1, 400, 300],
    ]) {
      const values = [r * k, k * c, r * c, r].map((length) => [...draw(random, length)]);
      for (const form of formsFor(r, k, c)) compare(r, k, c, form, values);
    }
  });

  it("carry ∞, NaN and −0 as three loops do, at every edge", () => {
    const random = new Random(3);
    const odd = [Infinity, -Infinity, NaN, -0, 0];
    for (const [r, k, c] of SHAPES) {
      const values = [r * k, k * c, r * c, r].map((length) => [...draw(random, length)]);
      for (const list of values) {
        for (let n = 0; n < 3; n++) list[random.randint(0, list.length)] = odd[random.randint(0, odd.length)];
      }
      for (const form of formsFor(r, k, c)) compare(r, k, c, form, values);
    }
  });

  it("multiply [[1]] by [[∞]] to ∞: nothing is padded with 0", () => {
    const out = inside([0]);
    simd.product(1, 1, 1, inside([1]), inside([Infinity]), out);
    expect(out[0]).toBe(Infinity);
  });

  it("make a product over nothing 0, or what stood there, and still add the bias", () => {
    const empty = simd.allocate(0);
    const out = inside([5, 6]);
    simd.product(2, 0, 1, empty, empty, out, false, false, true, inside([1, -9]), true);
    expect([...out]).toEqual([6, 0]);
    simd.product(2, 0, 1, empty, empty, out);
    expect([...out]).toEqual([0, 0]);
  });

  it("take arrays that lie elsewhere, too", () => {
    const out = new Float64Array(2);
    simd.product(
      2,
      1,
      1,
      Float64Array.of(2, 3),
      Float32Array.of(4),
      out,
      false,
      false,
      false,
      Float64Array.of(1, 1),
    );
    expect([...out]).toEqual([9, 13]);
    const before = simd.used;
    simd.relu(Float64Array.of(-1, 2), out);
    expect([...out]).toEqual([0, 2]);
    expect(simd.used).toBe(before);
  });

  it("leave what they only read as it is, though their copy of it is rounded", async () => {
    const single = await start("float32", 1, 8);
    const random = new Random(6);
    const [a, b, c, d, e, f, g] = Array.from({ length: 7 }, () => draw(random, 6));
    const numbers = { rate: 0.1, beta1: 0.9, beta2: 0.99, correction2: 1, epsilon: 1e-8 };
    const gamma = a.slice(0, 2);
    const calls: [name: string, call: () => void, read: Floats[], written: Floats[]][] = [
      ["product", () => single.product(2, 3, 2, a, b, g, false, false, false, gamma), [a, b, gamma], [g]],
      ["relu", () => single.relu(a, b), [a], [b]],
      ["reluBackward", () => single.reluBackward(a, b, c), [a, b], [c]],
      ["add", () => single.add(a, b, c), [a, b], [c]],
      ["sumColumns", () => single.sumColumns(2, 3, a, gamma, true), [a], [gamma]],
      ["layerNorm", () => single.layerNorm(2, 3, a, gamma, b, 1e-5, c, d, e), [a, gamma, b], [c, d, e]],
      [
        "layerNormBackward",
        () => single.layerNormBackward(2, 3, a, b, c, gamma, d, e, f),
        [a, b, c, gamma],
        [d, e, f],
      ],
      ["adam", () => single.adam(d, a, e, f, numbers), [a], [d, e, f]],
    ];
    for (const [name, call, read, written] of calls) {
      const before = [...read, ...written].map((array) => array.slice());
      // What a root is taken of is no negative number.
      if (name === "adam") for (let i = 0; i < f.length; i++) f[i] = Math.abs(f[i]);
      call();
      read.forEach((array, i) => {
        expect(firstDifference(before[i], array), `${name} reads its array ${i + 1}`).toBe(-1);
      });
      written.forEach((array, i) => {
        expect(array, `${name} writes its array ${i + 1}`).not.toEqual(before[read.length + i]);
        expect(firstDifference(array.map(Math.fround), array), name).toBe(-1);
      });
    }
    single.close();
  });

  it("pass through a ReLU and back as the plain loops do", () => {
    const z = [...draw(new Random(4), 37), NaN, -0, 0, Infinity, -Infinity, 0]; // 43: the last 0 fills no vector
    const dA = [...draw(new Random(5), 37), 1, 2, 3, 4, 5, 6];
    const [from, slope, out] = [inside(z), inside(dA), simd.allocate(z.length)];
    simd.relu(from, out);
    expect(
      firstDifference(
        from.map((x) => Math.max(x, 0)),
        out,
      ),
    ).toBe(-1);
    simd.reluBackward(from, slope, out);
    expect(
      firstDifference(
        from.map((x, i) => (x > 0 ? slope[i] : 0)),
        out,
      ),
    ).toBe(-1);
  });

  it("sum columns one after the other, from 0 or from what stands there", () => {
    for (const [r, c] of [
      [1, 1],
      [3, 7],
      [37, 20],
      [64, 5],
    ]) {
      const values = draw(new Random(r), r * c);
      const before = draw(new Random(c), r);
      for (const add of [true, false]) {
        const out = inside(before);
        simd.sumColumns(r, c, inside(values), out, add);
        const expected = outside(add ? before : new Float64Array(r));
        for (let i = 0; i < r; i++) {
          for (let j = 0; j < c; j++) expected[i] = round(expected[i] + round(values[j * r + i]));
        }
        if (!single && add) {
          const defined = before.slice();
          naiveAddColumns(r, c, values, defined);
          expect(firstDifference(defined, expected)).toBe(-1);
        }
        expect(firstDifference(expected, out)).toBe(-1);
      }
    }
  });

  it("see one number that is not finite, wherever it stands, and squares that overflow", () => {
    const largest = single ? 1e30 : 1e200;
    for (let at = 0; at < 21; at++) {
      for (const [value, finite, squares] of [
        [NaN, false, false],
        [-Infinity, false, false],
        [largest, true, false],
        [-3, true, true],
      ] as const) {
        const array = inside(new Float64Array(21));
        array[at] = value;
        expect([simd.allFinite(array), simd.allSquaresFinite(array)]).toEqual([finite, squares]);
        expect([simd.allFinite([...array] as never), simd.allSquaresFinite([...array] as never)]).toEqual([
          finite,
          squares,
        ]);
        simd.free(array);
      }
    }
  });

  it("see it in an array that threads share, whichever of them comes to it", () => {
    const array = inside(new Float64Array(20_011));
    expect([simd.allFinite(array), simd.allSquaresFinite(array)]).toEqual([true, true]);
    for (let at = 0; at < array.length; at += 1_111) {
      array[at] = NaN;
      expect([simd.allFinite(array), simd.allSquaresFinite(array)]).toEqual([false, false]);
      array[at] = 1;
    }
    simd.free(array);
  });

  it.each([0, 7, 33, 20_011])("empty %i numbers and leave their neighbours alone", (n) => {
    const [before, array, after] = [inside([1]), inside(new Float64Array(n).fill(-2)), inside([3])];
    simd.zero(array);
    expect(array.every((entry) => Object.is(entry, 0))).toBe(true);
    expect([before[0], after[0]]).toEqual([1, 3]);
    const elsewhere = new Float64Array(n).fill(-2);
    simd.zero(elsewhere);
    expect(elsewhere).toEqual(new Float64Array(n));
    for (const one of [before, array, after]) simd.free(one);
  });

  it.each([7, 33, 20_011])("step %i weights by Adam as the formula reads", (n) => {
    const random = new Random(n);
    const numbers = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
    const start = [draw(random, n), draw(random, n), draw(random, n), draw(random, n).map(Math.abs)];
    const [w, g, m, v] = start.map(inside);
    const [x, h, p, q] = start.map(outside);
    const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8].map(round);
    const [fresh1, fresh2] = [round(1 - 0.9), round(1 - 0.999)];
    for (let step = 1; step <= 3; step++) {
      const rate = 0.01 / (1 - 0.9 ** step);
      const correction2 = 1 - 0.999 ** step;
      simd.adam(w, g, m, v, { ...numbers, rate, correction2 });
      for (let i = 0; i < n; i++) {
        const mean = round(round(beta1 * p[i]) + round(fresh1 * h[i]));
        const square = round(round(beta2 * q[i]) + round(fresh2 * round(h[i] * h[i])));
        const size = round(round(Math.sqrt(round(square / round(correction2)))) + epsilon);
        p[i] = mean;
        q[i] = square;
        x[i] = round(x[i] - round(round(round(rate) * mean) / size));
      }
    }
    expect(firstDifference(x, w)).toBe(-1);
    expect(firstDifference(p, m)).toBe(-1);
    expect(firstDifference(q, v)).toBe(-1);
    for (const array of [w, g, m, v]) simd.free(array);
  });
});

describe("the memory of the SIMD kernels", () => {
  it("is reserved up front; when it is full an error says what is reserved and used, and freeing makes room", async () => {
    const simd = await start("float64", 1, 8);
    const half = simd.allocate(500_000);
    expect(() => simd.allocate(500_000)).toThrow(StateError);
    expect(() => simd.allocate(500_000)).toThrow(
      /no room for 3\.8 MB more\. 8\.0 MB are reserved, \d\.\d MB are in use, [0-3]\.\d MB are left in one piece\. .*close this one and start another, or reserve more/,
    );
    expect(half.length).toBe(500_000);
    simd.free(half);
    expect(simd.allocate(500_000).length).toBe(500_000);
  });

  it("gives blocks back in any order, joined with their neighbours", () => {
    const arena = new Arena("test", 64, 64 * 11);
    const blocks = Array.from({ length: 10 }, () => arena.allocate(64));
    expect(new Set(blocks.map((block) => block % 64))).toEqual(new Set([0]));
    expect(() => arena.allocate(1)).toThrow(StateError);
    for (const i of [3, 5, 4, 0, 9, 8, 1, 2, 7, 6]) arena.release(blocks[i]);
    arena.release(blocks[0]); // a second time: nothing
    expect(arena.used).toBe(0);
    expect(arena.allocate(640)).toBe(64);
  });
});

describe("SIMD kernels elsewhere", () => {
  it("are not there without WebAssembly, or where it has no vectors", async () => {
    vi.stubGlobal("WebAssembly", undefined);
    expect(await SimdKernels.start("simd", { precision: "float64", threads: 1, reserve: 8 })).toBe(undefined);
    vi.stubGlobal("WebAssembly", { compile: () => Promise.reject(new Error("invalid value type 0x7b")) });
    expect(await SimdKernels.start("simd", { precision: "float64", threads: 1, reserve: 8 })).toBe(undefined);
    vi.unstubAllGlobals();
  });

  it.each(["a small pass", "the end"])("wait for what an interrupt left at work: before %s", async (next) => {
    const simd = await start("float64", 3, 128);
    const n = 1200;
    const [a, b, out] = [0, 1, 2].map(() => simd.allocate(n * n).fill(1));
    const multiply = () => simd.product(n, n, n, a, b, out);
    expect(() => runInNewContext("for (;;) multiply()", { multiply }, { timeout: 60 })).toThrow(/timed out/);
    if (next === "the end") simd.close();
    else expect(simd.allFinite(a.subarray(0, 4))).toBe(true); // too small to be shared
    out.fill(-1);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(out.every((entry) => entry === -1)).toBe(true);
    simd.product(64, 64, 64, a, b, out); // alone, where the others have ended
    expect(out[0]).toBe(64);
    simd.close();
  });

  it("compute with one thread where there are no worker threads, as on a page", async () => {
    const absent = vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
    const simd = await start("float32", 4);
    absent.mockRestore();
    expect(simd.threads).toBe(1);
    const out = simd.allocate(1);
    simd.product(1, 1, 1, Float32Array.of(3), Float32Array.of(4), out);
    expect(out[0]).toBe(12);
  });

  it("load in a browser's bundle without an import, and do not keep a program alive", async () => {
    const { outputFiles, metafile } = await build({
      entryPoints: [file("src/numbers/kernels/simd/kernels.ts")],
      bundle: true,
      platform: "browser",
      format: "cjs",
      write: false,
      metafile: true,
    });
    expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([]);
    const program = `${outputFiles[0].text}
      module.exports.SimdKernels.start("simd", { precision: "float32", threads: 3, reserve: 64 }).then((simd) => {
        const a = simd.allocate(90000).fill(1);
        const out = simd.allocate(90000);
        for (let n = 0; n < 100; n++) simd.product(300, 300, 300, a, a, out);
        console.log(simd.threads, out[89999]);
      });`;
    // As in a notebook's kernel, something is loaded in front of the program that is not for helpers.
    const folder = mkdtempSync(join(tmpdir(), "glassbox-"));
    const front = join(folder, "front.cjs");
    writeFileSync(
      front,
      `if (!require("node:worker_threads").isMainThread) throw new Error("not for helpers");`,
    );
    const { stdout, stderr, status } = spawnSync(process.execPath, ["--require", front, "-"], {
      input: program,
      encoding: "utf8",
      timeout: 20_000,
    });
    expect({ stdout, stderr, status }).toEqual({ stdout: "3 300\n", stderr: "", status: 0 });
    rmSync(folder, { recursive: true });
  });
});
