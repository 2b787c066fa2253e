// What counts as the idea of a cell, line by line, and how long a notebook takes.
import { expect, test } from "vitest";
import { formatNotebook, type Notebook, toLines } from "../../tools/lib/cells.mjs";
import { checkCourse, measure } from "../../tools/lib/check/course.mjs";
import { countIdeas, kindsOfLines, median } from "../../tools/lib/check/idea.mjs";
import { countWords, readingMinutes } from "../../tools/lib/check/reading.mjs";

const imports = [
  'import { Matrix, formatExact } from "glassbox";',
  'import { figure, lines, print, rows, checks, palette, type TraceRow } from "glassbox/notebook";',
  'import { agree, compareTensors, loadReference } from "glassbox/reference";',
].join("\n");

/** One letter a line: I idea, p plumbing, - neither. */
function letters(...sources: string[]): string[] {
  const kinds = kindsOfLines([imports, ...sources]).slice(1);
  return kinds.map((lines) =>
    lines.map((kind) => ({ idea: "I", plumbing: "p", neither: "-" })[kind]).join(""),
  );
}

test("imports are plumbing; computing is the idea; comments, blanks and brackets are neither", () => {
  expect(kindsOfLines([imports])[0]).toEqual(["plumbing", "plumbing", "plumbing"]);
  const loop = [
    "// One step.",
    "",
    "function step(w: number): number {",
    "  for (let k = 0; k < 3; k++) {",
    "    w -= 0.1 * w;",
    "  }",
    "  return w;",
    "}",
  ];
  expect(letters(loop.join("\n"))).toEqual(["--III-I-"]);
});

test("throws, alone or behind a condition, and other assertions are plumbing", () => {
  expect(letters('if (a > 1)\n  throw new Error("No.");\nconst b = a > 1 ? 2 : 3;')).toEqual(["ppI"]);
  expect(letters("checks((check) => {\n  check.equal('b', 3 * 1, 3);\n});")).toEqual(["pp-"]);
  expect(letters("const same = compareTensors(pairs, options);\nprint(same.text);\nagree(same);")).toEqual([
    "ppp",
  ]);
});

test("a call that shows is plumbing with all that it is given", () => {
  const call = "print(\n  rows([\n    ['a', 'b', Math.sqrt(2)],\n  ]),\n);";
  expect(letters(call)).toEqual(["ppp--"]);
  expect(letters("const chart = lines({ series });\nfigure(chart.data, options);")).toEqual(["pp"]);
  expect(letters('const table: TraceRow[] = [\n  ["a", 3 * x],\n];')).toEqual(["pp-"]);
  expect(letters("console.log(x);\nconst y = console;")).toEqual(["pp"]);
});

test("the code of the reference is an idea, fetching it is not", () => {
  expect(letters("const { tf } = await loadReference();\nconst t = tf.add(1, 2);")).toEqual(["pI"]);
});

test("formatting and literal prose are plumbing, also spread over lines", () => {
  expect(letters("const percent = (x: number) => x.toFixed(1);\nconst t = percent(2) + ' %';")).toEqual([
    "pp",
  ]);
  expect(letters('const names = ["a",\n  "b"];')).toEqual(["pp"]);
  expect(letters("const about = {\n  alt: `One\n    two`,\n  tolerance: 1e-9,\n};")).toEqual(["IppI-"]);
  expect(letters(`const text = \`\${a} of \${b}\`;`)).toEqual(["p"]);
});

test("a helper that does nothing but show is plumbing wherever it is used", () => {
  expect(letters("show(x * x);", "function show(x: number) {\n  print(formatExact(x));\n}")).toEqual([
    "p",
    "pp-",
  ]);
});

test("labelled objects are plumbing where nothing but a figure uses them, and data where something else does", () => {
  const data = "const both = [\n  { name: 'a', x: f(1) },\n];";
  expect(letters(data, "figure(both);")).toEqual(["pp-", "p"]);
  expect(letters(data, "figure(both);", "const most = Math.max(both[0].x);")).toEqual(["II-", "p", "I"]);
});

test("a word that decides is not prose", () => {
  expect(letters('const n = kind === "relu"\n  ? 2\n  : 1;')).toEqual(["III"]);
});

const notebook = (
  cells: [source: string, tags?: string[]][],
  title = "# 1\n\n*About 1 minutes.*",
): Notebook => ({
  cells: [
    { cell_type: "markdown", id: "title", metadata: {}, source: toLines(title) },
    ...cells.map(([source, tags = []], k) => ({
      cell_type: "code",
      id: `cell-${k}`,
      metadata: { tags },
      source: toLines(source),
    })),
  ],
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
});

test("open cells count, folded ones do not, exercises only for their length", () => {
  const count = countIdeas(
    notebook([
      [imports, ["hide-input"]],
      ["const a = 1;\n\nprint(a);"],
      ["// Solution\nconst b = 1;", ["solution"]],
      ["function f() {\n  return todo();\n}\ncheckIt(f);"],
    ]),
  );
  expect(count).toEqual({ idea: 1, plumbing: 1, lengths: [2], longest: { id: "cell-3", lines: 4 } });
});

test("a notebook that breaks its promise is told which one", () => {
  expect(measure(notebook([["const a = 1;\nconst b = 2;\nconst c = 3;\nprint(a);"]])).broken).toEqual([]);
  const long = Array.from({ length: 26 }, (_, k) => `console.log(${k});`).join("\n");
  expect(measure(notebook([[long]], "# 1\n\n*About 9 minutes.*")).broken).toEqual([
    expect.stringContaining("0 % of the open lines are the idea"),
    expect.stringContaining("cell-0 has 26 lines"),
    expect.stringContaining("median open cell has 26 lines"),
    expect.stringContaining("reading takes 1 minutes; the first cell says 9"),
  ]);
});

test("the report says what its numbers count and what they are held to", () => {
  const [head, ...lines] = checkCourse().report;
  expect(head).toMatch(/compute.*75 % at least.*median.*longest.*8 and 25 lines at most.*minutes/);
  expect(lines[0]).toMatch(/^00 {2}idea .* open lines, median cell .*, longest .*, \d+ minutes, says \d+$/);
});

test("the median of an even number lies between the middle two", () => {
  expect(median([9, 1, 4])).toBe(4);
  expect(median([1, 10, 4, 5])).toBe(4.5);
});

test("words are read and exercises are not; a formula is one word, or ten on a line of its own", () => {
  expect(countWords("Two words, $a + b$ | 3 |\n\n$$a + b = c$$")).toBe(14);
  const read = `${"word ".repeat(199)}\n\n## Your turn\n\n${"word ".repeat(500)}`;
  expect(readingMinutes(notebook([["const a = 1;\n".repeat(25)]], read))).toBeCloseTo(199 / 200, 10);
  const again = notebook([], `# 1\n\n${"word ".repeat(199)}`);
  expect(readingMinutes(again)).toBe(1);
  expect(formatNotebook(again)).toContain("word");
});

test("what stands under a collapsed heading is not read, up to the next heading of its rank", () => {
  const cell = (source: string, metadata = {}) => ({
    cell_type: "markdown",
    id: source[0],
    metadata,
    source,
  });
  const words = (count: number) => "word ".repeat(count);
  const cells = [
    cell(`## Open\n\n${words(199)}`),
    cell(`### Go deeper: aside\n\n${words(500)}`, { "jp-MarkdownHeadingCollapsed": true }),
    cell(words(400)),
    cell(`#### Deeper still\n\n${words(300)}`),
    cell(`### Open again\n\n${words(198)}`),
  ];
  const whole = { ...notebook([]), cells };
  expect(readingMinutes(whole)).toBeCloseTo(2, 10);
});
