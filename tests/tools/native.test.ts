// The native reference: where it is owed (CI, or GLASSBOX_REQUIRE_NATIVE=1), it computes.
import { expect, test } from "vitest";
import { whyNotNative } from "../../tools/lib/setup.mjs";

const owed = Boolean(process.env.CI || process.env.GLASSBOX_REQUIRE_NATIVE);

test.skipIf(!owed)("tfjs-node computes a matrix product and a gradient natively", () => {
  expect(whyNotNative("--compute")).toBeUndefined();
});
