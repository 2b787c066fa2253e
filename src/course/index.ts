/** Exercises for the reader, and what checks them. */

export type { Checker, MatrixExercise, NumberExercise } from "./check";
export { checkMatrixFunction, checkNumber, NotWrittenError, todo } from "./check";
export type { Answer } from "./compare";
export type { Finding, Kind } from "./diagnose";
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
