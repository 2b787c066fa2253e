import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { compileSimd } from "../../tools/lib/simd.mjs";

it("the embedded bytes of the SIMD kernels are what their AssemblyScript sources compile to", async () => {
  const file = new URL("../../src/numbers/kernels/simd/bytes.ts", import.meta.url);
  const committed = readFileSync(file, "utf8");
  expect(committed === (await compileSimd()), "npm run build makes bytes.ts anew").toBe(true);
}, 60_000);
