/** An exercise whose answer is one number, worked out or predicted: `numberExercise`. */

import { notWritten } from "./answers";
import { type Checker, checker, type Hints } from "./checker";
import { describe } from "./describe";
import type { Finding } from "./verdict";

export interface NumberExercise {
  /** What is asked for, as it stands in a sentence: "the loss after one step". */
  readonly name: string;
  readonly answer: number;
  /** Largest difference allowed; 1e-6 of the answer when left out. */
  readonly tolerance?: number;
  /** Where the answer is in per cent, a right fraction is told as one. */
  readonly unit?: "per cent";
  /** What one gets by a known mistake, and what to say then. */
  readonly slips: readonly NumberSlip[];
  readonly hints: Hints;
  /** What to say when it is right. */
  readonly praise?: string;
}

export interface NumberSlip {
  readonly name: string;
  readonly words: string;
  /** The number that the slip leads to, computed. */
  readonly value: number;
  /** Where it is of another size than the answer. */
  readonly tolerance?: number;
}

/** Makes the checker of an exercise whose answer is a number. `undefined` means: not tried yet. */
export function numberExercise(asked: NumberExercise): Checker<number | undefined> {
  const slips = asked.slips.map(({ name, value }) => ({ name, answer: value }));
  return checker<number | undefined>(asked.name, asked.hints, slips, (value) => judge(asked, value));
}

function judge(asked: NumberExercise, value: unknown): Finding {
  const { name, answer, slips, praise } = asked;
  const tolerance = asked.tolerance ?? 1e-6 * Math.abs(answer);
  if (value === undefined)
    return notWritten("Put your number in the place of `undefined`, and run this cell again.");
  if (typeof value !== "number") {
    return { kind: "type", message: `Expected a number for ${name}, got ${describe(value)}.` };
  }
  if (!Number.isFinite(value)) {
    return {
      kind: "not a number",
      message: `Your calculation gave ${plain(value)}; ${name} is a finite number.`,
    };
  }
  const is = (other: number) => Math.abs(other - answer) <= tolerance;
  if (is(value)) {
    return {
      kind: "right",
      message: `Right: ${name} is ${digits(answer, tolerance)}. ${praise ?? ""}`.trim(),
    };
  }
  const slip = slips.find((known) => Math.abs(value - known.value) <= (known.tolerance ?? tolerance));
  if (slip) return { kind: "slip", slips: [slip.name], message: slip.words };
  const cause = undone(asked, value, is);
  if (cause) return { kind: "slip", slips: [cause[0]], message: cause[1] };
  const side = value > answer ? "too large" : "too small";
  return { kind: "differs", message: `Not yet: ${plain(value)} is ${side}.` };
}

/** Causes that any number may have; each is undone, and what comes out is the answer. */
function undone(
  { unit, answer }: NumberExercise,
  value: number,
  is: (other: number) => boolean,
): readonly [slip: string, words: string] | undefined {
  if (is(100 * value)) {
    const why = unit
      ? "As a fraction it is right. Per cent are asked for"
      : "It is the right number divided by 100: a per cent too many";
    return ["fraction", `${why}: 100 times yours.`];
  }
  if (is(value / 100)) {
    return [
      "per cent",
      unit
        ? "It is 100 times too large: yours is in per cent of a per cent."
        : "It is 100 times too large: that is the answer in per cent, and a fraction is asked for.",
    ];
  }
  if (is(-value)) return ["sign", "The size is right, the sign is not."];
  if (value !== 0 && is(1 / value)) return ["upside down", "It is upside down: 1 divided by yours is right."];
  const decimals = String(value).split(".")[1]?.length ?? 0;
  if (
    Number(answer.toFixed(Math.min(decimals, 20))) === value &&
    Math.abs(value - answer) < 0.1 * Math.abs(answer)
  ) {
    return [
      "rounded",
      `${plain(value)} is the right number, rounded to ${decimals === 0 ? "a whole one" : decimals === 1 ? "one decimal" : `${decimals} decimals`}. A few more digits, please.`,
    ];
  }
  return undefined;
}

/** A number as its reader would type it again, and be right. */
function digits(answer: number, tolerance: number): string {
  if (Number.isInteger(answer)) return plain(answer);
  for (let decimals = 1; decimals <= 15; decimals++) {
    const text = answer.toFixed(decimals);
    if (Math.abs(Number(text) - answer) <= tolerance / 2) return text.replace("-", "−");
  }
  return plain(answer);
}

function plain(value: number): string {
  return String(value).replaceAll("-", "−").replace("Infinity", "∞");
}
