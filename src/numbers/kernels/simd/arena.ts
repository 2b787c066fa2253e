import { StateError } from "../../errors";

/** Blocks begin at multiples of this: a cache line. */
const ALIGNMENT = 64;

/**
 * Hands out blocks of one memory, and takes them back. Free blocks are kept in order of address and joined with their
 * neighbours; the first that is large enough is used.
 */
export class Arena {
  private readonly taken = new Map<number, number>(); // address → bytes
  private readonly free: { start: number; end: number }[];

  constructor(
    private readonly owner: string,
    start: number,
    private readonly end: number,
  ) {
    this.free = [{ start, end }];
  }

  /** Bytes that are in use. */
  get used(): number {
    let total = 0;
    for (const bytes of this.taken.values()) total += bytes;
    return total;
  }

  /** Bytes of the largest block that could be had. */
  private get largest(): number {
    return this.free.reduce((most, { start, end }) => Math.max(most, end - start), 0);
  }

  /** @returns the address of a block. @throws StateError when none is large enough */
  allocate(bytes: number): number {
    const size = Math.max(1, Math.ceil(bytes / ALIGNMENT)) * ALIGNMENT;
    const index = this.free.findIndex(({ start, end }) => end - start >= size);
    if (index < 0) {
      const megabytes = (count: number): string => `${(count / 2 ** 20).toFixed(1)} MB`;
      throw new StateError(
        `${this.owner}: no room for ${megabytes(size)} more. ${megabytes(this.end)} are reserved, ` +
          `${megabytes(this.used)} are in use, ${megabytes(this.largest)} are left in one piece. Each network that was ` +
          "trained keeps its part until the engine is closed: close this one and start another, or reserve more, as in " +
          "simd({ reserve: 2048 }).",
      );
    }
    const block = this.free[index];
    const address = block.start;
    block.start += size;
    if (block.start === block.end) this.free.splice(index, 1);
    this.taken.set(address, size);
    return address;
  }

  /** Takes a block back. An address that is not in use is left alone. */
  release(address: number): void {
    const size = this.taken.get(address);
    if (size === undefined) return;
    this.taken.delete(address);
    const after = this.free.findIndex(({ start }) => start > address);
    const index = after < 0 ? this.free.length : after;
    this.free.splice(index, 0, { start: address, end: address + size });
    this.join(index);
    this.join(index - 1);
  }

  /** Makes one of the free blocks `index` and `index + 1` where they touch. */
  private join(index: number): void {
    const first = this.free[index];
    const second = this.free[index + 1];
    if (first === undefined || second === undefined || first.end !== second.start) return;
    first.end = second.end;
    this.free.splice(index + 1, 1);
  }
}
