// Which notebooks the slow tests run: the whole course where it is asked for (npm run test:all, and so CI), else a sample.
// What every notebook must do is seen in every run of the tests, on the one execution that they share (executed.ts).
import { allNotebooks } from "../../tools/lib/notebooks.mjs";

export const runsAll = Boolean(process.env.GLASSBOX_TEST_ALL);

/** One with figures, sliders and exercises, and one that trains and compares with TensorFlow.js. */
const sample = /^0[15]-/;

export const sampled = (): string[] => allNotebooks().filter((name) => sample.test(name));

/** For tests that look at each notebook once more, in another way. */
export const someNotebooks = (): string[] => (runsAll ? allNotebooks() : sampled());

/** The one of them that trains, for tests that execute a notebook once more: a kernel of its own takes its time. */
export const trained = (): string[] => sampled().filter((name) => name.startsWith("05-"));
