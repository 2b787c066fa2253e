/** The form: one labelled field for everything in a setting. It reads and writes plain settings. */

import {
  ACTIVATIONS,
  DATA_SETS,
  LOSSES,
  OPTIMIZERS,
  REGULARIZERS,
  type Setting,
} from "../../notebook/playground/setting";
import { WORDS } from "../../notebook/playground/words";

const RATES = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];
const STRENGTHS = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1];

type Field = readonly [key: keyof Setting, label: string, choices: readonly (string | number)[]];

const FIELDS: readonly Field[] = [
  ["data", "data", DATA_SETS],
  ["noise", "noise", [0, 0.05, 0.1, 0.15, 0.2, 0.3]],
  ["heldBack", "held back", [0, 0.2, 0.5]],
  ["hidden", "hidden layers", ["", "2", "4", "8", "64", "8,8", "64,64", "16,16,16", "8,8,8,8,8,8"]],
  ["activation", "activation", ACTIVATIONS],
  ["loss", "loss", LOSSES],
  ["optimizer", "optimizer", OPTIMIZERS],
  ["rate", "learning rate", RATES],
  ["batch", "batch size", [0, 1, 10, 32, 100]],
  ["regularizer", "regularization", REGULARIZERS],
  ["strength", "its strength", STRENGTHS],
  ["seed", "seed", [42, 1, 2, 3, 4, 5, 6, 7]],
];

/** Builds the form inside `host` and calls back with the whole setting whenever something is chosen. */
export function controls(
  host: HTMLElement,
  first: Setting,
  changed: (setting: Setting) => void,
): { show(setting: Setting): void } {
  let current = first;
  const selects = FIELDS.map(([key, label, choices]) => {
    const field = document.createElement("label");
    field.textContent = label;
    const select = document.createElement("select");
    field.append(select);
    host.append(field);
    select.addEventListener("change", () => {
      current = { ...current, [key]: read(key, select.value) };
      changed(current);
    });
    return { key, select, choices };
  });
  const show = (setting: Setting): void => {
    current = setting;
    for (const { key, select, choices } of selects) {
      const value = String(setting[key]);
      const values = choices.map(String);
      // A setting from a link or a cell may hold a value that is not in the list: it joins the list.
      select.replaceChildren(
        ...(values.includes(value) ? values : [value, ...values]).map((v) => option(key, v)),
      );
      select.value = value;
    }
  };
  show(first);
  return { show };
}

function option(key: keyof Setting, value: string): HTMLOptionElement {
  const element = document.createElement("option");
  element.value = value;
  element.textContent = wording(key, value);
  return element;
}

function wording(key: keyof Setting, value: string): string {
  if (key === "hidden") return value === "" ? "none" : value.replaceAll(",", " → ");
  if (key === "batch" && value === "0") return "all points";
  if (key === "heldBack") return `${Math.round(100 * Number(value))} %`;
  return WORDS[value] ?? value;
}

function read(key: keyof Setting, text: string): string | number | readonly number[] {
  if (key === "hidden") return text === "" ? [] : text.split(",").map(Number);
  return Number.isNaN(Number(text)) ? text : Number(text);
}
