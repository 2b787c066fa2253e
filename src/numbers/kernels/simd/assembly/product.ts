/*
 * The matrix product, C = [C +] A·B [+ bias] [then ReLU], for T = f32 or f64. Matrices lie column after column.
 *
 * Every entry of C is one sum over k = 0, 1, 2, … in one accumulator, each product and each addition rounded, so that the
 * bits are those of three plain loops. Speed comes from elsewhere: a vector holds neighbouring ROWS of one column of C
 * (lanes are different entries, never different k), a tile of 4 vectors × 2 columns keeps eight accumulators in
 * registers, and the panel of A that the tiles read, 256 deep and 128 rows high, is packed so that it is read straight
 * through from a near cache. A deeper product goes panel by panel; each continues the accumulators that it finds in C.
 *
 * The innermost loop is bound by how many instructions a processor takes in, not by how many it computes, so every one
 * beside the products, sums and loads counts. Larger tiles were tried: V8 then spills registers to memory, and a third of
 * the speed is lost.
 */

/** How much of the summed index a panel holds. */
const DEPTH: i32 = 256;
/** Rows of A in a panel. */
const HEIGHT: i32 = 128;
/** Columns of B that are packed at a time, where they must be. */
const WIDTH: i32 = 256;

/** What a product does besides multiplying; the host passes these numbers. */
const TRANSPOSE_A: i32 = 1;
const TRANSPOSE_B: i32 = 2;
const ADD: i32 = 4;
const BIAS: i32 = 8;
const RELU: i32 = 16;

/** Where packed panels go: one of A, one of B, and 16 copies of a bias. Each thread has a place of its own. */
let scratch: usize = 0;

/** Gives this instance its scratch memory, at a multiple of 16. @returns how many bytes it uses there */
export function useScratch(at: usize): i32 {
  scratch = at;
  return (DEPTH * HEIGHT + DEPTH * WIDTH + 16) * 8;
}

// Where the tile being computed begins and how it ends. They stand in globals because they change once a panel,
// and because functions of fewer arguments leave more registers to the loop.
let start: bool = true; // the accumulators begin at 0, not at what C holds
let withBias: bool = false; // after the last panel the bias is added
let withRelu: bool = false; // after the last panel what is not above 0 becomes 0

// @ts-ignore: decorator
@inline
function first<T>(at: usize): v128 {
  return start ? v128.splat<T>(0 as T) : v128.load(at);
}

// @ts-ignore: decorator
@inline
function finish<T>(at: usize, sum: v128, bias: usize): void {
  if (withBias) sum = v128.add<T>(sum, v128.load(bias));
  if (withRelu) sum = v128.andnot(sum, v128.le<T>(sum, v128.splat<T>(0 as T))); // as Math.max(·, 0): NaN stays NaN
  v128.store(at, sum);
}

/** 4 vectors × 2 columns. */
function tile4x2<T>(depth: i32, a: usize, aStep: usize, b: usize, bStep: usize, bNext: usize, c: usize, cNext: usize, bias: usize): void {
  const d = c + cNext;
  let c0 = first<T>(c);
  let c1 = first<T>(c + 16);
  let c2 = first<T>(c + 32);
  let c3 = first<T>(c + 48);
  let d0 = first<T>(d);
  let d1 = first<T>(d + 16);
  let d2 = first<T>(d + 32);
  let d3 = first<T>(d + 48);
  let b2 = b + bNext;
  do {
    const x = v128.load_splat<T>(b);
    const y = v128.load_splat<T>(b2);
    let row = v128.load(a);
    c0 = v128.add<T>(c0, v128.mul<T>(row, x));
    d0 = v128.add<T>(d0, v128.mul<T>(row, y));
    row = v128.load(a, 16);
    c1 = v128.add<T>(c1, v128.mul<T>(row, x));
    d1 = v128.add<T>(d1, v128.mul<T>(row, y));
    row = v128.load(a, 32);
    c2 = v128.add<T>(c2, v128.mul<T>(row, x));
    d2 = v128.add<T>(d2, v128.mul<T>(row, y));
    row = v128.load(a, 48);
    c3 = v128.add<T>(c3, v128.mul<T>(row, x));
    d3 = v128.add<T>(d3, v128.mul<T>(row, y));
    a += aStep;
    b += bStep;
    b2 += bStep;
  } while (--depth);
  finish<T>(c, c0, bias);
  finish<T>(c + 16, c1, bias + 16);
  finish<T>(c + 32, c2, bias + 32);
  finish<T>(c + 48, c3, bias + 48);
  finish<T>(d, d0, bias);
  finish<T>(d + 16, d1, bias + 16);
  finish<T>(d + 32, d2, bias + 32);
  finish<T>(d + 48, d3, bias + 48);
}

/**
 * The same for panels that are packed: 64 bytes of A from k to k and `Step` bytes of B. Two k a round, for the pointers,
 * and V8's own check whether to stop, are then paid once for two. The exit in the middle keeps the halves apart: without
 * it V8 fetches for both before it adds, and spills.
 */
function packed4x2<T, Step>(depth: i32, a: usize, b: usize, bNext: usize, c: usize, cNext: usize, bias: usize): void {
  const d = c + cNext;
  let c0 = first<T>(c);
  let c1 = first<T>(c + 16);
  let c2 = first<T>(c + 32);
  let c3 = first<T>(c + 48);
  let d0 = first<T>(d);
  let d1 = first<T>(d + 16);
  let d2 = first<T>(d + 32);
  let d3 = first<T>(d + 48);
  let b2 = b + bNext;
  do {
    let x = v128.load_splat<T>(b);
    let y = v128.load_splat<T>(b2);
    let row = v128.load(a);
    c0 = v128.add<T>(c0, v128.mul<T>(row, x));
    d0 = v128.add<T>(d0, v128.mul<T>(row, y));
    row = v128.load(a, 16);
    c1 = v128.add<T>(c1, v128.mul<T>(row, x));
    d1 = v128.add<T>(d1, v128.mul<T>(row, y));
    row = v128.load(a, 32);
    c2 = v128.add<T>(c2, v128.mul<T>(row, x));
    d2 = v128.add<T>(d2, v128.mul<T>(row, y));
    row = v128.load(a, 48);
    c3 = v128.add<T>(c3, v128.mul<T>(row, x));
    d3 = v128.add<T>(d3, v128.mul<T>(row, y));
    if (!--depth) break;
    x = v128.load_splat<T>(b, sizeof<Step>());
    y = v128.load_splat<T>(b2, sizeof<Step>());
    row = v128.load(a, 64);
    c0 = v128.add<T>(c0, v128.mul<T>(row, x));
    d0 = v128.add<T>(d0, v128.mul<T>(row, y));
    row = v128.load(a, 80);
    c1 = v128.add<T>(c1, v128.mul<T>(row, x));
    d1 = v128.add<T>(d1, v128.mul<T>(row, y));
    row = v128.load(a, 96);
    c2 = v128.add<T>(c2, v128.mul<T>(row, x));
    d2 = v128.add<T>(d2, v128.mul<T>(row, y));
    row = v128.load(a, 112);
    c3 = v128.add<T>(c3, v128.mul<T>(row, x));
    d3 = v128.add<T>(d3, v128.mul<T>(row, y));
    a += 128;
    b += 2 * sizeof<Step>();
    b2 += 2 * sizeof<Step>();
  } while (--depth);
  finish<T>(c, c0, bias);
  finish<T>(c + 16, c1, bias + 16);
  finish<T>(c + 32, c2, bias + 32);
  finish<T>(c + 48, c3, bias + 48);
  finish<T>(d, d0, bias);
  finish<T>(d + 16, d1, bias + 16);
  finish<T>(d + 32, d2, bias + 32);
  finish<T>(d + 48, d3, bias + 48);
}

function tile4x1<T>(depth: i32, a: usize, aStep: usize, b: usize, bStep: usize, c: usize, bias: usize): void {
  let c0 = first<T>(c);
  let c1 = first<T>(c + 16);
  let c2 = first<T>(c + 32);
  let c3 = first<T>(c + 48);
  do {
    const x = v128.load_splat<T>(b);
    c0 = v128.add<T>(c0, v128.mul<T>(v128.load(a), x));
    c1 = v128.add<T>(c1, v128.mul<T>(v128.load(a, 16), x));
    c2 = v128.add<T>(c2, v128.mul<T>(v128.load(a, 32), x));
    c3 = v128.add<T>(c3, v128.mul<T>(v128.load(a, 48), x));
    a += aStep;
    b += bStep;
  } while (--depth);
  finish<T>(c, c0, bias);
  finish<T>(c + 16, c1, bias + 16);
  finish<T>(c + 32, c2, bias + 32);
  finish<T>(c + 48, c3, bias + 48);
}

/** 2 vectors × 4 columns: rows that are too few for the tall tile. */
function tile2x4<T>(depth: i32, a: usize, aStep: usize, b: usize, bStep: usize, bNext: usize, c: usize, cNext: usize, bias: usize): void {
  const d = c + cNext;
  const e = d + cNext;
  const f = e + cNext;
  let c0 = first<T>(c);
  let c1 = first<T>(c + 16);
  let d0 = first<T>(d);
  let d1 = first<T>(d + 16);
  let e0 = first<T>(e);
  let e1 = first<T>(e + 16);
  let f0 = first<T>(f);
  let f1 = first<T>(f + 16);
  let b2 = b + 2 * bNext;
  do {
    const upper = v128.load(a);
    const lower = v128.load(a, 16);
    let x = v128.load_splat<T>(b);
    c0 = v128.add<T>(c0, v128.mul<T>(upper, x));
    c1 = v128.add<T>(c1, v128.mul<T>(lower, x));
    x = v128.load_splat<T>(b + bNext);
    d0 = v128.add<T>(d0, v128.mul<T>(upper, x));
    d1 = v128.add<T>(d1, v128.mul<T>(lower, x));
    x = v128.load_splat<T>(b2);
    e0 = v128.add<T>(e0, v128.mul<T>(upper, x));
    e1 = v128.add<T>(e1, v128.mul<T>(lower, x));
    x = v128.load_splat<T>(b2 + bNext);
    f0 = v128.add<T>(f0, v128.mul<T>(upper, x));
    f1 = v128.add<T>(f1, v128.mul<T>(lower, x));
    a += aStep;
    b += bStep;
    b2 += bStep;
  } while (--depth);
  finish<T>(c, c0, bias);
  finish<T>(c + 16, c1, bias + 16);
  finish<T>(d, d0, bias);
  finish<T>(d + 16, d1, bias + 16);
  finish<T>(e, e0, bias);
  finish<T>(e + 16, e1, bias + 16);
  finish<T>(f, f0, bias);
  finish<T>(f + 16, f1, bias + 16);
}

/** 1 vector × 4 columns. */
function tile1x4<T>(depth: i32, a: usize, aStep: usize, b: usize, bStep: usize, bNext: usize, c: usize, cNext: usize, bias: usize): void {
  let c0 = first<T>(c);
  let c1 = first<T>(c + cNext);
  let c2 = first<T>(c + 2 * cNext);
  let c3 = first<T>(c + 3 * cNext);
  let b1 = b + bNext;
  let b2 = b1 + bNext;
  let b3 = b2 + bNext;
  do {
    const row = v128.load(a);
    c0 = v128.add<T>(c0, v128.mul<T>(row, v128.load_splat<T>(b)));
    c1 = v128.add<T>(c1, v128.mul<T>(row, v128.load_splat<T>(b1)));
    c2 = v128.add<T>(c2, v128.mul<T>(row, v128.load_splat<T>(b2)));
    c3 = v128.add<T>(c3, v128.mul<T>(row, v128.load_splat<T>(b3)));
    a += aStep;
    b += bStep;
    b1 += bStep;
    b2 += bStep;
    b3 += bStep;
  } while (--depth);
  finish<T>(c, c0, bias);
  finish<T>(c + cNext, c1, bias);
  finish<T>(c + 2 * cNext, c2, bias);
  finish<T>(c + 3 * cNext, c3, bias);
}

function tile1x1<T>(depth: i32, a: usize, aStep: usize, b: usize, bStep: usize, c: usize, bias: usize): void {
  let c0 = first<T>(c);
  do {
    c0 = v128.add<T>(c0, v128.mul<T>(v128.load(a), v128.load_splat<T>(b)));
    a += aStep;
    b += bStep;
  } while (--depth);
  finish<T>(c, c0, bias);
}

// @ts-ignore: decorator
@inline
function firstNumber<T>(at: usize): T {
  return start ? (0 as T) : load<T>(at);
}

// @ts-ignore: decorator
@inline
function finishNumber<T>(at: usize, sum: T, bias: usize): void {
  if (withBias) sum = sum + load<T>(bias);
  if (withRelu && sum <= (0 as T)) sum = 0 as T;
  store<T>(at, sum);
}

/** One row × 6 columns, number by number: the rows that do not fill a vector. */
function row1x6<T>(depth: i32, a: usize, aStep: usize, b: usize, bStep: usize, bNext: usize, c: usize, cNext: usize, bias: usize): void {
  let c0 = firstNumber<T>(c);
  let c1 = firstNumber<T>(c + cNext);
  let c2 = firstNumber<T>(c + 2 * cNext);
  let c3 = firstNumber<T>(c + 3 * cNext);
  let c4 = firstNumber<T>(c + 4 * cNext);
  let c5 = firstNumber<T>(c + 5 * cNext);
  let b2 = b + 2 * bNext;
  let b4 = b + 4 * bNext;
  do {
    const x = load<T>(a);
    c0 = c0 + x * load<T>(b);
    c1 = c1 + x * load<T>(b + bNext);
    c2 = c2 + x * load<T>(b2);
    c3 = c3 + x * load<T>(b2 + bNext);
    c4 = c4 + x * load<T>(b4);
    c5 = c5 + x * load<T>(b4 + bNext);
    a += aStep;
    b += bStep;
    b2 += bStep;
    b4 += bStep;
  } while (--depth);
  finishNumber<T>(c, c0, bias);
  finishNumber<T>(c + cNext, c1, bias);
  finishNumber<T>(c + 2 * cNext, c2, bias);
  finishNumber<T>(c + 3 * cNext, c3, bias);
  finishNumber<T>(c + 4 * cNext, c4, bias);
  finishNumber<T>(c + 5 * cNext, c5, bias);
}

function row1x1<T>(depth: i32, a: usize, aStep: usize, b: usize, bStep: usize, c: usize, bias: usize): void {
  let c0 = firstNumber<T>(c);
  do {
    c0 = c0 + load<T>(a) * load<T>(b);
    a += aStep;
    b += bStep;
  } while (--depth);
  finishNumber<T>(c, c0, bias);
}

/** Copies `rows` rows (a multiple of a vector) of A, `depth` deep, to `to`: for each k its rows side by side. */
function packRows<T>(rows: i32, depth: i32, a: usize, aStep: usize, to: usize): void {
  const bytes = <usize>rows * sizeof<T>();
  for (let k = 0; k < depth; k++) {
    for (let at: usize = 0; at < bytes; at += 16) v128.store(to + at, v128.load(a + at));
    a += aStep;
    to += bytes;
  }
}

/**
 * The same from a matrix whose k lie side by side (`next` bytes from row to row): a transposition, a vector's square of
 * numbers at a time.
 */
function packTransposed<T>(rows: i32, depth: i32, a: usize, next: usize, to: usize): void {
  const bytes = <usize>rows * sizeof<T>();
  const lanes: i32 = 16 / sizeof<T>();
  for (let i = 0; i < rows; i += lanes) {
    let from = a + <usize>i * next;
    let into = to + <usize>i * sizeof<T>();
    let k = lanes;
    if (sizeof<T>() == 4) {
      for (; k <= depth; k += 4) {
        const r0 = v128.load(from);
        const r1 = v128.load(from + next);
        const r2 = v128.load(from + 2 * next);
        const r3 = v128.load(from + 3 * next);
        const t0 = i32x4.shuffle(r0, r1, 0, 4, 1, 5);
        const t1 = i32x4.shuffle(r2, r3, 0, 4, 1, 5);
        const t2 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
        const t3 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
        v128.store(into, i64x2.shuffle(t0, t1, 0, 2));
        v128.store(into + bytes, i64x2.shuffle(t0, t1, 1, 3));
        v128.store(into + 2 * bytes, i64x2.shuffle(t2, t3, 0, 2));
        v128.store(into + 3 * bytes, i64x2.shuffle(t2, t3, 1, 3));
        from += 16;
        into += 4 * bytes;
      }
    } else {
      for (; k <= depth; k += 2) {
        const r0 = v128.load(from);
        const r1 = v128.load(from + next);
        v128.store(into, i64x2.shuffle(r0, r1, 0, 2));
        v128.store(into + bytes, i64x2.shuffle(r0, r1, 1, 3));
        from += 16;
        into += 2 * bytes;
      }
    }
    for (k -= lanes; k < depth; k++) {
      for (let lane = 0; lane < lanes; lane++) {
        store<T>(into + <usize>lane * sizeof<T>(), load<T>(from + <usize>lane * next));
      }
      from += sizeof<T>();
      into += bytes;
    }
  }
}

/**
 * Copies `columns` columns of a B whose columns lie side by side (`step` bytes from k to k): for each pair its k in order.
 * Eight pairs at a time: one line of a cache is read whole, and no more lines are written to than a near cache keeps, even
 * where they all fall on one place of it.
 */
function packPairs<T>(columns: i32, depth: i32, b: usize, step: usize, to: usize): void {
  const pairs = columns >> 1;
  const pair = 2 * sizeof<T>();
  const length = <usize>depth * pair; // of a pair with all its k
  for (let p = 0; p < pairs; p += 8) {
    const some = min(8, pairs - p);
    for (let k = 0; k < depth; k++) {
      let from = b + <usize>k * step + <usize>p * pair;
      let into = to + <usize>p * length + <usize>k * pair;
      for (let q = 0; q < some; q++) {
        if (sizeof<T>() == 4) store<u64>(into, load<u64>(from));
        else v128.store(into, v128.load(from));
        from += pair;
        into += length;
      }
    }
  }
  if (columns & 1) {
    for (let k = 0; k < depth; k++) {
      store<T>(to + <usize>pairs * length + <usize>k * sizeof<T>(), load<T>(b + <usize>k * step + <usize>pairs * pair));
    }
  }
}

/**
 * C(m × n) = [C +] op(A)(m × k)·op(B)(k × n) [+ bias] [then ReLU], k at least 1.
 * @param lda, ldb, ldc numbers from one stored column to the next, so that a part of a matrix can be multiplied
 */
// @ts-ignore: decorator
@inline
export function product<T>(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  lda: i32,
  b: usize,
  ldb: i32,
  c: usize,
  ldc: i32,
  bias: usize,
  flags: i32,
): void {
  let turnedA = (flags & TRANSPOSE_A) != 0;
  let turnedB = (flags & TRANSPOSE_B) != 0;
  let biasNext: usize = sizeof<T>();
  if (m == 1 && ldc == 1) {
    // A row lies in memory as a column does: Cᵀ = op(B)ᵀ·op(A)ᵀ has rows enough for vectors. Its rows share the one bias.
    const left = a;
    const leftNext = lda;
    const wasTurned = turnedA;
    a = b;
    lda = ldb;
    turnedA = !turnedB;
    b = left;
    ldb = leftNext;
    turnedB = !wasTurned;
    m = n;
    n = 1;
    ldc = m;
    biasNext = 0;
    if (flags & BIAS) {
      const copies = scratch + (DEPTH * HEIGHT + DEPTH * WIDTH) * 8;
      for (let i: usize = 0; i < 16; i++) store<T>(copies + i * sizeof<T>(), load<T>(bias));
      bias = copies;
    }
  }
  const aStep = (turnedA ? 1 : lda) * sizeof<T>(); // from k to k
  const aNext = (turnedA ? lda : 1) * sizeof<T>(); // from row to row
  const bStep = (turnedB ? ldb : 1) * sizeof<T>(); // from k to k
  const bNext = (turnedB ? 1 : ldb) * sizeof<T>(); // from column to column
  const cNext = ldc * sizeof<T>();
  const lanes: i32 = 16 / sizeof<T>();
  const tall = 4 * lanes;
  const talls = m - (m % tall); // rows in tiles of 4 vectors
  const panelB = scratch + DEPTH * HEIGHT * 8;
  // A copy pays where its numbers are read often enough.
  const packA = turnedA || (n >= 16 && k >= 16);
  const packB = turnedB && talls > 0 && n > 16;

  for (let j0 = 0; j0 < n; j0 += WIDTH) {
    const columns = min(WIDTH, n - j0);
    for (let k0 = 0; k0 < k; k0 += DEPTH) {
      const depth = min(DEPTH, k - k0);
      const last = k0 + depth == k;
      start = k0 == 0 && (flags & ADD) == 0;
      withBias = last && (flags & BIAS) != 0;
      withRelu = last && (flags & RELU) != 0;
      const aHere = a + k0 * aStep;
      const bHere = b + k0 * bStep + j0 * bNext;
      const cHere = c + j0 * cNext;
      if (packB) packPairs<T>(columns, depth, bHere, bStep, panelB);
      const pairs = packB ? panelB : bHere; // where pairs of columns are read from, and how
      const pairStep = packB ? 2 * sizeof<T>() : bStep;
      const pairNext = packB ? sizeof<T>() : bNext;
      const pairToPair = packB ? depth * 2 * sizeof<T>() : 2 * bNext;

      for (let i0 = 0; i0 < talls; i0 += HEIGHT) {
        const rows = min(HEIGHT, talls - i0);
        let tile = aHere + i0 * aNext;
        let tileStep = aStep;
        let tileToTile = tall * aNext;
        if (packA) {
          for (let i = 0; i < rows; i += tall) {
            const to = scratch + i * depth * sizeof<T>();
            if (turnedA) packTransposed<T>(tall, depth, tile, aNext, to);
            else packRows<T>(tall, depth, tile, aStep, to);
            tile += tileToTile;
          }
          tile = scratch;
          tileStep = 64;
          tileToTile = tall * depth * sizeof<T>();
        }
        let from = pairs;
        let column = cHere + i0 * sizeof<T>();
        let j = 0;
        for (; j + 2 <= columns; j += 2) {
          let to = column;
          let left = tile;
          let shift = bias + i0 * biasNext;
          for (let i = 0; i < rows; i += tall) {
            if (packA && packB) {
              if (sizeof<T>() == 4) packed4x2<T, u64>(depth, left, from, pairNext, to, cNext, shift);
              else packed4x2<T, v128>(depth, left, from, pairNext, to, cNext, shift);
            } else if (packA && !turnedB) packed4x2<T, T>(depth, left, from, pairNext, to, cNext, shift);
            else tile4x2<T>(depth, left, tileStep, from, pairStep, pairNext, to, cNext, shift);
            left += tileToTile;
            to += 64;
            shift += tall * biasNext;
          }
          from += pairToPair;
          column += 2 * cNext;
        }
        if (j < columns) {
          let left = tile;
          let shift = bias + i0 * biasNext;
          for (let i = 0; i < rows; i += tall) {
            tile4x1<T>(depth, left, tileStep, from, packB ? sizeof<T>() : bStep, column, shift);
            left += tileToTile;
            column += 64;
            shift += tall * biasNext;
          }
        }
      }

      let i = talls;
      while (i + lanes <= m) {
        const two = i + 2 * lanes <= m;
        const rows = two ? 2 * lanes : lanes;
        let left = aHere + i * aNext;
        let leftStep = aStep;
        if (turnedA) {
          packTransposed<T>(rows, depth, left, aNext, scratch);
          left = scratch;
          leftStep = rows * sizeof<T>();
        }
        const shift = bias + i * biasNext;
        let from = bHere;
        let to = cHere + i * sizeof<T>();
        let j = 0;
        for (; j + 4 <= columns; j += 4) {
          if (two) tile2x4<T>(depth, left, leftStep, from, bStep, bNext, to, cNext, shift);
          else tile1x4<T>(depth, left, leftStep, from, bStep, bNext, to, cNext, shift);
          from += 4 * bNext;
          to += 4 * cNext;
        }
        for (; j < columns; j++) {
          tile1x1<T>(depth, left, leftStep, from, bStep, to, shift);
          if (two) tile1x1<T>(depth, left + 16, leftStep, from, bStep, to + 16, shift + 16);
          from += bNext;
          to += cNext;
        }
        i += rows;
      }
      for (; i < m; i++) {
        const left = aHere + i * aNext;
        const shift = bias + i * biasNext;
        let from = bHere;
        let to = cHere + i * sizeof<T>();
        let j = 0;
        for (; j + 6 <= columns; j += 6) {
          row1x6<T>(depth, left, aStep, from, bStep, bNext, to, cNext, shift);
          from += 6 * bNext;
          to += 6 * cNext;
        }
        for (; j < columns; j++) {
          row1x1<T>(depth, left, aStep, from, bStep, to, shift);
          from += bNext;
          to += cNext;
        }
      }
    }
  }
}
