/*
 * Gradient clipping: one bad batch must not throw away what a thousand good ones taught. By value cuts each slope
 * on its own, and so bends the direction; by norm scales all of them together, and keeps it.
 */
import type { Parameter } from "../core/core";
import { requireNumber } from "../numbers/errors";
import { requireFinite } from "../numbers/matrix";
import { distinct, requireParameters } from "./parameters";

/**
 * Cuts every gradient entry to [−limit, limit], in place.
 * @throws ValueError for NaN or ∞ in a gradient; nothing has been changed then
 */
export function clipGradientsByValue(parameters: readonly Parameter[], limit: number): void {
  requireNumber("clipGradientsByValue", "the limit", limit, { from: 0, openFrom: true });
  for (const { gradient } of checked("clipGradientsByValue", parameters)) {
    const g = gradient.data;
    for (let i = 0; i < g.length; i++) g[i] = Math.min(Math.max(g[i], -limit), limit);
  }
}

/**
 * Scales all gradients together, in place, so that their common length is at most `limit`.
 * @returns the length before, √Σg² over all entries of all parameters: worth plotting
 * @throws ValueError for NaN or ∞ in a gradient; nothing has been changed then
 * @see Pascanu, Mikolov & Bengio 2013, "On the difficulty of training recurrent neural networks"
 */
export function clipGradientsByNorm(parameters: readonly Parameter[], limit: number): number {
  requireNumber("clipGradientsByNorm", "the limit", limit, { from: 0, openFrom: true });
  const norm = lengthOf(checked("clipGradientsByNorm", parameters));
  if (norm <= limit) return norm;
  for (const { gradient } of distinct(parameters)) {
    const g = gradient.data;
    for (let i = 0; i < g.length; i++) g[i] = (g[i] / norm) * limit;
  }
  return norm;
}

/** The common length of all gradients, √Σg². A parameter that is listed twice counts once. */
export function gradientNorm(parameters: readonly Parameter[]): number {
  return lengthOf(checked("gradientNorm", parameters));
}

function lengthOf(parameters: readonly Parameter[]): number {
  const matrices = parameters.map(({ gradient }) => gradient.data);
  let largest = 0;
  for (const g of matrices) for (let i = 0; i < g.length; i++) largest = Math.max(largest, Math.abs(g[i]));
  if (largest === 0) return 0;
  // scaled by a power of two near the largest: exact, and no square overflows or vanishes
  const unit = 2 ** Math.max(Math.floor(Math.log2(largest)), -1022);
  let total = 0;
  for (const g of matrices) {
    for (let i = 0; i < g.length; i++) {
      const part = g[i] / unit;
      total += part * part;
    }
  }
  return Math.sqrt(total) * unit;
}

function checked(owner: string, parameters: readonly Parameter[]): readonly Parameter[] {
  requireParameters(owner, parameters);
  for (const { name, gradient } of parameters) requireFinite(owner, `the gradient of ${name}`, gradient);
  return distinct(parameters);
}
