// npm run setup: everything the other commands do first, and nothing else.
import { setup } from "../lib/setup.mjs";

export default async function main() {
  await setup();
  console.log("Everything is set up.");
}
