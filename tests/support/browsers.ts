// Tests that need a real browser: where there is none they are skipped, and say so; where one is owed (CI, or
// GLASSBOX_REQUIRE_CHROMIUM=1, GLASSBOX_REQUIRE_FIREFOX=1) they fail.
import { describe, test } from "vitest";
import { programsOf } from "../../tools/lib/browsers.mjs";

type Kind = Parameters<typeof programsOf>[0];

/** The browser's path. Throws when there is none. */
export function pathOf(kind: Kind): string {
  const [path] = programsOf(kind);
  if (path === undefined) throw new Error(`No ${kind.name} was found. Install one, or set ${kind.variable}.`);
  return path;
}

/** `describe` for tests that need a browser of this kind. */
export function describeIn(kind: Kind, title: string, body: () => void): void {
  const { name, variable } = kind;
  if (programsOf(kind).length > 0) {
    describe(title, body);
  } else if (process.env.CI || process.env[`GLASSBOX_REQUIRE_${name.toUpperCase()}`]) {
    describe(title, () => {
      test(`needs ${name}`, () => {
        throw new Error(`No ${name} was found, and here one is required. Install it, or set ${variable}.`);
      });
    });
  } else {
    console.warn(`Skipped, because no ${name} was found (${variable} names one): ${title}`);
    describe.skip(`${title} (no ${name})`, body);
  }
}
