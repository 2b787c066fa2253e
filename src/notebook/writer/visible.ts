/** How a character is named where it cannot be seen, or would change what stands beside it. */
export function visible(character: string): string {
  const sign = SIGNS[character];
  if (sign !== undefined) return sign;
  // Marks stand on the letter before them; here is none.
  if (/^\p{M}$/u.test(character)) return `\u25cc${character}`;
  if (!/^[\p{C}\p{Z}]$/u.test(character)) return character;
  return `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** And back, for what is typed into a line: a line end cannot be. */
export function fromLine(line: string, characters: readonly string[]): string {
  return characters.includes("\u23ce") ? line : line.replaceAll("\u23ce", "\n");
}

/** A text in one line. */
export function inLine(text: string, characters: readonly string[]): string {
  return characters.includes("\u23ce") ? text : text.replaceAll("\n", "\u23ce");
}

const SIGNS: Readonly<Record<string, string>> = { " ": "␣", "\n": "⏎", "\t": "⇥", "\r": "␍" };
