// Notebooks that other people bring: one for each way in which a notebook has been seen to break an export.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** One pixel. */
export const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

type Data = Record<string, unknown>;
interface HostileCell {
  readonly markdown?: string;
  readonly attachments?: Record<string, Data>;
  readonly outputs?: readonly Data[];
}

export interface Hostile {
  readonly name: string;
  readonly cells?: readonly HostileCell[];
  /** The file as it is, where it is no notebook. */
  readonly text?: string;
  /** What the page must hold, and must not. */
  readonly shows?: readonly (string | RegExp)[];
  readonly hides?: readonly (string | RegExp)[];
  /** Of each line that is told: what it says beside the notebook's name. None: all is well. */
  readonly faults?: readonly RegExp[];
  /** There is no page. */
  readonly lost?: boolean;
}

const LAST = "The last cell is there.";

/** A notebook whose title is its kind, with a last cell that must not be swallowed. */
const html = (text: string): HostileCell => ({ outputs: [{ "text/html": text }] });

export const hostile: readonly Hostile[] = [
  {
    name: "attachment",
    cells: [
      { markdown: "![a dot](attachment:dot.png)", attachments: { "dot.png": { "image/png": PIXEL } } },
      { markdown: "![a hole](attachment:gone.png)" },
    ],
    shows: [`src="data:image/png;base64,${PIXEL}"`, "[picture: a hole]"],
    faults: [/cell "cell-3": the pasted picture gone\.png is not in the notebook: paste it again/],
  },
  {
    name: "local-image",
    cells: [
      { markdown: "![near](near.png) ![odd](a%20%231.png)\n\n<img src='near.png' alt='raw'>" },
      { markdown: "![far](https://example.org/far.png)\n\n![no](none.png)\n\n![no](/etc/passwd)" },
      html("<img src='near.png' alt='from an output'>"),
    ],
    shows: [
      `<img src="data:image/png;base64,${PIXEL}" alt="near"`,
      `<img src="data:image/png;base64,${PIXEL}" alt="odd"`,
      `<img src="data:image/png;base64,${PIXEL}" alt="raw"`,
      `<img src="data:image/png;base64,${PIXEL}" alt="from an output"`,
    ],
    hides: ["root:", 'src="https://example.org'],
    faults: [/far\.png is not on this machine/, /none\.png does not exist/, /\/etc\/passwd is no picture/],
  },
  {
    name: "formulas",
    cells: [
      { markdown: "$größe$ and $5 €$ and $\\newcommand{\\half}{\\tfrac12}\\half$" },
      { markdown: "$$\\half x$$ and again $\\newcommand{\\half}{\\tfrac{1}{2}}\\half$" },
      { markdown: "\\begin{eqnarray} a &=& b \\end{eqnarray}" },
      { markdown: "$$x \\label{eq:x}$$ and $x_i & more$" },
    ],
    shows: [/<code class="refused"[^>]*>\$\$\\begin\{eqnarray\}/, /refused[^>]*>\$x_i &amp; more\$/],
    hides: ["katex-error"],
    faults: [/cell "cell-4": the formula .*eqnarray/, /cell "cell-5": the formula .*label/, /x_i & more/],
  },
  {
    name: "money",
    cells: [
      { markdown: "It costs $5 today and $10 tomorrow; \\$3 for `$x$`. The rate $x_i$ is 100 %." },
      { markdown: "costs $5 (was $10), 100 % of it" },
    ],
    shows: [
      "It costs $5 today and $10 tomorrow; $3 for <code>$x$</code>.",
      "costs $5 (was $10), 100 % of it",
    ],
    hides: ["today and <"],
  },
  {
    name: "kinds",
    cells: [
      { outputs: [{ "text/latex": "$\\frac{1}{2}$" }, { "text/latex": "\\alpha + 1" }] },
      { outputs: [{ "application/json": { answer: 42 } }] },
      {
        outputs: [
          {
            "application/vnd.plotly.v1+json": {
              data: [{ type: "scatter", x: [1, 2], y: [3, 4] }],
              layout: { title: { text: "From plotly" } },
            },
          },
          { "application/vnd.plotly.v1+json": { data: [{ type: "pie", values: [1, 2] }], layout: {} } },
        ],
      },
      { outputs: [{ "application/vnd.strange+json": { a: 1 } }] },
    ],
    shows: [
      'class="prose latex"',
      "&quot;answer&quot;: 42",
      "From plotly",
      "gb-library",
      "cannot draw",
      "strange",
    ],
    faults: [
      /pages draw no plot of the kind pie/,
      /cannot show an output of the kind application\/vnd\.strange/,
    ],
  },
  {
    name: "scripts",
    cells: [
      html(
        '<p id="said">quiet</p><script type="text/javascript">said.textContent = "spoken in a frame";</script>',
      ),
      html("<button onclick=\"this.textContent = 'pressed'\">press</button>"),
      html('<div id="plot"></div><script src="https://example.org/plot.js"></script>'),
      { outputs: [{ "application/javascript": "document.body.append('from JavaScript')" }] },
      { markdown: "Text <script>window.hacked = 1</script> and <b onclick='window.hacked = 2'>bold</b>." },
    ],
    shows: [
      'sandbox="allow-scripts"',
      "This output wants to load https://example.org/plot.js",
      "<b>bold</b>",
    ],
    hides: [/<script[^>]*>\s*window\.hacked/],
    faults: [
      /cell "cell-4": the output wants to load/,
      /cell "cell-6": a script, a handler or a frame in the text/,
    ],
  },
  {
    name: "unbalanced",
    cells: [
      html("<div><b>unclosed <table><tr><td>x"),
      html("</div></div></main><!-- <plaintext>"),
      html("<textarea>open"),
      { markdown: "Some <div><i>open\n\n<details><summary>text" },
    ],
    shows: ["unclosed"],
  },
  {
    name: "travel",
    cells: [
      html(
        '<meta http-equiv="refresh" content="0;url=https://example.org/"><base href="https://example.org/">stays',
      ),
      html(
        "<script>location = 'https://example.org/'; top.location = 'https://example.org/'; open('https://example.org/')</script>",
      ),
      html(
        '<!--><meta http-equiv="refresh" content="0;url=https://example.org/">--><svg><style>&lt;meta http-equiv=refresh content=0></style></svg>',
      ),
      {
        markdown:
          '<meta http-equiv="refresh" content="0;url=https://example.org/"><link rel=stylesheet href=x>',
      },
    ],
    hides: [/<meta http-equiv="refresh/, /<base/, /<link/],
  },
  {
    name: "50% off #1?",
    cells: [{ markdown: "[on](<A quick look.ipynb#Part-one>) [raw](<50% off #1?.ipynb>)" }],
    shows: ['href="A%20quick%20look.html#Part-one"', 'href="50%25%20off%20%231%3F.html"'],
  },
  {
    name: "A quick look",
    cells: [
      { markdown: "# A quick look at my data\n\n[off](50%25%20off%20%231%3F.ipynb)" },
      { markdown: "## Part one" },
    ],
    shows: ["A quick look at my data", 'href="50%25%20off%20%231%3F.html"'],
  },
  { name: "bare", cells: [] },
  { name: "empty", text: "", lost: true, faults: [/is empty/] },
  {
    name: "merged",
    text: '{\n<<<<<<< HEAD\n"cells": []\n>>>>>>> theirs\n}',
    lost: true,
    faults: [/marks of a merge/],
  },
  { name: "not-json", text: "{", lost: true, faults: [/is not JSON/] },
  { name: "not-a-notebook", text: "[1]", lost: true, faults: [/not a notebook/] },
  {
    name: "marked",
    text: `\uFEFF${JSON.stringify(notebook([{ markdown: "# With a mark" }]))}`,
    shows: ["With a mark"],
  },
  {
    name: "old",
    text: JSON.stringify({ ...notebook([{ markdown: "# Old" }]), nbformat_minor: 2 }),
    shows: ["Old"],
  },
  {
    name: "no-metadata",
    text: JSON.stringify({ ...notebook([{ markdown: "# Bare" }]), metadata: {} }),
    shows: ["Bare"],
  },
];

function notebook(cells: readonly HostileCell[]) {
  return {
    cells: cells.map(({ markdown, attachments, outputs = [] }, index) => ({
      cell_type: markdown === undefined ? "code" : "markdown",
      id: `cell-${index + 1}`,
      metadata: {},
      source: markdown ?? "show();",
      ...(attachments && { attachments }),
      ...(markdown === undefined && {
        execution_count: 1,
        outputs: outputs.map((data) => ({ output_type: "display_data", data, metadata: {} })),
      }),
    })),
    metadata: { kernelspec: { name: "tslab", display_name: "TypeScript" } },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

/** Write them all into a folder, with the pictures they name. */
export function writeHostile(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const { name, cells, text } of hostile) {
    const titled =
      cells && cells.length > 0
        ? [...(name.startsWith("A") ? [] : [{ markdown: `# ${name}` }]), ...cells, { markdown: LAST }]
        : [];
    writeFileSync(join(folder, `${name}.ipynb`), text ?? JSON.stringify(notebook(titled)));
  }
  for (const name of ["near.png", "a #1.png"])
    writeFileSync(join(folder, name), Buffer.from(PIXEL, "base64"));
}

export { LAST };
