import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

/** These take minutes. They begin first, so that none is left to run alone at the end. */
const heaviest = [
  "notebooks.again",
  "lab",
  "live/course",
  "site/course",
  "live/firefox",
  "tools/kernel",
  "tools/repair",
  "tools/package",
].map((name) => `/tests/${name}.test.ts`);

class HeaviestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => heaviest.findIndex((end) => moduleId.endsWith(end));
    const rank = (file: TestSpecification) => (place(file) < 0 ? heaviest.length : place(file));
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  resolve: {
    // Tests see the sources, not the build: a stack trace then points at the line that is wrong.
    alias: [
      { find: /^glassbox\/reference$/, replacement: source("reference/index.ts") },
      { find: /^glassbox\/notebook$/, replacement: source("notebook/index.ts") },
      { find: /^glassbox$/, replacement: source("index.ts") },
    ],
  },
  test: {
    include: ["tests/**/*.test.ts"],
    sequence: { sequencer: HeaviestFirst },
    setupFiles: ["tests/support/same-cases.ts"],
    // Processes, because the native TensorFlow library does not live in worker threads. Two, because a notebook
    // under test starts a kernel of its own.
    pool: "forks",
    maxWorkers: 2,
    // A test that asserts nothing passes whatever happens.
    expect: { requireAssertions: true },
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});
