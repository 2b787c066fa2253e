/** What the options of figures and tables are made of: with these words each of them says in a table what it takes. */

import { Matrix, ValueError } from "../index";
import {
  anObject,
  anyNumber,
  type Check,
  inside,
  listOf,
  madeBy,
  type OptionTable,
  oneOf,
  text,
} from "../numbers/options";
import type { AxisOption } from "./figures/axis";
import type { Points, Region } from "./figures/points";

export * from "../numbers/options";

export const texts: Check = listOf("texts", text);
export const numbers: Check = listOf("numbers", anyNumber);
export const rowsOfNumbers: Check = listOf("rows of numbers", numbers);
export const matrix: Check = madeBy("a Matrix", Matrix);

/** Two numbers, such as a range. */
export const pair: Check = (owner, what, value) => {
  numbers(owner, what, value);
  const { length } = value as ArrayLike<number>;
  if (length !== 2) throw new ValueError(`${owner}: expected ${what} to be two numbers, got ${length}.`);
};

const AXIS: OptionTable<Exclude<AxisOption, string>> = {
  title: text,
  type: oneOf("linear", "log"),
  range: pair,
  ticks: numbers,
};

/** An axis by its title, or with more than that. */
export const axis: Check = (owner, what, value) => {
  if (typeof value === "string") return;
  inside(AXIS, ["title"], 'a title, or an axis such as { title: "step size h", type: "log" }')(
    owner,
    what,
    value,
  );
};

/** The two sides of a grid. */
export const grid: Check = inside<{ x: unknown; y: unknown }>({ x: numbers, y: numbers }, ["x", "y"]);

export const region: Check = inside<Region>({ x: numbers, y: numbers, z: rowsOfNumbers }, ["x", "y", "z"]);

/** A data set: what else it says about itself is no matter. */
export const points: Check = (owner, what, value) => {
  anObject("points with inputs and targets")(owner, what, value);
  const { inputs, targets } = value as Points;
  matrix(owner, `${what}.inputs`, inputs);
  matrix(owner, `${what}.targets`, targets);
};

export const DASHES = ["solid", "dash", "dot", "dashdot"] as const;
export const dash: Check = oneOf(...DASHES);
