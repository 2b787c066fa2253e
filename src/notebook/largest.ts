/**
 * The largest of any number of values, and `least` where none is larger. `Math.max(...values)` passes each of them as an
 * argument, which overflows the stack from about 120,000 on.
 */
export function largest(values: Iterable<number>, least = Number.NEGATIVE_INFINITY): number {
  let found = least;
  for (const value of values) found = Math.max(found, value);
  return found;
}
