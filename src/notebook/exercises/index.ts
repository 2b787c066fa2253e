/** Exercises for the reader, and what checks them. */

export * from "./part-05";
export type { Checker, MatrixExercise, NumberExercise } from "./check";
export { checkMatrixFunction, checkNumber, NotWrittenError, todo } from "./check";
export type { Answer } from "./compare";
export type { Finding, Kind } from "./diagnose";
export * from "./part-03";
