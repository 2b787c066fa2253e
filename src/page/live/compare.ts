/**
 * Is what a cell shows now the same as what the page was written with? Words must be equal, numbers must be equal but
 * for rounding, and times and the name of the reference's backend may be anything. Browsers compute exp, log and pow
 * with other last bits than Node, so `===` on printed numbers would ask for more than there is.
 */

/** One thing that a cell shows, in a form that can be compared. */
export type Shown =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "figure"; readonly data: unknown };

/** Numbers as this course writes them: a real minus sign, thousands with commas, powers of ten. */
const NUMBER = /[-−+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[-−+]?\d+)?/gi;

/** Told by a clock or by the machine: never the same twice. */
const VARYING = [
  /[\d.,]+(?:[\s\u00a0]|&nbsp;)*(?:ms|µs|s|seconds?|milliseconds?|minutes?)\b/g,
  /TensorFlow\.js [\d.]+, (?:native|WebAssembly|plain JavaScript), float32/g,
];

/** Below this a number is a rounding error, or as good as one: its digits are those of the machine. */
const ROUNDING = 1e-5;
/** What two correct computations may differ by, relatively, after a training run. */
const RELATIVE = 1e-6;

/**
 * @returns undefined when they agree, else the first difference in words
 */
export function difference(now: readonly Shown[], stored: readonly Shown[]): string | undefined {
  if (now.length !== stored.length) return `${now.length} outputs, stored ${stored.length}`;
  for (const [i, output] of now.entries()) {
    const other = stored[i] as Shown;
    if (output.kind !== other.kind) return `output ${i + 1} is a ${output.kind}, stored a ${other.kind}`;
    const found =
      output.kind === "text" && other.kind === "text"
        ? textDifference(output.text, other.text)
        : dataDifference((output as { data: unknown }).data, (other as { data: unknown }).data, "");
    if (found !== undefined) return found;
  }
  return undefined;
}

export function textDifference(now: string, stored: string): string | undefined {
  const a = readable(now);
  const b = readable(stored);
  const [wordsA, wordsB] = [a.replace(NUMBER, "#"), b.replace(NUMBER, "#")];
  if (wordsA !== wordsB) {
    let at = 0;
    while (wordsA[at] === wordsB[at]) at += 1;
    return `“${wordsA.slice(Math.max(0, at - 20), at + 30)}”, stored “${wordsB.slice(Math.max(0, at - 20), at + 30)}”`;
  }
  const [numbersA, numbersB] = [a.match(NUMBER) ?? [], b.match(NUMBER) ?? []];
  for (const [i, text] of numbersA.entries()) {
    const other = numbersB[i] as string;
    if (text !== other && !close(numberIn(text), numberIn(other), unitOf(other)))
      return `${text}, stored ${other}`;
  }
  return undefined;
}

function readable(text: string): string {
  const plain = text.replaceAll(" ", " ").replace(/\s+/g, " ").trim();
  return VARYING.reduce((masked, pattern) => masked.replace(pattern, "…"), plain);
}

function numberIn(text: string): number {
  return Number(text.replaceAll(",", "").replaceAll("−", "-"));
}

/** One in the last printed place. */
function unitOf(text: string): number {
  const [digits, power] = text.toLowerCase().split("e");
  const decimals = digits?.split(".")[1]?.length ?? 0;
  // A whole number without a power is a count, and counts do not round.
  if (decimals === 0 && power === undefined) return 0;
  return 10 ** (Number(power?.replace("−", "-") ?? 0) - decimals);
}

function close(a: number, b: number, unit = 0): boolean {
  if (Object.is(a, b) || a === b) return true;
  if (Number.isNaN(a) && Number.isNaN(b)) return true;
  const size = Math.max(Math.abs(a), Math.abs(b));
  if (size < ROUNDING && !(Number.isInteger(a) && Number.isInteger(b))) return true;
  return Math.abs(a - b) <= Math.max(RELATIVE * size, 1.001 * unit);
}

/** Parsed JSON against parsed JSON. */
export function dataDifference(now: unknown, stored: unknown, where: string): string | undefined {
  if (typeof now === "number" && typeof stored === "number")
    return close(now, stored) ? undefined : `${where} ${now}, stored ${stored}`;
  if (typeof now === "string" && typeof stored === "string") {
    const found = textDifference(now, stored);
    return found && `${where} ${found}`;
  }
  if (now === null || stored === null || typeof now !== "object" || typeof stored !== "object")
    return now === stored ? undefined : `${where} ${String(now)}, stored ${String(stored)}`;
  const keys = new Set([...Object.keys(now), ...Object.keys(stored)]);
  for (const key of keys) {
    const found = dataDifference(
      (now as Record<string, unknown>)[key],
      (stored as Record<string, unknown>)[key],
      where ? `${where}.${key}` : key,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What an element with outputs shows, piece by piece. Neighbouring streams are one text. */
export function shownIn(outputs: Element): Shown[] {
  const shown: Shown[] = [];
  const walk = (element: Element): void => {
    for (const child of element.children) {
      if (child.matches("script, style, .gb-setup, .live-only")) continue;
      if (child.matches(".gb-figure")) {
        const json = child.querySelector(".gb-data")?.textContent;
        shown.push({ kind: "figure", data: json ? JSON.parse(json) : undefined });
      } else if (child.matches(".gb-playground")) {
        const json = child.querySelector(".gb-playground-setting")?.textContent;
        shown.push({ kind: "figure", data: json ? JSON.parse(json) : undefined });
      } else if (child.matches("pre, table, p") || !child.querySelector(".gb-figure, .gb-playground")) {
        const text = wordsOf(child);
        if (text.trim() === "") continue;
        const before = shown.at(-1);
        if (before?.kind === "text")
          shown[shown.length - 1] = { kind: "text", text: `${before.text} ${text}` };
        else shown.push({ kind: "text", text });
      } else walk(child);
    }
  };
  walk(outputs);
  return shown;
}

function wordsOf(element: Element): string {
  if (!element.querySelector("script, style, button")) return spaced(element);
  const copy = element.cloneNode(true) as Element;
  for (const silent of copy.querySelectorAll("script, style, button, .gb-setup")) silent.remove();
  return spaced(copy);
}

/** With a space between cells and blocks, which `textContent` runs together. */
function spaced(element: Element): string {
  const pieces: string[] = [];
  const walk = (node: Node): void => {
    if (node.nodeType === 3) pieces.push(node.textContent ?? "");
    else {
      for (const child of node.childNodes) walk(child);
      if (node instanceof Element && /^(td|th|tr|li|p|div|caption|summary|dt|dd|h\d)$/i.test(node.tagName))
        pieces.push(" ");
    }
  };
  walk(element);
  return pieces.join("");
}
