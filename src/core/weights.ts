/*
 * What is remembered of a text (keys and values, a hidden state) was computed with the weights of that moment. Whoever
 * keeps such a thing asks here whether any weights have changed since: a number that only grows says so.
 */
let changes = 0;

/** Called by whatever is about to change weights: a step of an optimizer, a snapshot that is put back. */
export function weightsChange(): void {
  changes += 1;
}

/** How often weights have changed so far, of whatever network. */
export function weightChanges(): number {
  return changes;
}
