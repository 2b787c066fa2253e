/*
 * The SIMD kernels as functions of arrays: the same sums in the same order as the plain ones, hence in float64 the same
 * bits. The arrays lie in the module's own memory, so nothing is copied on the way in or out; one that lies elsewhere is
 * copied, which is right but slow.
 *
 * A call into WebAssembly costs a few nanoseconds. What is large is cut into parts for several threads.
 */
import type { AdamNumbers, AttentionOptions } from "../../engine";
import type { Floats } from "../../floats";
import { Arena } from "./arena";
import { findWorkerThreads, MOST_PARTS, TALK_BYTES, Threads } from "./threads";
import { findWebAssembly, type Kernels, moduleBytes, PAGE_BYTES, type WasmMemory } from "./webassembly";

export type Precision = "float64" | "float32";

export interface SimdOptions {
  readonly precision: Precision;
  readonly threads: number;
  /** Megabytes of memory, all of them reserved at the start. */
  readonly reserve: number;
}

/** The numbers by which the product kernel is told what to do; as in assembly/product.ts. */
const TURN_LEFT = 1;
const TURN_RIGHT = 2;
const ADD = 4;
const BIAS = 8;
const RELU = 16;

/** Multiplications below which a product is done before a second thread has woken up. */
const WORTH_SHARING = 100_000;
/** Weights below which a step of Adam is. */
const WEIGHTS_WORTH_SHARING = 10_000;

/** Entries below which a pass over them is. */
const ENTRIES_WORTH_SHARING = 10_000;

/** Kernels that look at each entry alone, and that several threads work at. */
const OF_ENTRIES = ["zero", "allFinite", "allSquaresFinite", "geluTanh", "geluTanhBackward"] as const;
/** All that several threads work at. */
const SHARED = [...OF_ENTRIES, "product", "adam", "attention", "attentionBackward"] as const;
type Shared = (typeof SHARED)[number];

/** Numbers in the list that attention is told by. */
const LIST = 17;

/** Kernels of one precision and the memory that they work in. */
export class SimdKernels {
  readonly precision: Precision;
  private readonly bytes: 4 | 8;
  private readonly buffer: ArrayBufferLike;
  private readonly multiply: Kernels[string];
  /** What threads call their kernels. */
  private readonly names: Readonly<Record<Shared, string>>;
  /** What attention is told: a list of numbers (see assembly/attention.ts). */
  private readonly list: Float64Array;
  /** Room for numbers that are no matrix, such as where sequences begin. It grows. */
  private spare = { address: 0, bytes: 0 };
  /** What a kernel works on in place of arrays that lie elsewhere. An interrupt may leave some here. */
  private readonly copies: Floats[] = [];
  private readonly kernel: Kernels;
  /** The memory as bytes: columns are copied within it. */
  private readonly all: Uint8Array;
  /** The memory as whole numbers and as float64: where lists are written and sums are read. */
  private readonly words: Int32Array;
  private readonly doubles: Float64Array;
  /** How many rows a tile has: parts for threads are cut between tiles. */
  private readonly tall: number;

  private constructor(
    options: SimdOptions,
    memory: WasmMemory,
    private readonly arena: Arena,
    kernels: Kernels,
    private readonly team: Threads | undefined,
  ) {
    this.precision = options.precision;
    this.bytes = options.precision === "float32" ? 4 : 8;
    this.tall = 64 / this.bytes;
    this.buffer = memory.buffer;
    this.all = new Uint8Array(memory.buffer);
    this.words = new Int32Array(memory.buffer);
    this.doubles = new Float64Array(memory.buffer);
    const ending = this.bytes * 8;
    this.kernel = Object.fromEntries(
      Object.entries(kernels)
        .filter(([name]) => name.endsWith(`${ending}`))
        .map(([name, kernel]) => [name.slice(0, -2), kernel]),
    );
    this.multiply = this.kernel.product;
    const names = SHARED.map((name) => [name, `${name}${ending}`]);
    this.names = Object.fromEntries(names) as Record<Shared, string>;
    this.list = new Float64Array(this.buffer, arena.allocate(LIST * 8), LIST);
  }

  /** @returns undefined where there is no WebAssembly with vectors */
  static async start(owner: string, options: SimdOptions): Promise<SimdKernels | undefined> {
    const api = await findWebAssembly();
    if (api === undefined) return undefined;
    const workerThreads = options.threads > 1 ? findWorkerThreads() : undefined;
    const shared = workerThreads !== undefined;
    const pages = Math.ceil((options.reserve * 2 ** 20) / PAGE_BYTES);
    const memory = new api.Memory({ initial: pages, maximum: pages, shared });
    const module = await api.compile(moduleBytes(shared));
    const { exports } = await api.instantiate(module, { env: { memory } });
    const { memory: _memory, ...kernels } = exports as Kernels & { memory?: unknown };
    // Address 0 is left out, so that a forgotten address is not a valid one.
    const arena = new Arena(owner, 64, memory.buffer.byteLength);
    const place = (): number => arena.allocate(kernels.useScratch(0));
    const own = place();
    kernels.useScratch(own);
    let team: Threads | undefined;
    if (workerThreads !== undefined) {
      team = new Threads(memory, arena.allocate(TALK_BYTES), kernels);
      await team.start(workerThreads, module, Array.from({ length: options.threads - 1 }, place));
    }
    return new SimdKernels(options, memory, arena, kernels, team);
  }

  /** Threads that compute, the calling one among them. */
  get threads(): number {
    return this.team?.count ?? 1;
  }

  /** Bytes of the memory that are in use. */
  get used(): number {
    return this.arena.used;
  }

  /** An array of `length` numbers in the memory, contents undefined. @throws StateError when there is no room */
  allocate(length: number): Floats {
    const address = this.arena.allocate(length * this.bytes);
    return this.bytes === 4
      ? new Float32Array(this.buffer, address, length)
      : new Float64Array(this.buffer, address, length);
  }

  /** Takes an array back that `allocate` gave. */
  free(array: Floats): void {
    if (this.holds(array)) this.arena.release(array.byteOffset);
  }

  /** Does the array lie in this memory? */
  holds(array: Floats): boolean {
    return array.buffer === this.buffer;
  }

  /** As `naiveProduct`, which is the definition; its options stand in a row, so that a call makes no object. */
  product(
    r: number,
    k: number,
    c: number,
    a: Floats,
    b: Floats,
    out: Floats,
    turnLeft = false,
    turnRight = false,
    add = false,
    bias?: Floats,
    relu = false,
  ): void {
    if (!(this.holds(a) && this.holds(b) && this.holds(out) && (bias === undefined || this.holds(bias)))) {
      this.elsewhere([a, b, bias], [out], ([a, b, bias, out]) =>
        this.product(r, k, c, a as Floats, b as Floats, out as Floats, turnLeft, turnRight, add, bias, relu),
      );
      return;
    }
    if (r === 0 || c === 0) return;
    const flags =
      (turnLeft ? TURN_LEFT : 0) +
      (turnRight ? TURN_RIGHT : 0) +
      (add ? ADD : 0) +
      (bias === undefined ? 0 : BIAS) +
      (relu ? RELU : 0);
    if (k === 0) {
      this.emptyProduct(r, c, out, add, bias, relu);
      return;
    }
    const lda = turnLeft ? k : r;
    const ldb = turnRight ? c : k;
    const shift = bias === undefined ? 0 : bias.byteOffset;
    this.team?.settle();
    if (this.team === undefined || r * k * c < WORTH_SHARING) {
      this.multiply(r, c, k, a.byteOffset, lda, b.byteOffset, ldb, out.byteOffset, r, shift, flags);
    } else {
      this.shareProduct(
        this.team,
        r,
        k,
        c,
        a.byteOffset,
        lda,
        b.byteOffset,
        ldb,
        out.byteOffset,
        shift,
        flags,
      );
    }
  }

  /**
   * Cuts a product between rows or between columns of the result, whichever makes the packing cheap: a part packs the
   * rows of A that it reads, and, where B is turned, its columns.
   */
  private shareProduct(
    team: Threads,
    r: number,
    k: number,
    c: number,
    a: number,
    lda: number,
    b: number,
    ldb: number,
    out: number,
    bias: number,
    flags: number,
  ): void {
    const { bytes, tall } = this;
    const wanted = Math.min(MOST_PARTS, team.count * 2);
    const byRows = (flags & TURN_RIGHT) === 0 && r >= wanted * tall;
    const unit = byRows ? tall : 4;
    const all = byRows ? r : c;
    const size = Math.ceil(all / wanted / unit) * unit;
    const aRow = ((flags & TURN_LEFT) !== 0 ? lda : 1) * bytes;
    const bColumn = ((flags & TURN_RIGHT) !== 0 ? 1 : ldb) * bytes;
    for (let from = 0; from < all; from += size) {
      const count = Math.min(size, all - from);
      const i = byRows ? from : 0;
      const j = byRows ? 0 : from;
      team.add(
        this.names.product,
        byRows ? count : r,
        byRows ? c : count,
        k,
        a + i * aRow,
        lda,
        b + j * bColumn,
        ldb,
        out + (j * r + i) * bytes,
        r,
        bias === 0 ? 0 : bias + i * bytes,
        flags,
        0,
        0,
      );
    }
    team.run();
  }

  /** A sum over nothing is 0, or what stood there; bias and ReLU follow all the same. */
  private emptyProduct(
    r: number,
    c: number,
    out: Floats,
    add: boolean,
    bias: Floats | undefined,
    relu: boolean,
  ): void {
    for (let at = 0; at < r * c; at++) {
      const sum = (add ? out[at] : 0) + (bias === undefined ? 0 : bias[at % r]);
      out[at] = relu ? Math.max(sum, 0) : sum;
    }
  }

  /** out = max(z, 0); NaN stays NaN. */
  relu(z: Floats, out: Floats): void {
    if (this.holds(z) && this.holds(out)) this.kernel.relu(z.length, z.byteOffset, out.byteOffset);
    else this.elsewhere([z], [out], ([z, out]) => this.relu(z as Floats, out as Floats));
  }

  /** dZ = dA where a > 0, else 0. */
  reluBackward(a: Floats, dA: Floats, dZ: Floats): void {
    if (this.holds(a) && this.holds(dA) && this.holds(dZ)) {
      this.kernel.reluBackward(a.length, a.byteOffset, dA.byteOffset, dZ.byteOffset);
    } else {
      this.elsewhere([a, dA], [dZ], ([a, dA, dZ]) =>
        this.reluBackward(a as Floats, dA as Floats, dZ as Floats),
      );
    }
  }

  /** out = a + b */
  add(a: Floats, b: Floats, out: Floats): void {
    if (this.holds(a) && this.holds(b) && this.holds(out)) {
      this.kernel.add(a.length, a.byteOffset, b.byteOffset, out.byteOffset);
    } else this.elsewhere([a, b], [out], ([a, b, out]) => this.add(a as Floats, b as Floats, out as Floats));
  }

  /** GELU with tanh; false, and nothing done, in float64, where the powers of e are JavaScript's. */
  geluTanh(z: Floats, out: Floats): boolean {
    if (this.bytes === 8 || !(this.holds(z) && this.holds(out))) return false;
    this.shareEntries("geluTanh", z.length, z.byteOffset, out.byteOffset, 0);
    return true;
  }

  /** dZ = dA ⊙ its slope at z, where `geluTanh` is computed. */
  geluTanhBackward(z: Floats, dA: Floats, dZ: Floats): boolean {
    if (this.bytes === 8 || !(this.holds(z) && this.holds(dA) && this.holds(dZ))) return false;
    this.shareEntries("geluTanhBackward", z.length, z.byteOffset, dA.byteOffset, dZ.byteOffset);
    return true;
  }

  /**
   * Runs a kernel that looks at each of n entries alone, a stretch at a time where threads pay.
   * @returns whether the kernel answered with something other than 0, for every stretch
   */
  private shareEntries(kernel: (typeof OF_ENTRIES)[number], n: number, a: number, b = 0, c = 0): boolean {
    const { team, bytes } = this;
    team?.settle();
    if (team === undefined || n < ENTRIES_WORTH_SHARING) return this.kernel[kernel](n, a, b, c) !== 0;
    const size = Math.ceil(n / (team.count * 2) / 16) * 16;
    for (let from = 0; from < n; from += size) {
      const shift = from * bytes;
      const count = Math.min(size, n - from);
      team.add(this.names[kernel], count, a + shift, b + shift, c + shift, 0, 0, 0, 0, 0, 0, 0, 0);
    }
    return team.run();
  }

  /** out(r) = [out +] the columns of a(r × c), one after the other. */
  sumColumns(r: number, c: number, a: Floats, out: Floats, add: boolean): void {
    if (this.holds(a) && this.holds(out)) {
      this.kernel.sumColumns(r, c, a.byteOffset, out.byteOffset, add ? 1 : 0);
    } else {
      this.elsewhere([a], [out], ([a, out]) => this.sumColumns(r, c, a as Floats, out as Floats, add));
    }
  }

  /** As `plainAttention`; false, and nothing done, in float64, where the powers of e are JavaScript's. */
  attention(
    rows: number,
    longest: number,
    options: AttentionOptions,
    room: Floats,
    Q: Floats,
    K: Floats,
    V: Floats,
    weights: Floats,
    O: Floats,
  ): boolean {
    if (!this.tell(rows, longest, options, room, Q, K, V, weights, O)) return false;
    this.shareSequences("attention", options.starts.length - 1, rows, longest);
    return true;
  }

  /** As `plainAttentionBackward`, where `attention` is computed. */
  attentionBackward(
    rows: number,
    longest: number,
    options: AttentionOptions,
    room: Floats,
    Q: Floats,
    K: Floats,
    V: Floats,
    weights: Floats,
    dO: Floats,
    slopes: Floats,
    dQ: Floats,
    dK: Floats,
    dV: Floats,
  ): boolean {
    if (!(this.holds(slopes) && this.holds(dQ) && this.holds(dK) && this.holds(dV))) return false;
    if (!this.tell(rows, longest, options, room, Q, K, V, weights, dO)) return false;
    const { list } = this;
    list[13] = slopes.byteOffset;
    list[14] = dQ.byteOffset;
    list[15] = dK.byteOffset;
    list[16] = dV.byteOffset;
    this.shareSequences("attentionBackward", options.starts.length - 1, rows, longest);
    return true;
  }

  /** Writes down what both ways are told; false where it cannot be computed here. */
  private tell(
    rows: number,
    longest: number,
    { starts, heads, scale, causal, mask }: AttentionOptions,
    room: Floats,
    Q: Floats,
    K: Floats,
    V: Floats,
    weights: Floats,
    O: Floats,
  ): boolean {
    const { list } = this;
    const here = this.holds(Q) && this.holds(K) && this.holds(V) && this.holds(weights);
    if (mask !== undefined) return false; // plain loops: a mask is rare, and would cost every score a question
    if (!(this.bytes === 4 && longest % 4 === 0 && here && this.holds(O) && this.holds(room))) return false;
    this.team?.settle(); // the list and the room may still be read
    const address = this.roomFor(starts.byteLength);
    this.words.set(starts, address / 4);
    list[0] = rows;
    list[1] = longest;
    list[2] = starts[starts.length - 1];
    list[3] = heads;
    list[4] = scale;
    list[5] = causal ? 1 : 0;
    list[6] = address;
    list[7] = room.byteOffset;
    list[8] = Q.byteOffset;
    list[9] = K.byteOffset;
    list[10] = V.byteOffset;
    list[11] = weights.byteOffset;
    list[12] = O.byteOffset;
    return true;
  }

  /** Runs what was told, a few sequences at a time where threads pay. */
  private shareSequences(
    kernel: "attention" | "attentionBackward",
    sequences: number,
    rows: number,
    longest: number,
  ): void {
    const { team } = this;
    const list = this.list.byteOffset;
    const load = 2 * rows * longest * this.list[2]; // multiplications
    if (team === undefined || sequences < 2 || load < WORTH_SHARING) {
      this.kernel[kernel](0, sequences, list);
      return;
    }
    const size = Math.ceil(sequences / (team.count * 2));
    for (let from = 0; from < sequences; from += size) {
      const to = Math.min(from + size, sequences);
      team.add(this.names[kernel], from, to, list, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
    team.run();
  }

  /** As `plainLayerNorm`. */
  layerNorm(
    n: number,
    m: number,
    x: Floats,
    gamma: Floats,
    beta: Floats,
    epsilon: number,
    normal: Floats,
    inverse: Floats,
    out: Floats,
  ): boolean {
    const here = this.holds(x) && this.holds(gamma) && this.holds(beta) && this.holds(normal);
    if (here && this.holds(inverse) && this.holds(out)) {
      return (
        this.kernel.layerNorm(
          n,
          m,
          x.byteOffset,
          gamma.byteOffset,
          beta.byteOffset,
          epsilon,
          normal.byteOffset,
          inverse.byteOffset,
          out.byteOffset,
        ) === 1
      );
    }
    let finite = true;
    this.elsewhere([x, gamma, beta], [normal, inverse, out], ([x, g, b, y, i, out]) => {
      const [a, c] = [x as Floats, g as Floats];
      finite = this.layerNorm(n, m, a, c, b as Floats, epsilon, y as Floats, i as Floats, out as Floats);
    });
    return finite;
  }

  /** As `plainLayerNormBackward`. */
  layerNormBackward(
    n: number,
    m: number,
    dY: Floats,
    normal: Floats,
    inverse: Floats,
    gamma: Floats,
    dGamma: Floats,
    dBeta: Floats,
    dX: Floats,
  ): void {
    const read = this.holds(dY) && this.holds(normal) && this.holds(inverse) && this.holds(gamma);
    if (!(read && this.holds(dGamma) && this.holds(dBeta) && this.holds(dX))) {
      this.elsewhere([dY, normal, inverse, gamma], [dGamma, dBeta, dX], (copies) => {
        const [a, b, c, d, e, f, g] = copies as Floats[];
        this.layerNormBackward(n, m, a, b, c, d, e, f, g);
      });
      return;
    }
    this.kernel.layerNormBackward(
      n,
      m,
      dY.byteOffset,
      normal.byteOffset,
      inverse.byteOffset,
      gamma.byteOffset,
      dGamma.byteOffset,
      dBeta.byteOffset,
      dX.byteOffset,
    );
  }

  /** Σ −log p of the classes, and the slopes (p − y)/n; undefined in float64, where the powers of e are JavaScript's. */
  crossEntropy(
    rows: number,
    m: number,
    z: Floats,
    ids: Int32Array,
    n: number,
    slopes: Floats,
  ): number | undefined {
    if (this.bytes === 8 || !(this.holds(z) && this.holds(slopes))) return undefined;
    const sums = this.roomFor(m * 20);
    const below = sums + m * 8;
    this.words.set(ids, below / 4 + m * 2);
    this.kernel.crossEntropy(rows, m, z.byteOffset, below + m * 8, 1 / n, slopes.byteOffset, sums, below);
    let total = 0;
    const at = sums / 8;
    for (let j = 0; j < m; j++) total += Math.log(this.doubles[at + j]) + this.doubles[at + m + j];
    return total;
  }

  /** The address of so many bytes, until they are asked for again. */
  private roomFor(bytes: number): number {
    if (bytes > this.spare.bytes) {
      const address = this.arena.allocate(bytes);
      if (this.spare.bytes > 0) this.arena.release(this.spare.address);
      this.spare = { address, bytes };
    }
    return this.spare.address;
  }

  /** x = 0. With threads each empties what it will add to, which then lies in its own cache. */
  zero(x: Floats): void {
    if (this.holds(x)) this.shareEntries("zero", x.length, x.byteOffset);
    else x.fill(0);
  }

  /** Is every number finite? */
  allFinite(x: Floats): boolean {
    if (this.holds(x)) return this.shareEntries("allFinite", x.length, x.byteOffset);
    return x.every((number) => Number.isFinite(number));
  }

  /** Is every number's square finite, in this precision? */
  allSquaresFinite(x: Floats): boolean {
    if (this.holds(x)) return this.shareEntries("allSquaresFinite", x.length, x.byteOffset);
    const round = this.bytes === 4 ? Math.fround : (number: number): number => number;
    return x.every((number) => Number.isFinite(round(round(number) ** 2)));
  }

  /** out = the columns order[from … to − 1] of a; false, and nothing done, where it takes a look at each number. */
  pickColumns(r: number, a: Floats, order: Int32Array, from: number, to: number, out: Floats): boolean {
    if (!(this.holds(a) && this.holds(out))) return false;
    const columns = a.length / r;
    for (let k = from; k < to; k++) if (!(order[k] >= 0 && order[k] < columns)) return false;
    const column = r * this.bytes;
    for (let k = from; k < to; k++) {
      const start = a.byteOffset + order[k] * column;
      this.all.copyWithin(out.byteOffset + (k - from) * column, start, start + column);
    }
    return true;
  }

  /** One step of Adam: writes w, m and v. */
  adam(w: Floats, g: Floats, m: Floats, v: Floats, numbers: AdamNumbers): void {
    if (!(this.holds(w) && this.holds(g) && this.holds(m) && this.holds(v))) {
      this.elsewhere([g], [w, m, v], ([g, w, m, v]) =>
        this.adam(w as Floats, g as Floats, m as Floats, v as Floats, numbers),
      );
      return;
    }
    const { rate, beta1, beta2, correction2, epsilon } = numbers;
    const n = w.length;
    const { team } = this;
    const wanted = team === undefined || n < WEIGHTS_WORTH_SHARING ? 1 : team.count * 2;
    const size = Math.ceil(n / wanted / 16) * 16;
    team?.settle();
    for (let from = 0; from < n; from += size) {
      const count = Math.min(size, n - from);
      const shift = from * this.bytes;
      const W = w.byteOffset + shift;
      const G = g.byteOffset + shift;
      const M = m.byteOffset + shift;
      const V = v.byteOffset + shift;
      const fresh1 = 1 - beta1;
      const fresh2 = 1 - beta2;
      if (team === undefined || wanted === 1) {
        this.kernel.adam(count, W, G, M, V, rate, beta1, fresh1, beta2, fresh2, correction2, epsilon);
      } else {
        const name = this.names.adam;
        team.add(name, count, W, G, M, V, rate, beta1, fresh1, beta2, fresh2, correction2, epsilon);
      }
    }
    if (wanted > 1) team?.run();
  }

  /**
   * Multiplies and adds on registers alone, nothing fetched and nothing stored: what this processor can do at most with
   * vectors of 128 bits. @returns how many operations that were
   */
  operateOnRegisters(times: number): number {
    this.kernel.limit(times, 0.999, 0.5);
    return 24 * (16 / this.bytes) * times;
  }

  /**
   * Runs a kernel on copies of arrays that lie elsewhere, and copies back what it wrote: right, and slow. What it only read
   * stays untouched; a float32 copy of it is rounded.
   * @param run takes the copies of what is read, then of what is written
   */
  private elsewhere(
    read: readonly (Floats | undefined)[],
    written: readonly Floats[],
    run: (copies: readonly (Floats | undefined)[]) => void,
  ): void {
    this.team?.settle(); // workers may still have copies in hand that an interrupt left
    this.forgetCopies();
    const here = (array: Floats): Floats => {
      if (this.holds(array)) return array;
      const copy = this.allocate(array.length);
      this.copies.push(copy);
      copy.set(array);
      return copy;
    };
    try {
      const reading = read.map((array) => array && here(array));
      const writing = written.map(here);
      run([...reading, ...writing]);
      for (const [i, array] of written.entries()) if (writing[i] !== array) array.set(writing[i]);
    } finally {
      this.forgetCopies();
    }
  }

  private forgetCopies(): void {
    // Out of the list first: one that is given back twice would take the place from whoever has it then.
    for (let copy = this.copies.pop(); copy !== undefined; copy = this.copies.pop()) this.free(copy);
  }

  /** Ends the workers. The arrays stay readable. */
  close(): void {
    this.team?.close();
  }
}
