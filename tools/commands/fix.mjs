// npm run fix: format the sources and the code cells, and clear the notebooks of what a run left in them.
import { fixNotebooks, fixSourceStyle } from "../lib/check/style.mjs";
import { setup } from "../lib/setup.mjs";

export default async function main() {
  await setup();
  console.log(fixSourceStyle());
  const changed = fixNotebooks();
  console.log(
    changed.length > 0 ? `Changed notebooks: ${changed.join(", ")}` : "The notebooks needed nothing.",
  );
}
