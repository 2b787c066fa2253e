/** An exercise whose answer is a thing that is built, such as weights, and judged by what it does: `construction`. */

import { fitting, messageOf } from "./answers";
import { type Checker, checker, type Hints } from "./checker";
import { partsOf } from "./compare";
import { describe } from "./describe";
import { examineFunction } from "./examine";
import type { Slip } from "./slip";
import { NotWrittenError } from "./todo";
import type { Finding } from "./verdict";
import { Verdict } from "./verdict";

export interface Construction<Built, Point extends readonly number[]> {
  /** The name of the function that builds it, as in the stub. */
  readonly name: string;
  /** Any built thing of the right kind: it shows which parts there are, and their shapes. */
  readonly like: Built;
  /** Where it is tried, the simplest points first. */
  readonly points: readonly Point[];
  /** The names of a point's coordinates. */
  readonly coordinates: readonly string[];
  /** What the built thing does at a point. */
  readonly does: (built: Built, ...point: Point) => number;
  /** What it should do there. */
  readonly reference: (...point: Point) => number;
  /** What these values mean, where that is not plain. */
  readonly answers?: string;
  /** Foreseeable things it may do instead. */
  readonly slips: readonly Slip<Point>[];
  readonly hints: Hints;
  readonly praise?: string;
}

/** Makes the checker of an exercise whose answer is built. Every answer that does the right thing is right. */
export function construction<Built, Point extends readonly number[]>(
  asked: Construction<Built, Point>,
): Checker<() => Built> {
  const slips = asked.slips.map(({ name }) => ({ name }));
  return checker<() => Built>(asked.name, asked.hints, slips, (build) => {
    try {
      return judge(asked, build);
    } catch (error) {
      if (error instanceof Verdict) return error.finding;
      throw error;
    }
  });
}

function judge<Built, Point extends readonly number[]>(
  asked: Construction<Built, Point>,
  build: () => Built,
): Finding {
  const built = attempt(asked.name, build);
  const parts = fitting(asked.name, built, partsOf(asked.like) ?? new Map());
  const wanted = partsOf(asked.like) ?? new Map();
  for (const [key, { matrix, kind }] of parts) {
    const like = wanted.get(key)?.matrix;
    if (like && like.shape !== matrix.shape) {
      const [is, should] =
        kind === "list" ? [`has ${matrix.size} numbers`, `${like.size}`] : [`is ${matrix.shape}`, like.shape];
      return {
        kind: "shape",
        message: `\`${key}\` ${is} and should ${kind === "list" ? "have" : "be"} ${should}.`,
      };
    }
    const odd = matrix.data.find((entry) => !Number.isFinite(entry));
    if (odd !== undefined) {
      return { kind: "not a number", message: `\`${key}\` contains ${Number.isNaN(odd) ? "NaN" : "∞"}.` };
    }
  }
  return examineFunction(
    {
      name: asked.name,
      given: asked.coordinates,
      cases: asked.points.map((point) => ({ inputs: point })),
      extremes: [],
      reference: asked.reference,
      slips: asked.slips,
      allowance: { relative: 1e-9, absolute: 1e-9 },
      ...(asked.answers && { answers: asked.answers }),
      ...(asked.praise && { praise: asked.praise }),
    },
    (...point) => asked.does(built, ...point),
  );
}

function attempt<Built>(name: string, build: () => Built): Built {
  if (typeof build !== "function") {
    throw new Verdict({
      kind: "type",
      message: `Expected the function \`${name}\`, got ${describe(build)}.`,
    });
  }
  let built: Built;
  try {
    built = build();
  } catch (error) {
    if (error instanceof NotWrittenError) {
      throw new Verdict({
        kind: "not written",
        message:
          "Your turn: no weights are chosen yet. Put yours in the place of `todo`, and run this cell again.",
      });
    }
    throw new Verdict({ kind: "throws", message: `\`${name}\` stopped with an error:\n${messageOf(error)}` });
  }
  if (built === undefined) {
    throw new Verdict({
      kind: "returns nothing",
      message: `\`${name}\` returns nothing (\`undefined\`). Is a \`return\` missing?`,
    });
  }
  return built;
}
