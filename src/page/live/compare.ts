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

/** What may differ, and why: told by a clock, by the machine, or by the rounding of another TensorFlow.js. */
const MASKS: readonly (readonly [why: string, pattern: RegExp])[] = [
  ["a time", /[\d.,]+(?:[\s\u00a0]|&nbsp;)*(?:ms|µs|s|seconds?|milliseconds?|minutes?)\b/g],
  [
    "which backend of TensorFlow.js spoke",
    /TensorFlow\.js [\d.]+, (?:native|WebAssembly|plain JavaScript), float32/g,
  ],
  // In a row of a comparison, before what is allowed and the verdict, which must be the same.
  [
    "how far two sides are apart, which is rounding",
    /(?:[\d.]+(?:e[-−+]?\d+)? ){2}(?=[\d.]+(?:e[-−+]?\d+)? \S+ (?:agrees|DIFFERS)\b)/g,
  ],
];
const ROUNDED = "last digits";
export const VARIED = "numbers that vary";

/** Below this a number is a rounding error, or as good as one: its digits are those of the machine. */
const ROUNDING = 1e-5;
/** What two correct computations may differ by, relatively, after a training run. */
const RELATIVE = 1e-6;

/** How strictly to look, and what was let pass. */
export interface Look {
  /** The author says that the numbers of this output vary: words and counts must be the same, other numbers not. */
  readonly varies?: boolean;
  /** Collects, in words, what differs and may. */
  readonly passed?: Set<string>;
}

/**
 * @returns undefined when they agree, else the first difference in words
 */
export function difference(
  now: readonly Shown[],
  stored: readonly Shown[],
  look: Look = {},
): string | undefined {
  if (now.length !== stored.length) return `${now.length} outputs, stored ${stored.length}`;
  for (const [i, output] of now.entries()) {
    const other = stored[i] as Shown;
    if (output.kind !== other.kind) return `output ${i + 1} is a ${output.kind}, stored a ${other.kind}`;
    const found =
      output.kind === "text" && other.kind === "text"
        ? textDifference(output.text, other.text, look)
        : dataDifference((output as { data: unknown }).data, (other as { data: unknown }).data, "", look);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function textDifference(now: string, stored: string, look: Look = {}): string | undefined {
  const [a, b] = masked(now, stored, look);
  const [wordsA, wordsB] = [a.replace(NUMBER, "#"), b.replace(NUMBER, "#")];
  if (wordsA !== wordsB) {
    let at = 0;
    while (wordsA[at] === wordsB[at]) at += 1;
    return `“${wordsA.slice(Math.max(0, at - 20), at + 30)}”, stored “${wordsB.slice(Math.max(0, at - 20), at + 30)}”`;
  }
  const [numbersA, numbersB] = [a.match(NUMBER) ?? [], b.match(NUMBER) ?? []];
  for (const [i, text] of numbersA.entries()) {
    const other = numbersB[i] as string;
    if (text === other) continue;
    if (look.varies && [text, other].every((number) => /[.e]/i.test(number))) look.passed?.add(VARIED);
    else if (close(numberIn(text), numberIn(other), unitOf(other))) look.passed?.add(ROUNDED);
    else return `${text}, stored ${other}`;
  }
  return undefined;
}

/** Both texts with what may differ taken out. */
function masked(now: string, stored: string, look: Look): [now: string, stored: string] {
  let [a, b] = [now, stored].map((text) => text.replaceAll(" ", " ").replace(/\s+/g, " ").trim()) as [
    string,
    string,
  ];
  for (const [why, pattern] of MASKS) {
    if ((a.match(pattern) ?? []).join() !== (b.match(pattern) ?? []).join()) look.passed?.add(why);
    a = a.replace(pattern, "…");
    b = b.replace(pattern, "…");
  }
  return [a, b];
}

function numberIn(text: string): number {
  return Number(text.replaceAll(",", "").replaceAll("−", "-"));
}

/** One in the last printed place, of a number that is printed with some precision; a count does not round. */
function unitOf(text: string): number {
  const [digits = "", power] = text.toLowerCase().split("e");
  const decimals = digits.split(".")[1]?.length ?? 0;
  const significant = digits.replace(/\D/g, "").replace(/^0+/, "").length;
  if (power === undefined && (decimals === 0 || significant < 3)) return 0;
  return 10 ** (Number(power?.replace("−", "-") ?? 0) - decimals);
}

function close(a: number, b: number, unit = 0): boolean {
  if (Object.is(a, b) || a === b) return true;
  if (Number.isNaN(a) && Number.isNaN(b)) return true;
  const size = Math.max(Math.abs(a), Math.abs(b));
  if (size < ROUNDING && !(Number.isInteger(a) && Number.isInteger(b))) return true;
  return Math.abs(a - b) <= Math.max(RELATIVE * size, 1.001 * unit);
}

/** One in the last place of a number that was rounded to travel: to three decimals or more. */
function placeOf(value: number): number {
  const decimals = /\.(\d{3,})$/.exec(String(value))?.[1]?.length;
  return decimals === undefined ? 0 : 10 ** -decimals;
}

/** Parsed JSON against parsed JSON. */
export function dataDifference(
  now: unknown,
  stored: unknown,
  where: string,
  look: Look = {},
): string | undefined {
  if (typeof now === "number" && typeof stored === "number") {
    if (now === stored) return undefined;
    if (look.varies) look.passed?.add(VARIED);
    else if (close(now, stored, Math.max(placeOf(now), placeOf(stored)))) look.passed?.add(ROUNDED);
    else return `${where} ${now}, stored ${stored}`;
    return undefined;
  }
  if (typeof now === "string" && typeof stored === "string") {
    const found = textDifference(now, stored, look);
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
      look,
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
      } else if (child.matches(".gb-playground, .gb-writer")) {
        // Of a writer not its weights: a training run multiplies last bits, and no reader sees them.
        const json = child.querySelector(".gb-playground-setting, .gb-writer-setting")?.textContent;
        shown.push({ kind: "figure", data: json ? JSON.parse(json) : undefined });
      } else if (
        child.matches("pre, table, p") ||
        !child.querySelector(".gb-figure, .gb-playground, .gb-writer")
      ) {
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
