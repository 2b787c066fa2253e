/**
 * What the exporter, which is Python, asks of Node: one JSON object a line in, one out, until stdin ends.
 *   {"tex": "x^2", "display": false, "scope": "05"}  →  {"html": "<span class=\"katex\">…"} or {"error": "…"}
 * The HTML carries MathML beside it, which screen readers read and which copies as TeX. `scope` names the notebook:
 * a macro that it defines holds in its later formulas. The other questions are in own-outputs.mjs.
 */
import { createInterface } from "node:readline";
import katex from "katex";

// A letter KaTeX has no measures for is drawn all the same; its warning would be one more line nobody can act on.
console.warn = () => {};

/** @type {Map<string, Record<string, string>>} */
const macros = new Map();

/** @param {{ tex: string, display: boolean, scope: string }} formula */
function typeset({ tex, display, scope }) {
  const known = macros.get(scope) ?? {};
  macros.set(scope, known);
  const options = {
    displayMode: display,
    output: /** @type {const} */ ("htmlAndMathml"),
    strict: false,
    macros: known,
    globalGroup: true,
  };
  try {
    return katex.renderToString(tex, options);
  } catch (error) {
    // A cell that defines its macro again, as MathJax allows.
    if (!/attempting to redefine/.test(String(error))) throw error;
    return katex.renderToString(tex.replace(/\\newcommand\b/g, "\\renewcommand"), options);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  let answer;
  try {
    if ("tex" in question) answer = { html: typeset(question) };
    else answer = (await import("./own-outputs.mjs")).answerOfLibrary(question);
  } catch (error) {
    answer = { error: String(/** @type {Partial<Error>} */ (error).message ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
