/**
 * Typesets formulas for the exporter: one JSON object a line in, one out, until stdin ends.
 *   {"tex": "x^2", "display": false}  →  {"html": "<span class=\"katex\">…"} or {"error": "…"}
 * The HTML carries MathML beside it, which screen readers read and which copies as TeX.
 */
import { createInterface } from "node:readline";
import katex from "katex";

for await (const line of createInterface({ input: process.stdin })) {
  const { tex, display } = JSON.parse(line);
  let answer;
  try {
    answer = {
      html: katex.renderToString(tex, { displayMode: display, output: "htmlAndMathml", strict: "error" }),
    };
  } catch (error) {
    answer = { error: String(/** @type {Partial<Error>} */ (error).message ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
