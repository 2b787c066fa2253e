/** What the build puts beside the compiled library for the page to use: plotly, the script that draws, the styles. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

const cache = new Map<string, string>();

export function asset(name: "plotly.js.gz.b64" | "figures.js" | "outputs.css"): string {
  const known = cache.get(name);
  if (known !== undefined) return known;
  let content: string;
  try {
    content = readFileSync(join(__dirname, "assets", name), "utf8");
  } catch {
    throw new Error(`glassbox/notebook: dist/notebook/assets/${name} is missing. Run "npm run build" once.`);
  }
  cache.set(name, content);
  return content;
}
