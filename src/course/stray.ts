/** Where a calculation left the finite numbers: watched, not guessed. */

import { written } from "./case";

const WATCHED = ["exp", "expm1", "log", "log2", "log10", "log1p", "sqrt", "pow"] as const;

/** Runs `work` and reports the first function of Math that left the finite numbers: "`Math.exp(1000)` was ∞". */
export function strayed(work: () => unknown): string | undefined {
  let seen: string | undefined;
  const math = Math as unknown as Record<string, (...inputs: number[]) => number>;
  const own = WATCHED.map((name) => [name, math[name]] as const);
  try {
    for (const [name, f] of own) {
      math[name] = (...inputs) => {
        const value = f(...inputs);
        if (!seen && inputs.every(Number.isFinite) && !Number.isFinite(value)) {
          seen = `\`Math.${name}(${inputs.map(written).join(", ")})\` was ${written(value)}`;
        }
        return value;
      };
    }
    work();
  } catch {
    // It did not throw when it was judged; whatever this is, it is not what was asked about.
  } finally {
    for (const [name, f] of own) math[name] = f;
  }
  return seen;
}
