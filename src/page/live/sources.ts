/** In the place of `src/notebook/source-index.ts`: the index as the build found it. */
import type { SourceEntry } from "../../notebook/source-index";

/** Filled in by the build. */
declare const SOURCE_INDEX: readonly SourceEntry[];

export type { SourceEntry } from "../../notebook/source-index";

export function sourceOf(name: string): SourceEntry {
  const found = SOURCE_INDEX.find((entry) => entry.name === name);
  if (found === undefined) throw new Error(`sourceOf: the library exports nothing called "${name}".`);
  return found;
}

export function librarySources(): SourceEntry[] {
  return SOURCE_INDEX.filter(({ name }) => !name.includes("."));
}
