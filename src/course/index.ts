/** Exercises for the reader, and what checks them. How to write one: README.md beside this file. */

export type { Checker, Hints, KnownSlip } from "./checker";
export { type Construction, construction } from "./construction";
export { exercise, type FunctionExercise } from "./exercise";
export { type NumberExercise, numberExercise } from "./number";
export * from "./part-00";
export * from "./part-01";
export * from "./part-02";
export * from "./part-03";
export * from "./part-04";
export * from "./part-05";
export * from "./part-06";
export * from "./part-07";
export * from "./part-08";
export * from "./part-09";
export type { Slip } from "./slip";
export { NotWrittenError, todo } from "./todo";
export { type Finding, type Kind, verdictText } from "./verdict";
