/*
 * Bad input, by the thousand: one or two arguments of a right call are replaced by something wrong, deep inside options
 * and matrices too. Whatever happens, it must be one of two things: an error of ours, with everything as it was; or a
 * result without a single NaN in it.
 */
import fc from "fast-check";
import * as glassbox from "glassbox";
import { GlassboxError, type Layer, Matrix, type Optimizer, type Parameter, Random } from "glassbox";
import { describe, expect, test } from "vitest";
import { type Anything, type Call, catalog, covered } from "./catalog";

/** What somebody might pass by mistake, made afresh each time. */
const junk: readonly (() => Anything)[] = [
  () => undefined,
  () => null,
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => Number.NEGATIVE_INFINITY,
  () => -1,
  () => 0,
  () => -0,
  () => 1,
  () => 1.5,
  () => 7,
  () => 1e300,
  () => 1e-320,
  () => 2 ** 53,
  () => 1e13,
  () => "3",
  () => "",
  () => "hidden",
  () => true,
  () => false,
  () => 3n,
  () => Symbol("s"),
  () => [],
  () => [1, 2],
  () => [undefined],
  () => [Number.NaN, 1],
  () => [[1, 2], [3]],
  () => new Array(3),
  () => ({}),
  () => Object.create(null),
  () => new Date(0),
  () => () => undefined,
  () => () => Number.NaN,
  () => () => [Number.NaN, new Matrix(1, 1)],
  () => () => [1, new Matrix(9, 9)],
  () => new Float64Array(2),
  () => new Float32Array([1, Number.NaN]),
  () => new Matrix(0, 0),
  () => new Matrix(0, 3),
  () => new Matrix(2, 0),
  () => new Matrix(1, 1),
  () => new Matrix(5, 7),
  () => new Matrix(3, 2).fill(1),
  () => Matrix.filled(2, 6, Number.NaN),
  () => Matrix.filled(1, 6, 2),
  () => Matrix.filled(2, 3, 1e200),
  () => ({ rows: 2, columns: 3, data: new Float64Array(6) }),
  () => new Random(1),
  () => glassbox.relu,
  () => glassbox.leakyRelu,
  () => new glassbox.Activation(glassbox.relu),
  () => ({ name: "imposter", parameters: [], forward: () => undefined }),
  () => ({ name: "imposter", parameters: [], forward: () => [undefined, undefined] }),
  () => ({ learningRate: 1, step: 3 }),
];

/** Numbers that are right, only too many of them to wait for: no mistake in these places. */
/** So many that more than 12,000 of them are malformed. */
const RUNS = 17_000;

const PATIENCE = /^(epochs|steps|patience|every|tokens|blocks)$/;

/** A place in the arguments: a path of keys. */
type Path = readonly (string | number)[];

/** Every place that can be spoiled: arguments, keys of plain options, items of short lists, entries of matrices. */
function places(value: Anything, path: Path = []): Path[] {
  const here = path.length === 0 ? [] : [path];
  if (path.length > 6) return here;
  if (value instanceof Matrix) {
    return value.size > 0 ? [...here, [...path, "data", value.size - 1]] : here;
  }
  if (Array.isArray(value)) {
    return [...here, ...value.slice(0, 4).flatMap((item, i) => places(item, [...path, i]))];
  }
  if (isPlain(value)) {
    return [...here, ...Object.keys(value).flatMap((key) => places(value[key], [...path, key]))];
  }
  if (isLayer(value))
    return [...here, ...value.parameters.slice(0, 3).map((_, i) => [...path, "parameters", i])];
  return here;
}

function placesOf({ args, method = false }: Call): Path[] {
  return places(args).filter((path) => !(method && path.length === 1 && path[0] === 0));
}

function isPlain(value: Anything): boolean {
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return false;
  return !("apply" in value || "penalty" in value); // activations and regularizers are shared values, not options
}

function isLayer(value: Anything): value is Layer {
  return typeof value?.forward === "function" && Array.isArray(value.parameters);
}

/** Puts `wrong` at a place. Inside a matrix, or a layer's parameter, it becomes a NaN or an infinity there. */
function spoil(args: Anything[], path: Path, wrong: Anything): boolean {
  let at: Anything = args;
  for (const key of path.slice(0, -1)) {
    at = at?.[key];
    if (at === null || at === undefined || typeof at !== "object" || "apply" in at) return false;
  }
  const key = path[path.length - 1];
  const bad = typeof wrong === "number" && !Number.isFinite(wrong) ? wrong : Number.NaN;
  if (path[path.length - 2] === "parameters" && isLayer(args[0])) {
    if (at[key] === undefined) return false;
    const { value } = at[key] as Parameter;
    if (!(value instanceof Matrix) || typeof wrong !== "number") return false;
    value.data[0] = bad;
    return true;
  }
  if (at instanceof Float64Array) {
    if (typeof wrong !== "number") return false;
    at[key as number] = wrong;
    return true;
  }
  if (PATIENCE.test(String(key)) && typeof wrong === "number" && wrong > 100) return false;
  if (Object.is(at[key], wrong)) return false;
  try {
    at[key] = wrong;
  } catch {
    return false; // a name that cannot be written
  }
  return true;
}

/** NaN anywhere in a result: in numbers, matrices, lists, objects; not in text, and not in what was passed in. */
function holdsNaN(value: unknown, depth = 0): boolean {
  if (typeof value === "number") return Number.isNaN(value);
  if (typeof value !== "object" || value === null || depth > 6) return false;
  if (value instanceof Matrix) return value.data.some(Number.isNaN);
  if (ArrayBuffer.isView(value)) return value instanceof Float64Array && value.some(Number.isNaN);
  if (value instanceof Random || value instanceof Date) return false;
  if (value instanceof Map) return [...value.values()].some((item) => holdsNaN(item, depth + 1));
  return Object.values(value).some((item) => holdsNaN(item, depth + 1));
}

/** What a failed call must not have moved, as plain numbers. */
function portrait({ guard = [], remembered = [] }: Call): string {
  const parts: unknown[] = [];
  const bits = (matrix: Matrix): void => {
    parts.push(Array.from(matrix.data, (x) => (Object.is(x, -0) ? "-0" : String(x))));
  };
  for (const one of guard) {
    if (one instanceof Matrix) bits(one);
    else if (one instanceof Random) parts.push(stand(one));
    else if (isLayer(one)) {
      for (const { value } of one.parameters) bits(value);
      for (const { value } of one.statistics ?? []) bits(value);
      for (const generator of one.generators ?? []) parts.push(stand(generator));
    } else {
      const optimizer = one as Optimizer & { stateOf?(parameter: Parameter): Record<string, Matrix> };
      for (const parameter of remembered) {
        if (!(parameter?.value instanceof Matrix)) continue;
        Object.values(optimizer.stateOf?.(parameter) ?? {}).forEach(bits);
      }
    }
  }
  return JSON.stringify(parts);
}

/** Where a generator stands: the next numbers of a copy. */
function stand(random: Random): number[] {
  const copy = random.clone();
  return [copy.randn(), copy.rand(), copy.rand()];
}

interface Attempt {
  readonly entry: number;
  readonly changes: readonly { readonly place: number; readonly wrong: number }[];
}

/** One line for each kind of failure: where it was, or what was called. */
class Failures {
  private readonly kinds = new Map<string, string>();

  add(outcome: string): void {
    const [called] = outcome.split(" with ");
    const result = / which blames \w+/.exec(outcome)?.[0] ?? outcome.slice(outcome.lastIndexOf(": "));
    this.kinds.set(/ at \/src/.test(result) ? result : called + result, outcome);
  }

  get text(): string {
    return [...this.kinds.values()].join("\n");
  }
}

/** Makes one malformed call. @returns what is wrong with its outcome, or undefined; null when nothing was malformed */
function attempt({ entry, changes }: Attempt): string | undefined | null {
  const [name, make] = catalog[entry % catalog.length];
  const call = make();
  const all = placesOf(call);
  const story: string[] = [];
  for (const { place, wrong } of changes) {
    if (all.length === 0) break;
    const path = all[place % all.length];
    const value = junk[wrong % junk.length]();
    if (spoil(call.args, path, value)) story.push(`${path.join(".")} = ${show(value)}`);
  }
  if (story.length === 0) return null;
  const what = `${name} with ${story.join(", ")}`;
  const before = portrait(call);
  try {
    const result = call.run(...call.args);
    if (call.carriesNaN || !holdsNaN(result)) return undefined;
    return `${what}: NaN in the result`;
  } catch (error) {
    if (!(error instanceof GlassboxError)) {
      const where = /\/src\/[^)\s]+/.exec(String((error as Error)?.stack))?.[0] ?? "?";
      return `${what}: ${String(error)} at ${where}`;
    }
    if (error.message.includes("undefined is not")) return `${what}: ${error.message}`;
    if (!namesWhoWasCalled(error.message, name, call.args))
      return `${what}, which blames ${error.message.replace(/: /, " for: ")}`;
    if (!call.passed && portrait(call) !== before)
      return `${what}: failed (${error.message}), and something has changed`;
    return undefined;
  }
}

/**
 * An error begins with the function that was called, or with a thing of the reader's that complains itself: a layer by
 * its name, a loss, a metric or an optimizer that was handed in, or a matrix that is too large.
 */
function namesWhoWasCalled(message: string, called: string, args: readonly Anything[]): boolean {
  const [owner] = /^[A-Za-z]\w*/.exec(message) ?? [""];
  if (/^(Layer|[A-Z]\w*) "/.test(message) || /^Matrix: .* do not fit in memory/.test(message)) return true;
  const [, kind, method] = /^(?:new )?(\w+)(?:\.(\w+))?/.exec(called) ?? [];
  return owner === kind || owner === method || handedIn(args).has(owner);
}

/** The names of functions among the arguments, and of the classes of things. */
function handedIn(value: Anything, depth = 0): Set<string> {
  if (typeof value === "function") return new Set([value.name]);
  if (typeof value !== "object" || value === null || depth > 3 || ArrayBuffer.isView(value)) return new Set();
  const own = depth > 0 ? [value.constructor?.name, value.name] : [];
  const inside = Object.values(value).flatMap((item) => [...handedIn(item, depth + 1)]);
  return new Set([...own, ...inside].filter((name) => typeof name === "string" && name !== "Object"));
}

function show(value: unknown): string {
  try {
    if (typeof value === "symbol") return value.toString();
    if (typeof value === "function") return `function ${value.toString().slice(0, 40)}`;
    if (value instanceof Matrix) return `Matrix ${value.shape} of ${value.data[0]}`;
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  } catch {
    return "?";
  }
}

describe("malformed calls", () => {
  test("every export of the library is called", () => {
    const called = catalog.map(([name]) => name).join("\n");
    const missing = Object.keys(glassbox).filter(
      (name) => !(name in covered) && !new RegExp(`(^|new )${name}\\b`, "m").test(called),
    );
    expect(missing).toEqual([]);
  });

  test("right calls are right", () => {
    for (const [name, make] of catalog) {
      const call = make();
      expect(() => call.run(...call.args), name).not.toThrow();
      const again = make();
      expect(holdsNaN(again.run(...again.args)), name).toBe(false);
    }
  });

  test("12,000 of them: an error of ours and nothing changed, or a result without NaN", () => {
    let malformed = 0;
    const failures = new Failures();
    const attempts = fc.record({
      entry: fc.nat(catalog.length - 1),
      changes: fc.array(fc.record({ place: fc.nat(9999), wrong: fc.nat(junk.length - 1) }), {
        minLength: 1,
        maxLength: 2,
      }),
    });
    fc.assert(
      fc.property(attempts, (one) => {
        const outcome = attempt(one);
        if (outcome === null) return;
        malformed += 1;
        if (outcome !== undefined) failures.add(outcome);
      }),
      { seed: 7, numRuns: RUNS },
    );
    expect(failures.text).toBe("");
    expect(malformed).toBeGreaterThanOrEqual(12_000);
  }, 120_000);

  test("every single slip: each place of each call with each wrong value", () => {
    let malformed = 0;
    const failures = new Failures();
    catalog.forEach(([, make], entry) => {
      const count = placesOf(make()).length;
      for (let place = 0; place < count; place++) {
        for (let wrong = 0; wrong < junk.length; wrong++) {
          const outcome = attempt({ entry, changes: [{ place, wrong }] });
          if (outcome === null) continue;
          malformed += 1;
          if (outcome !== undefined) failures.add(outcome);
        }
      }
    });
    expect(failures.text).toBe("");
    expect(malformed).toBeGreaterThanOrEqual(10_000);
  }, 240_000);
});
