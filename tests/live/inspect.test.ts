// What a cell prints in a page is what Node prints in a kernel.
import { format, inspect as inspectOfNode } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Matrix } from "../../src/index";
import { formatted, inspect } from "../../src/page/live/inspect";

class Empty {}
class Walk {
  steps = [1, 2, 3];
  get length() {
    return 3;
  }
}
class Far extends Walk {
  where = { x: 1, y: { z: { deep: { deeper: 1 } } } };
}
const loop: Record<string, unknown> = { name: "loop" };
loop.self = loop;
loop.list = [loop, { again: loop }];

const values: [name: string, value: unknown][] = [
  ["text", "it's"],
  ["both quotes", ['it\'s "so"', 'it\'s "so" `really`', "tab\t, bell\u0007, é, ∞"]],
  ["numbers", [0, -0, 1.5, Number.NaN, Infinity, 1e21, 12n]],
  ["nothing", [undefined, null, {}, [], new Map(), new Set(), new Empty()]],
  [
    "a matrix",
    Matrix.from([
      [1, 2],
      [3, 4],
    ]),
  ],
  ["a large matrix", new Matrix(30, 30)],
  ["typed arrays", [new Float64Array([0.1, 0.25]), new Int32Array(0), new Uint8Array(200)]],
  ["a long list", Array.from({ length: 250 }, (_, i) => i * i)],
  ["a list of words", "the quick brown fox jumps over the lazy dog and then some more".split(" ")],
  ["long words", Array.from({ length: 9 }, (_, i) => "word".repeat(i + 1))],
  ["101 entries", Array.from({ length: 101 }, () => 7)],
  ["holes", Object.assign(new Array(5), { 0: 1, 3: 4 })],
  ["a list with a name", Object.assign([1, 2], { note: "kept", 7: 1 })],
  [
    "a history",
    { epochs: Array.from({ length: 120 }, (_, i) => ({ epoch: i + 1, loss: 1 / (i + 1), metrics: {} })) },
  ],
  ["nested", { a: { b: { c: { d: 1 } } }, list: [[[[1]]]], far: new Far() }],
  ["classes", [Walk, Far, class {}, () => 1, function named() {}, async () => {}, Math.max]],
  ["functions with properties", Object.assign(() => 1, { apply2: 2 })],
  [
    "maps",
    new Map<unknown, unknown>([
      ["a", { b: 1 }],
      [{ c: 1 }, new Map([[1, new Set([1, 2])]])],
    ]),
  ],
  ["sets", new Set(Array.from({ length: 130 }, (_, i) => `entry ${i}`))],
  ["dates and patterns", [new Date(0), new Date(Number.NaN), /a+b/gi]],
  ["boxed", [Object(1), Object("text"), Object(true)]],
  [
    "getters",
    {
      get one() {
        return 1;
      },
      set two(_: number) {},
      get three() {
        return 3;
      },
      set three(_: number) {},
    },
  ],
  ["odd keys", { "with space": 1, "1st": 2, π: 3, [Symbol("s")]: 4, 5: 6 }],
  ["no prototype", Object.assign(Object.create(null), { a: 1 })],
  ["a circle", loop],
  ["long lines", { text: `first line\n${"second line ".repeat(12)}\nthird`, short: "a\nb" }],
  ["very long text", ["x".repeat(10_020)]],
];

test.each(values)("%s", (_, value) => {
  expect(inspect(value)).toBe(inspectOfNode(value));
  expect(formatted([value])).toBe(format(value));
});

test("errors are told without the paths of the machine", () => {
  expect(inspect(new RangeError("too far"))).toBe("RangeError: too far");
});

test("%s, %d and the like are filled in", () => {
  for (const parts of [
    ["%s has %d of %i, %f %%", "one", 2.5, 3.7, "4.25", "and more", { a: 1 }],
    ["%j and %O", { a: [1] }, { a: { b: { c: {} } } }],
    ["100 %", 5],
    ["%s", { a: { b: 1 } }],
    ["no %d left"],
    [1, "%d", 2],
  ])
    expect(formatted(parts)).toBe(format(...parts));
});

test("any value out of lists, objects, numbers and texts", () => {
  const value = fc.anything({
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withSparseArray: true,
    maxDepth: 4,
  });
  fc.assert(
    fc.property(value, (it) => {
      expect(inspect(it)).toBe(inspectOfNode(it));
    }),
    { numRuns: 500 },
  );
});
