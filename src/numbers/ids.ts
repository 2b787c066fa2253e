/*
 * Whole numbers that name things: the tokens of a text, the classes of examples. They are not amounts, so nothing is
 * between two of them, and they have no slope.
 */
import { describe, ValueError } from "./errors";

/** Names as whole numbers of 0 or more, one an example or token. */
export class Ids {
  readonly data: Int32Array;

  /** @param ids copied. @throws ValueError for anything but whole numbers from 0 to 2³¹ − 1 */
  constructor(ids: ArrayLike<number>) {
    if (typeof ids !== "object" || ids === null || typeof ids.length !== "number") {
      throw new ValueError(`Ids: expected an array of whole numbers, got ${describe(ids)}.`);
    }
    for (let j = 0; j < ids.length; j++) {
      const id: unknown = ids[j];
      if (typeof id !== "number" || !Number.isInteger(id) || id < 0 || id > 0x7fffffff) {
        throw new ValueError(`Ids: expected whole numbers of 0 or more, got ${describe(id)} at ${j}.`);
      }
    }
    this.data = Int32Array.from(ids);
  }

  /** Ids that lie in `data`, which is kept, neither copied nor looked at: for buffers that are filled again and again. */
  static over(data: Int32Array): Ids {
    const ids = Object.create(Ids.prototype) as { data: Int32Array };
    ids.data = data;
    return ids as Ids;
  }

  get length(): number {
    return this.data.length;
  }
}
