import type { Parameter } from "../core";
import { ValueError } from "../errors";
import { requireFinite } from "../matrix";

/**
 * What every optimizer does before it changes anything: each parameter once, however often it is listed, and no
 * gradient with NaN or ∞ in it. So a failed step leaves every weight as it was.
 */
export function checkedParameters(owner: string, parameters: readonly Parameter[]): readonly Parameter[] {
  if (!Array.isArray(parameters)) {
    throw new ValueError(`${owner}: expected an array of parameters, such as network.parameters.`);
  }
  for (const { name, gradient } of parameters) requireFinite(owner, `the gradient of ${name}`, gradient);
  return hasRepeats(parameters) ? [...new Set(parameters)] : parameters;
}

function hasRepeats(parameters: readonly Parameter[]): boolean {
  for (let i = 1; i < parameters.length; i++) {
    if (parameters.indexOf(parameters[i]) < i) return true;
  }
  return false;
}
