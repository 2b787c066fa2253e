/**
 * What the exporter asks of the library itself. One line of JSON in, one out, as in katex-helper.mjs.
 *   {"scripts": true}    →  {"hashes": […]}  SHA-256 of every script that outputs of this library carry
 *   {"carrier": true}    →  {"html": "…"}    the output that brings the drawing code into a page
 *   {"plotly": {…}}      →  {"html": "…"}    a figure of a stranger, drawn with our code; or {"error": "…"}
 *   {"text": "moby-dick"} →  {"text": "…"}   a text that the cells of a page learn from
 */
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { TRACES } from "./plotly.mjs";

const require = createRequire(import.meta.url);

/** The library, loaded when it is first needed: most pages ask for nothing but formulas. */
function library() {
  return require("../../dist/notebook/index.js");
}

const empty = { data: [], layout: {} };

function carrier() {
  const { recordOutputs, setup } = library();
  return recordOutputs(setup)
    .map((/** @type {{ content: string }} */ { content }) => content)
    .join("\n");
}

function hashes() {
  const { figureHtml, playgroundHtml, weightsByHandHtml, writerHtml } = library();
  const { Characters, gpt, Random } = require("../../dist/index.js");
  const nine = weightsByHandHtml({ input: [0, 0], label: 0, weights: new Array(9).fill(0) });
  const tiny = gpt({ vocabulary: 2, width: 2, blocks: 1, context: 2, random: new Random(1) });
  const written = writerHtml(tiny, Characters.of("ab"), { text: "abba", source: "", prompt: "a" });
  const outputs = [carrier(), figureHtml(empty, { alt: "" }), playgroundHtml(), nine, written].join("\n");
  return [...outputs.matchAll(/<script>(.*?)<\/script>/gs)].map(([, code]) =>
    createHash("sha256").update(code).digest("base64"),
  );
}

/** @param {{ data?: { type?: string }[], layout?: any, frames?: unknown[] }} given */
function foreignFigure({ data = [], layout = {} }) {
  const kinds = data.map(({ type = "scatter" }) => (type === "scattergl" ? "scatter" : type));
  const unknown = kinds.filter((kind) => kind !== "scatter" && !TRACES.has(kind));
  if (unknown.length > 0)
    throw new Error(`pages draw no plot of the kind ${[...new Set(unknown)].join(", ")}`);
  const { template: _styles, ...own } = layout;
  const title = typeof own.title === "string" ? { text: own.title } : own.title;
  const alt = title?.text ? `A figure: ${title.text}` : "A figure without a description.";
  const traces = data.map((trace, index) => ({ ...trace, type: kinds[index] }));
  return library().figureHtml({ data: traces, layout: title ? { ...own, title } : own }, { alt });
}

/** @param {any} question */
export function answerOfLibrary(question) {
  if (question.scripts) return { hashes: hashes() };
  if (question.text) return { text: require("../../dist/notebook/texts.js").textOf(question.text) };
  if (question.carrier) return { html: carrier() };
  return { html: foreignFigure(question.plotly) };
}
