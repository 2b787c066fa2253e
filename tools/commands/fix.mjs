// npm run fix: format the sources and the code cells, clear the notebooks of what a run left in them, and list the licences
// of what the pages carry.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fixNotebooks, fixSourceStyle } from "../lib/check/style.mjs";
import { licencesDocument } from "../lib/licences.mjs";
import { root } from "../lib/paths.mjs";
import { setup } from "../lib/setup.mjs";

export default async function main() {
  await setup();
  console.log(fixSourceStyle());
  writeFileSync(join(root, "docs/licences.md"), licencesDocument());
  const changed = fixNotebooks();
  console.log(
    changed.length > 0 ? `Changed notebooks: ${changed.join(", ")}` : "The notebooks needed nothing.",
  );
}
