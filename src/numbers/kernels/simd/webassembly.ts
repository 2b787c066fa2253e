/*
 * The compiled kernels, brought to life in a memory. The library knows neither Node nor a browser, so the little of
 * WebAssembly that it needs is described here.
 */
import { BYTES } from "./bytes";

/** A block of memory that never grows: growing would leave the views on it empty, without a word. */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
}

/** A compiled module; it can be sent to a worker. */
export type WasmModule = object;

/** A kernel takes numbers: addresses in bytes, sizes and scalars. What comes back is a number, or nothing. */
export type Kernel = (...numbers: number[]) => number;
export type Kernels = Readonly<Record<string, Kernel>>;

interface WebAssemblyApi {
  Memory: new (limits: { initial: number; maximum: number; shared?: boolean }) => WasmMemory;
  Module: new (bytes: Uint8Array) => WasmModule;
  compile(bytes: Uint8Array): Promise<WasmModule>;
  instantiate(module: WasmModule, imports: object): Promise<{ readonly exports: Kernels }>;
}

export const PAGE_BYTES = 65536;

/** Bytes of the module, for a memory of one thread or for one that several share. */
export function moduleBytes(shared: boolean): Uint8Array {
  const bytes = decode(BYTES);
  // The import section says "env", "memory", then 2 for a memory and its limits: 1 for "has a maximum", 3 for "and is
  // shared". That one number is all the difference.
  const name = [6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 1];
  const at = bytes.findIndex((_, i) => name.every((byte, k) => bytes[i + k] === byte));
  if (shared) bytes[at + name.length - 1] = 3;
  return bytes;
}

/** WebAssembly, where it is there and knows vectors; undefined elsewhere. */
export async function findWebAssembly(): Promise<WebAssemblyApi | undefined> {
  const api = (globalThis as unknown as { WebAssembly?: WebAssemblyApi }).WebAssembly;
  try {
    if (api !== undefined) await api.compile(moduleBytes(false));
    return api;
  } catch {
    return undefined; // an old engine refuses a module with vectors
  }
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function decode(base64: string): Uint8Array {
  const value = new Uint8Array(128);
  for (let i = 0; i < DIGITS.length; i++) value[DIGITS.charCodeAt(i)] = i;
  const length = base64.replace(/=+$/, "").length;
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  for (let i = 0, at = 0; i < length; i += 4) {
    const digit = (k: number): number => (i + k < length ? value[base64.charCodeAt(i + k)] : 0);
    const three = (digit(0) << 18) | (digit(1) << 12) | (digit(2) << 6) | digit(3);
    for (let shift = 16; shift >= 0 && at < bytes.length; shift -= 8) bytes[at++] = (three >> shift) & 255;
  }
  return bytes;
}
