// npm run build: compile src/ to dist/, whatever the stamp says.
import { buildLibrary } from "../lib/setup.mjs";

export default async function main() {
  await buildLibrary(true);
}
