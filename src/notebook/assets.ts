/** What the build puts beside the compiled library for the page to use: plotly, the script that draws, the styles. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Beside this file once compiled; in dist/ when the sources themselves run, as in tests. */
const FOLDERS = [join(__dirname, "assets"), join(__dirname, "../../dist/notebook/assets")];

const cache = new Map<string, string>();

type AssetName =
  | "plotly.js.gz.b64"
  | "figures.js"
  | "outputs.css"
  | "playground.js"
  | "playground.css"
  | "weights-by-hand.js"
  | "writer.js"
  | "writer.css";

export function asset(name: AssetName): string {
  const known = cache.get(name);
  if (known !== undefined) return known;
  for (const folder of FOLDERS) {
    try {
      const content = readFileSync(join(folder, name), "utf8");
      cache.set(name, content);
      return content;
    } catch {
      // Not there: the next folder, or the message below.
    }
  }
  throw new Error(`glassbox/notebook: dist/notebook/assets/${name} is missing. Run "npm run build" once.`);
}
