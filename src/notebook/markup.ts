/** Text into HTML, safely: nothing that comes from data can become markup. */

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Escapes text for element content and for quoted attribute values. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/**
 * JSON that may stand inside a script element. A script ends at `</script` and changes meaning at `<!--`, wherever
 * they occur, inside a string as well; with every `<` written as \u003c neither can occur, and the JSON is the same.
 * (U+2028 and U+2029 are legal in JSON but were line ends in JavaScript until 2019: escaped for the same price.)
 *
 * Typed arrays become arrays. Numbers keep `digits` significant digits: more than a screen can show, fewer bytes,
 * and no last-bit difference between two machines. What JSON cannot say (NaN, ±∞) becomes null, which plotly
 * draws as a gap.
 */
export function scriptJson(value: unknown, digits = 7): string {
  const json = JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === "number") return shorten(item, digits);
    if (ArrayBuffer.isView(item) && !(item instanceof DataView)) {
      return Array.from(item as unknown as ArrayLike<number>);
    }
    return item;
  });
  return json.replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function shorten(value: number, digits: number): number | null {
  if (!Number.isFinite(value)) return null;
  return Number.isInteger(value) ? value : Number(value.toPrecision(digits));
}
