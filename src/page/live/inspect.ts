/**
 * Values as Node prints them in a kernel, so that what a cell prints in a page is what it printed there: the depth, the
 * hundred entries, the line breaks and columns of `util.inspect`, for what notebooks print. A test holds the two together.
 */

const DEPTH = 2;
const ENTRIES = 100;
const LONGEST = 10_000;
const WIDTH = 80;
/** So many inner levels may share a line. */
const LEVELS = 3;

/** What `console.log` writes: texts as they are, %s and %d filled in, everything else inspected. */
export function formatted(values: readonly unknown[]): string {
  const [first, ...rest] = values;
  if (typeof first !== "string" || rest.length === 0 || !first.includes("%"))
    return values.map(plainly).join(" ");
  const filled = first.replace(/%[sdifjoOc%]/g, (sign) => {
    if (sign === "%%") return "%";
    if (rest.length === 0) return sign;
    const value = rest.shift();
    switch (sign) {
      case "%s":
        return typeof value === "object" && value !== null ? inspect(value, 0) : plainly(value);
      case "%d":
        return typeof value === "object" ? "NaN" : String(Object.is(value, -0) ? "-0" : Number(value));
      case "%i":
        return String(Number.parseInt(String(value), 10));
      case "%f":
        return String(Number.parseFloat(String(value)));
      case "%j":
        return String(JSON.stringify(value));
      case "%c":
        return "";
      default:
        return inspect(value, sign === "%o" ? 4 : DEPTH);
    }
  });
  return [filled, ...rest.map(plainly)].join(" ");
}

function plainly(value: unknown): string {
  return typeof value === "string" ? value : inspect(value);
}

/** @param depth how many levels are opened; deeper ones are named only */
export function inspect(value: unknown, depth = DEPTH): string {
  return new Inspector(depth).value(value, 0);
}

type Brackets = readonly [open: string, close: string];

class Inspector {
  private indentation = 0;
  /** The level that was written last: what is shallow enough may share a line. */
  private level = 0;
  private readonly open: object[] = [];
  private readonly circular = new Map<object, number>();

  constructor(private readonly depth: number) {}

  value(value: unknown, level: number): string {
    switch (typeof value) {
      case "string":
        return this.text(value);
      case "number":
        return Object.is(value, -0) ? "-0" : String(value);
      case "bigint":
        return `${value}n`;
      case "object":
      case "function":
        return value === null ? "null" : this.object(value, level);
      default:
        return String(value);
    }
  }

  private text(value: string): string {
    const rest = value.length > LONGEST ? value.length - LONGEST : 0;
    const shown = rest > 0 ? value.slice(0, LONGEST) : value;
    const more = rest > 0 ? `... ${rest} more character${rest > 1 ? "s" : ""}` : "";
    if (shown.length > 16 && shown.length > WIDTH - this.indentation - 4)
      return (
        shown
          .split(/(?<=\n)/)
          .map(quoted)
          .join(` +\n${" ".repeat(this.indentation + 2)}`) + more
      );
    return quoted(shown) + more;
  }

  private object(value: object, level: number): string {
    if (this.open.includes(value)) {
      const index = this.circular.get(value) ?? this.circular.size + 1;
      this.circular.set(value, index);
      return `[Circular *${index}]`;
    }
    const name = constructorName(value);
    const keys = ownKeys(value);
    const tag = (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
    const tagged = typeof tag === "string" && tag !== "" && tag !== name ? `[${tag}] ` : "";
    /** "Matrix(3) ", or "" for what brackets alone tell. */
    const prefix = (plain: string, size?: number): string => {
      const counted = size === undefined ? "" : `(${size})`;
      if (name === undefined) return `[${plain}${counted}: null prototype] ${tagged}`;
      return name === plain && size === undefined && tagged === "" ? "" : `${name}${counted} ${tagged}`;
    };
    let base = "";
    let brackets: Brackets = ["{", "}"];
    let entries: (() => string[]) | undefined;
    let list: ArrayLike<unknown> | undefined;
    if (Array.isArray(value)) {
      brackets = [`${name === "Array" && tagged === "" ? "" : prefix("Array", value.length)}[`, "]"];
      if (value.length === 0 && keys.length === 0) return `${brackets[0]}]`;
      list = value;
      entries = () => this.list(value, level);
    } else if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      const numbers = value as unknown as ArrayLike<unknown>;
      brackets = [`${name ?? "TypedArray"}(${numbers.length}) [`, "]"];
      if (numbers.length === 0 && keys.length === 0) return `${brackets[0]}]`;
      list = numbers;
      entries = () => this.list(numbers, level);
    } else if (value instanceof Map) {
      brackets = [`${prefix("Map", value.size)}{`, "}"];
      if (value.size === 0 && keys.length === 0) return `${brackets[0]}}`;
      entries = () =>
        this.deeper(2, () =>
          limited([...value], ([k, v]) => `${this.value(k, level + 1)} => ${this.value(v, level + 1)}`),
        );
    } else if (value instanceof Set) {
      brackets = [`${prefix("Set", value.size)}{`, "}"];
      if (value.size === 0 && keys.length === 0) return `${brackets[0]}}`;
      entries = () => this.deeper(2, () => limited([...value], (item) => this.value(item, level + 1)));
    } else if (typeof value === "function") {
      base = nameOfFunction(value as (...values: never[]) => unknown, name);
      if (keys.length === 0) return base;
    } else if (value instanceof Error) {
      base = `${value.name}: ${value.message}`;
      if (keys.length === 0) return base;
    } else if (value instanceof RegExp || value instanceof Date) {
      base = value instanceof RegExp ? String(value) : dateText(value);
      if (keys.length === 0) return base;
    } else if (isBoxed(value)) {
      base = `[${name}: ${this.value(value.valueOf(), level)}]`;
      if (keys.length === 0) return base;
    } else if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet) {
      brackets = [`${prefix("")}{`, "}"];
      entries = () => [value instanceof Promise ? "<promise>" : "<items unknown>"];
    } else {
      brackets = [`${prefix("Object")}{`, "}"];
      if (keys.length === 0) return `${brackets[0]}}`;
    }
    if (level > this.depth)
      return `[${Array.isArray(value) ? "Array" : `${name ?? "Object: null prototype"}${tagged && ` ${tagged.trim()}`}`}]`;
    this.open.push(value);
    this.level = level;
    const output = entries?.() ?? [];
    for (const key of keys) output.push(this.property(value, key, level));
    this.open.pop();
    const index = this.circular.get(value);
    if (index !== undefined) {
      if (base === "") brackets = [`<ref *${index}> ${brackets[0]}`, brackets[1]];
      else base = `<ref *${index}> ${base}`;
    }
    return this.joined(output, base, brackets, level, list);
  }

  private list(value: ArrayLike<unknown>, level: number): string[] {
    const output: string[] = [];
    let i = 0;
    while (i < value.length && output.length < ENTRIES) {
      if (!(i in value)) {
        const from = i;
        while (i < value.length && !(i in value)) i += 1;
        output.push(`<${i - from} empty item${i - from > 1 ? "s" : ""}>`);
        continue;
      }
      const item = value[i];
      output.push(this.deeper(2, () => this.value(item, level + 1)));
      i += 1;
    }
    if (i < value.length) output.push(more(value.length - i));
    return output;
  }

  private property(object: object, key: string | symbol, level: number): string {
    const { get, set, value } = Object.getOwnPropertyDescriptor(object, key) ?? {};
    const shown =
      get === undefined && set === undefined
        ? this.deeper(2, () => this.value(value, level + 1))
        : get === undefined
          ? "[Setter]"
          : set === undefined
            ? "[Getter]"
            : "[Getter/Setter]";
    return `${keyText(key)}: ${shown}`;
  }

  private deeper<T>(by: number, work: () => T): T {
    this.indentation += by;
    try {
      return work();
    } finally {
      this.indentation -= by;
    }
  }

  /** On one line where it fits and is not too deep, in columns where it is a long list, else one entry a line. */
  private joined(
    output: string[],
    base: string,
    [open, close]: Brackets,
    level: number,
    list: ArrayLike<unknown> | undefined,
  ): string {
    const before = base === "" ? "" : `${base} `;
    const lines = list !== undefined && output.length > 6 ? this.inColumns(output, list) : output;
    if (this.level - level < LEVELS && lines.length === output.length) {
      const length =
        output.reduce((sum, text) => sum + text.length, 0) +
        2 * output.length +
        this.indentation +
        open.length +
        base.length +
        10;
      const line = output.join(", ");
      if (length <= WIDTH && !line.includes("\n") && !base.includes("\n"))
        return `${before}${open} ${line} ${close}`;
    }
    const margin = `\n${" ".repeat(this.indentation)}`;
    return `${before}${open}${margin}  ${lines.join(`,${margin}  `)}${margin}${close}`;
  }

  /** Several short entries a line, one under the other. */
  private inColumns(output: string[], list: ArrayLike<unknown>): string[] {
    const count = list.length > ENTRIES ? output.length - 1 : output.length;
    const lengths = output.slice(0, count).map((text) => text.length);
    const longest = Math.max(...lengths);
    const total = lengths.reduce((sum, length) => sum + length + 2, 0);
    const wide = longest + 2;
    if (!(3 * wide + this.indentation < WIDTH && (total / wide > 5 || longest <= 6))) return output;
    const biased = Math.max(wide - 3 - Math.sqrt(wide - total / output.length), 1);
    const columns = Math.min(
      Math.round(Math.sqrt(2.5 * biased * count) / biased),
      Math.floor((WIDTH - this.indentation) / wide),
      4 * LEVELS,
      15,
    );
    if (columns <= 1) return output;
    const widths = Array.from({ length: columns }, (_, i) => {
      let width = 0;
      for (let j = i; j < count; j += columns) width = Math.max(width, lengths[j] as number);
      return width + 2;
    });
    const numbers = Array.from({ length: output.length }, (_, i) => list[i]).every(
      (item) => typeof item === "number" || typeof item === "bigint",
    );
    const lines: string[] = [];
    for (let i = 0; i < count; i += columns) {
      const last = Math.min(i + columns, count) - 1;
      let line = "";
      for (let j = i; j <= last; j++) {
        const width = widths[j - i] as number;
        const text = output[j] as string;
        if (numbers) line += j < last ? `${text}, `.padStart(width) : text.padStart(width - 2);
        else line += j < last ? `${text}, `.padEnd(width) : text;
      }
      lines.push(line);
    }
    return count < output.length ? [...lines, output[count] as string] : lines;
  }
}

function limited<T>(items: readonly T[], write: (item: T) => string): string[] {
  const output = items.slice(0, ENTRIES).map(write);
  if (items.length > ENTRIES) output.push(more(items.length - ENTRIES));
  return output;
}

function more(count: number): string {
  return `... ${count} more item${count > 1 ? "s" : ""}`;
}

function constructorName(value: object): string | undefined {
  for (let at: object | null = value; at !== null; at = Object.getPrototypeOf(at)) {
    const made = Object.getOwnPropertyDescriptor(at, "constructor")?.value;
    if (typeof made === "function" && made.name !== "" && value instanceof made) return made.name;
  }
  return undefined;
}

function ownKeys(value: object): (string | symbol)[] {
  const list =
    Array.isArray(value) ||
    value instanceof String ||
    (ArrayBuffer.isView(value) && !(value instanceof DataView));
  const names = Object.keys(value).filter((key) => !list || !/^(?:0|[1-9]\d*)$/.test(key));
  const symbols = Object.getOwnPropertySymbols(value).filter((key) =>
    Object.prototype.propertyIsEnumerable.call(value, key),
  );
  return [...names, ...symbols];
}

function keyText(key: string | symbol): string {
  if (typeof key === "symbol") return `[${String(key)}]`;
  return /^[a-zA-Z_][a-zA-Z_0-9]*$/.test(key) ? key : quoted(key);
}

/** In the quotes that need no escape, if there are such. */
function quoted(text: string): string {
  let quote = "'";
  if (text.includes("'")) {
    if (!text.includes('"')) quote = '"';
    else if (!text.includes("`") && !text.includes("${")) quote = "`";
  }
  const escapes: Record<string, string> = {
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    "\\": "\\\\",
  };
  const body = text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to escape
    /[\x00-\x1f\x7f-\x9f\\'"`]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    (character) => {
      if (/['"`]/.test(character)) return character === quote ? `\\${character}` : character;
      const code = character.charCodeAt(0).toString(16).toUpperCase();
      return escapes[character] ?? (code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, "0")}`);
    },
  );
  return `${quote}${body}${quote}`;
}

function nameOfFunction(value: (...values: never[]) => unknown, name: string | undefined): string {
  const source = Function.prototype.toString.call(value);
  if (source.startsWith("class")) {
    const parent = Object.getPrototypeOf(value).name;
    return `[class ${value.name || "(anonymous)"}${parent ? ` extends ${parent}` : ""}]`;
  }
  return `[${name ?? "Function"}${value.name ? `: ${value.name}` : " (anonymous)"}]`;
}

function dateText(date: Date): string {
  return Number.isNaN(date.getTime()) ? "Invalid Date" : date.toISOString();
}

function isBoxed(value: object): boolean {
  return [Number, String, Boolean, BigInt, Symbol].some((made) => value instanceof made);
}
