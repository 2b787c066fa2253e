/** Exercises for the reader, and what checks them. How to write one: README.md beside this file. */

export type { Checker, Hints, KnownSlip } from "./checker";
export { type Construction, construction } from "./construction";
export { exercise, type FunctionExercise } from "./exercise";
export * from "./exercises";
export { type NumberExercise, numberExercise } from "./number";
export type { Slip } from "./slip";
export { NotWrittenError, todo } from "./todo";
export { type Finding, type Kind, verdictText } from "./verdict";
