// A small executed notebook with everything a page has to cope with, made without a kernel: its outputs are recorded.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  comparisonTable,
  type Figure,
  figure,
  lines,
  markdown,
  type RecordedOutput,
  recordOutputs,
  setup,
} from "glassbox/notebook";
import { dist, exporter, venvPython } from "../../tools/lib/paths.mjs";
import { buildAssets } from "../../tools/site/assets.mjs";

export const EVIL =
  "</script><script>window.hacked = true</script><!-- <img src=x onerror='window.hacked = true'>";

export interface Cell {
  kind: "markdown" | "code";
  id: string;
  source: string;
  tags?: string[];
  /** A heading that JupyterLab shows collapsed. */
  collapsed?: boolean;
  outputs?: RecordedOutput[];
}

const falling: Figure = lines({
  title: `Loss while training ${EVIL}`,
  x: "epoch",
  y: "loss (nats)",
  series: [
    { name: "training", x: [0, 1, 2, 3], y: [1, 0.5, 0.25, 0.125] },
    { name: EVIL, x: [0, 1, 2, 3], y: [1.1, 0.6, 0.4, 0.3] },
  ],
});

const bowl: Figure = {
  data: [
    {
      type: "surface",
      z: [
        [2, 1, 2],
        [1, 0, 1],
        [2, 1, 2],
      ],
      showscale: false,
    },
  ],
  layout: { scene: { xaxis: { title: { text: "w₁" } } } },
};

const film: Figure = {
  data: [{ type: "scatter", mode: "lines", x: [0, 1], y: [0, 2] }],
  layout: { yaxis: { range: [0, 3] } },
  frames: [1, 2].map((slope) => ({ name: String(slope), data: [{ y: [0, slope] }] })),
  slider: { label: "slope", play: 100 },
};

export const cells: Cell[] = [
  {
    kind: "markdown",
    id: "title",
    source:
      "# 5 · Following the slope\n\n*About 20 minutes. Builds on notebook 4.*\n\nA weighted vote. At the end you will have\n\n- followed it;",
  },
  {
    kind: "code",
    id: "setup",
    source: 'import { setup } from "glassbox/notebook";\nsetup();',
    outputs: recordOutputs(setup),
  },
  {
    kind: "markdown",
    id: "formulas",
    source: [
      "## The chain rule\n\nWith $\\sigma(z)$ and $a < b$,",
      "$$\\frac{\\partial L}{\\partial W} = \\mathbb{E}[x], \\qquad \\mathbf{W} \\in \\mathbb{R}^{n \\times m}$$",
      "| activation | range |\n|---|---|\n| sigmoid | $(0, 1)$ |",
      "### A step of $\\eta$\n\nSee [the next one](06-next.ipynb#Start).",
      "> **What the source says, what we measured**\n>\n> It bounces.",
    ].join("\n\n"),
  },
  {
    kind: "code",
    id: "trace",
    source: `// The trace\nconst x: number = 3;\nconst long = "${"wide ".repeat(40)}";`,
    outputs: [{ mimeType: "stream", content: `layer 1   Z1 = W1·X   0.2100\n${"0.123456 ".repeat(30)}\n` }],
  },
  {
    kind: "code",
    id: "plot",
    source: "figure(falling);",
    outputs: recordOutputs(() =>
      figure(falling, { alt: `Two curves fall. ${EVIL}`, caption: `Lower is better. ${EVIL}` }),
    ),
  },
  {
    kind: "code",
    id: "bowl",
    source: "figure(bowl);",
    outputs: recordOutputs(() => figure(bowl, { alt: "A bowl." })),
  },
  {
    kind: "code",
    id: "film",
    source: "figure(film);",
    outputs: recordOutputs(() => figure(film, { alt: "A line." })),
  },
  {
    kind: "code",
    id: "compared",
    source: "comparisonTable(report);",
    outputs: recordOutputs(() =>
      comparisonTable({
        against: "TensorFlow.js",
        rows: [
          {
            name: "dW1",
            shape: "2 × 2",
            maxAbsolute: 3e-9,
            maxRelative: 2e-8,
            tolerance: 1e-6,
            cause: "float32",
            agrees: true,
          },
          {
            name: "dW2",
            shape: "2 × 2",
            maxAbsolute: 3e-2,
            maxRelative: 2e-1,
            tolerance: 1e-6,
            cause: "float32",
            agrees: false,
          },
        ],
      }),
    ),
  },
  {
    kind: "code",
    id: "spoken",
    source: "markdown(text);",
    outputs: recordOutputs(() => markdown("The rate is $0.1$.")),
  },
  { kind: "code", id: "hidden-code", source: "const hidden = 1;", tags: ["hide-input"] },
  {
    kind: "code",
    id: "hidden-cell",
    source: "// Some preparation\nconst prepared = 1;",
    tags: ["hide-cell"],
  },
  { kind: "code", id: "solution", source: "const answer = 42;", tags: ["solution"] },
  { kind: "markdown", id: "end", source: "## What to keep\n\n- The slope points uphill." },
];

/** The notebook as nbclient leaves it: no execution counts. */
export function writeNotebook(path: string, content: readonly Cell[] = cells): void {
  const notebook = {
    cells: content.map(({ kind, id, source, tags = [], collapsed, outputs = [] }) => ({
      cell_type: kind,
      id,
      metadata: {
        ...(tags.length > 0 && { tags }),
        ...(collapsed && { "jp-MarkdownHeadingCollapsed": true }),
      },
      source,
      ...(kind === "code" && { execution_count: null, outputs: outputs.map(asOutput) }),
    })),
    metadata: { language_info: { name: "typescript" } },
    nbformat: 4,
    nbformat_minor: 5,
  };
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, JSON.stringify(notebook));
}

function asOutput({ mimeType, content }: RecordedOutput) {
  if (mimeType === "stream") return { output_type: "stream", name: "stdout", text: content };
  return { output_type: "display_data", data: { [mimeType]: content }, metadata: {} };
}

/** What a page needs from the build, where nothing has been built yet. */
export async function ensureAssets(): Promise<void> {
  if (!existsSync(join(dist, "notebook/assets/figures.js"))) await buildAssets();
}

export function runExporter(executed: string, out: string, ...more: string[]) {
  return spawnSync(venvPython, [exporter, "--executed", executed, "--out", out, ...more], {
    encoding: "utf8",
  });
}

/** nbconvert as everybody has it, without our template. */
export function runStockExporter(notebook: string, out: string) {
  const args = ["-m", "nbconvert", "--to", "html", "--output-dir", out, notebook];
  return spawnSync(venvPython, args, { encoding: "utf8" });
}
