/*
 * A network as it travels in a page: what `networkToJson` writes down, with its numbers apart, as float32 in base64. A
 * number takes five and a third characters instead of eighteen; one that was trained in float32 comes back to the last bit.
 */
import { type Layer, networkFromJson, networkToJson, ValueError } from "../../index";

export interface PackedNetwork {
  /** As `networkToJson` has it, but each list of rows is its place in the numbers. */
  readonly layers: unknown;
  /** float32, little-endian, in base64. */
  readonly numbers: string;
}

/** In place of rows. */
interface Place {
  readonly packed: readonly [rows: number, columns: number, from: number];
}

// biome-ignore lint/suspicious/noExplicitAny: any network travels alike
type AnyNetwork = Layer<any, any>;

/** @throws ValueError for a weight that float32 cannot hold, and for what `networkToJson` refuses */
export function packNetwork(network: AnyNetwork): PackedNetwork {
  const numbers: number[] = [];
  const layers = exchange(networkToJson(network), isRows, (rows): Place => {
    const from = numbers.length;
    for (const row of rows) for (const entry of row) numbers.push(Number(entry)); // "-0" is a number, too
    return { packed: [rows.length, rows[0].length, from] };
  });
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  for (const [i, value] of numbers.entries()) {
    view.setFloat32(4 * i, value, true);
    if (Number.isFinite(Math.fround(value))) continue;
    throw new ValueError(`writer: expected weights that float32 can hold, got ${value}.`);
  }
  return { layers, numbers: base64Of(new Uint8Array(view.buffer)) };
}

/** The network again, with every number rounded to float32. */
export function unpackNetwork<In, Out>({ layers, numbers }: PackedNetwork): Layer<In, Out> {
  const bytes = Uint8Array.from(atob(numbers), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const json = exchange(layers, isPlace, ({ packed: [rows, columns, from] }) =>
    Array.from({ length: rows }, (_row, i) =>
      Array.from({ length: columns }, (_entry, j) => view.getFloat32(4 * (from + i * columns + j), true)),
    ),
  );
  return networkFromJson<In, Out>(json);
}

/** A copy of plain data in which everything of one kind is exchanged for something else. */
function exchange<Kind>(
  data: unknown,
  isOne: (value: unknown) => value is Kind,
  other: (value: Kind) => unknown,
): unknown {
  if (isOne(data)) return other(data);
  if (Array.isArray(data)) return data.map((item) => exchange(item, isOne, other));
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, item]) => [key, exchange(item, isOne, other)]));
}

function isRows(value: unknown): value is readonly (readonly (number | "-0")[])[] {
  return Array.isArray(value) && Array.isArray(value[0]) && value[0].length > 0;
}

function isPlace(value: unknown): value is Place {
  return typeof value === "object" && value !== null && "packed" in value;
}

function base64Of(bytes: Uint8Array): string {
  const pieces: string[] = [];
  // A function takes only so many arguments.
  for (let i = 0; i < bytes.length; i += 8192)
    pieces.push(String.fromCharCode(...bytes.subarray(i, i + 8192)));
  return btoa(pieces.join(""));
}
