// npm run setup:tfjs-node: make the reference native now, whatever came of it before. npm start and npm run lab do it by
// themselves, once.
import { makeReferenceNative } from "../lib/reference.mjs";
import { setup } from "../lib/setup.mjs";

export default async function main() {
  await setup();
  await makeReferenceNative({ again: true });
  console.log("tfjs-node works: a matrix product and a gradient, computed natively, are right.");
}
