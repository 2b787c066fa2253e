/** How a character is named where it cannot be seen. */
export function visible(character: string): string {
  return { " ": "␣", "\n": "⏎", "\t": "⇥" }[character] ?? character;
}
