/*
 * The layout of a trace: what belongs together, what was computed, the numbers in columns that line up, and what they
 * mean. A whole derivation is one string, so it is one output.
 */
import { formatFixed, widest } from "../../numbers/format";
import type { Matrix } from "../../numbers/matrix";

/** Larger matrices are cut: a trace is for networks that a person can follow. */
const MOST_ROWS = 8;
const MOST_COLUMNS = 8;

interface Line {
  readonly section: string;
  readonly name: string;
  readonly shape: string;
  readonly numbers: readonly string[];
  /** Stands in the numbers' place: shapes, as a rule. */
  readonly note: string;
  readonly remark: string;
}

/** Collects the lines of a trace, and lays them out once all are there. */
export class Narrative {
  private readonly lines: Line[] = [];
  private section = "";

  /**
   * @param digits decimals of every number
   * @param lying whether columns lie down on one line, as they do when there is a single example
   */
  constructor(
    private readonly digits: number,
    private readonly lying: boolean,
  ) {}

  /** The lines from here on belong to `section`. With `gap`, an empty line comes first. */
  begin(section: string, gap = false): void {
    if (gap) this.note("", "");
    this.section = section;
  }

  /** A line with words where the numbers would be. */
  note(name: string, note: string, remark = ""): void {
    this.add({ name, shape: "", numbers: [], note, remark });
  }

  /** Numbers, with the shape of a matrix before them and the remark beside the first row. */
  row(name: string, value: Matrix | readonly number[] | number, remark = ""): void {
    const shape = typeof value === "object" && "data" in value ? `${value.rows}×${value.columns}` : "";
    this.texts(value).forEach((numbers, i) => {
      const first = { name, shape, numbers, note: "", remark };
      this.add(i === 0 ? first : { ...first, name: "", shape: "", remark: "" });
    });
  }

  private add(line: Omit<Line, "section">): void {
    this.lines.push({ ...line, section: this.section });
    this.section = "";
  }

  private texts(value: Matrix | readonly number[] | number): string[][] {
    if (typeof value === "number") return [[formatFixed(value, this.digits)]];
    const rows = "data" in value ? value.toRows() : [[...value]];
    const laid = this.lying && rows[0].length === 1 ? [rows.flat()] : rows;
    const cut = laid.slice(0, MOST_ROWS).map((row) => {
      const shown = row.slice(0, MOST_COLUMNS).map((entry) => formatFixed(entry, this.digits));
      return row.length > MOST_COLUMNS ? [...shown, "…"] : shown;
    });
    return laid.length > MOST_ROWS ? [...cut, ["…"]] : cut;
  }

  toString(): string {
    const sections = widest(this.lines.map(({ section }) => section));
    const names = widest(this.lines.map(({ name }) => name));
    const shapes = widest(this.lines.map(({ shape }) => shape));
    const numbers = widest(this.lines.flatMap((line) => line.numbers));
    const body = ({ note, shape, ...line }: Line): string =>
      note || `${shape.padEnd(shapes)}   ${line.numbers.map((text) => text.padStart(numbers)).join("   ")}`;
    const bodies = widest(this.lines.filter(({ remark }) => remark !== "").map(body));
    return this.lines
      .map((line) => {
        const left = `${line.section.padEnd(sections)}   ${line.name.padEnd(names)}`;
        return `${left}   ${body(line).padEnd(bodies)}   ${line.remark}`.trimEnd();
      })
      .join("\n");
  }
}

/** A shape in brackets, as formulas have it: "(2×500)". */
export function shapeOf(matrix: Matrix): string {
  return `(${matrix.rows}×${matrix.columns})`;
}

/** "1 weight", "3 weights". */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
