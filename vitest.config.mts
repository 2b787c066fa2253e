import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

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
