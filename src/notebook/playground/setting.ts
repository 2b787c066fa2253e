/*
 * Everything that can be set in the playground, as plain data: it fits into a link, and the same setting always
 * gives the same run.
 */
import { GlassboxError, ValueError } from "../../index";
import { anything, type OptionTable, oneOf, requireOptions } from "../options";

export const DATA_SETS = ["spirals", "overlappingSpirals", "circles", "moons", "xor", "own"] as const;
export const ACTIVATIONS = ["relu", "tanh", "sigmoid", "leakyRelu", "gelu", "linear"] as const;
export const LOSSES = ["crossEntropy", "squaredError", "hinge"] as const;
export const OPTIMIZERS = [
  "gradientDescent",
  "momentum",
  "nesterov",
  "rmsProp",
  "adaGrad",
  "adam",
  "adamW",
] as const;
export const REGULARIZERS = ["none", "l1", "l2"] as const;

/** A point that the reader has put there: x, y from −1.5 to 1.5, and class 0 or 1. */
export type OwnPoint = readonly [x: number, y: number, label: number];

export interface Setting {
  readonly data: (typeof DATA_SETS)[number];
  /** Points of both classes together, even. */
  readonly points: number;
  /** Standard deviation: of the angle in radians for spirals, of each coordinate for the others. */
  readonly noise: number;
  /** Units of each hidden layer; none makes a single neuron. */
  readonly hidden: readonly number[];
  readonly activation: (typeof ACTIVATIONS)[number];
  readonly loss: (typeof LOSSES)[number];
  readonly optimizer: (typeof OPTIMIZERS)[number];
  readonly rate: number;
  readonly regularizer: (typeof REGULARIZERS)[number];
  readonly strength: number;
  /** Examples a step; 0 for all of them. */
  readonly batch: number;
  /** Share of the points that is held back for validation, from 0 to 0.9. */
  readonly heldBack: number;
  readonly seed: number;
  /** Added to the data, or all of it when `data` is "own". */
  readonly own: readonly OwnPoint[];
}

export const DEFAULTS: Setting = {
  data: "spirals",
  points: 500,
  noise: 0.1,
  hidden: [64],
  activation: "relu",
  loss: "crossEntropy",
  optimizer: "adam",
  rate: 0.03,
  regularizer: "none",
  strength: 0.001,
  batch: 0,
  heldBack: 0.2,
  seed: 42,
  own: [],
};

/** The numbers are looked at by `completeSetting`. */
export const SETTING_OPTIONS: OptionTable<Setting> = {
  data: oneOf(...DATA_SETS),
  points: anything,
  noise: anything,
  hidden: anything,
  activation: oneOf(...ACTIVATIONS),
  loss: oneOf(...LOSSES),
  optimizer: oneOf(...OPTIMIZERS),
  rate: anything,
  regularizer: oneOf(...REGULARIZERS),
  strength: anything,
  batch: anything,
  heldBack: anything,
  seed: anything,
  own: anything,
};

/**
 * Fills in what is left out, and checks everything.
 * @throws ValueError naming the first thing that is out of its range
 */
export function completeSetting(given: Partial<Setting> = {}): Setting {
  requireOptions("playground", given, SETTING_OPTIONS);
  const chosen = Object.entries(given).filter(([, value]) => value !== undefined);
  const setting: Setting = { ...DEFAULTS, ...Object.fromEntries(chosen) };
  within("points", setting.points, 4, 2000);
  if (setting.points % 2 !== 0) fail("points", "an even number", setting.points);
  within("noise", setting.noise, 0, 1);
  within("rate", setting.rate, 1e-6, 100);
  within("strength", setting.strength, 0, 10);
  within("batch", setting.batch, 0, 2000);
  within("heldBack", setting.heldBack, 0, 0.9);
  within("seed", setting.seed, 0, 0xffffffff);
  for (const name of ["points", "batch", "seed"] as const) {
    if (!Number.isInteger(setting[name])) fail(name, "a whole number", setting[name]);
  }
  if (!Array.isArray(setting.hidden) || setting.hidden.length > 6) {
    fail("hidden", "at most six layers", setting.hidden);
  }
  for (const units of setting.hidden) {
    if (!Number.isInteger(units)) fail("hidden", "whole numbers of units", units);
    within("hidden", units, 1, 256);
  }
  if (!Array.isArray(setting.own) || setting.own.length > 1000)
    fail("own", "at most 1000 points", setting.own);
  for (const [x, y, label] of setting.own) {
    within("own", x, -1.5, 1.5);
    within("own", y, -1.5, 1.5);
    if (label !== 0 && label !== 1) fail("own", "points of class 0 or 1", label);
  }
  return setting;
}

/** A setting as the part of a link behind "#": only what differs from the defaults. */
export function toLink(setting: Setting): string {
  const parts = new Map<string, string>();
  for (const key of Object.keys(DEFAULTS) as (keyof Setting)[]) {
    const text = key === "own" ? setting.own.flat().join(",") : String(setting[key]);
    const usual = key === "own" ? "" : String(DEFAULTS[key]);
    if (text !== usual) parts.set(key, text);
  }
  return `playground:${[...parts].map(([key, text]) => `${key}=${text}`).join("&")}`;
}

/** The setting behind "#" in a link; undefined where there is none, or one that nobody could have set. */
export function fromLink(hash: string): Setting | undefined {
  const match = /^#?playground:(.*)$/.exec(decode(hash));
  if (match === null) return undefined;
  const given: Record<string, unknown> = {};
  for (const part of match[1].split("&").filter(Boolean)) {
    const [key, text = ""] = part.split("=");
    if (!(key in DEFAULTS)) return undefined;
    given[key] = parse(key as keyof Setting, text);
  }
  try {
    return completeSetting(given);
  } catch (error) {
    if (error instanceof GlassboxError) return undefined;
    throw error;
  }
}

function parse(key: keyof Setting, text: string): unknown {
  const numbers = text === "" ? [] : text.split(",").map(Number);
  if (key === "hidden") return numbers;
  if (key === "own") {
    return Array.from({ length: Math.floor(numbers.length / 3) }, (_, i) => numbers.slice(3 * i, 3 * i + 3));
  }
  return typeof DEFAULTS[key] === "number" ? Number(text) : text;
}

function decode(hash: string): string {
  try {
    return decodeURIComponent(hash);
  } catch {
    return ""; // a broken escape: not a link of ours
  }
}

function within(name: string, value: unknown, from: number, to: number): void {
  if (!(typeof value === "number" && value >= from && value <= to))
    fail(name, `a number from ${from} to ${to}`, value);
}

function fail(name: string, wanted: string, value: unknown): never {
  throw new ValueError(`playground: expected ${name} to be ${wanted}, got ${String(value)}.`);
}
