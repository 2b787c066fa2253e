/**
 * The map of the course: the loop that every training runs through, with the step lit that a notebook is about. It is
 * a list in HTML, so that it wraps on a phone and reads aloud in order.
 */

import { ValueError } from "../index";
import { escapeHtml } from "./markup";
import { html } from "./output";

const STEPS = {
  examples: { name: "examples", does: "facts X with known answers Y" },
  forward: { name: "forward pass", does: "the network predicts Ŷ" },
  loss: { name: "loss", does: "one number: how wrong" },
  backward: { name: "backward pass", does: "a gradient for every weight" },
  update: { name: "update", does: "each weight takes a small step" },
} as const;

/** A step of the training loop. */
export type LoopStep = keyof typeof STEPS;

/**
 * Shows the training loop with steps lit.
 * @param lit what the notebook is about: one step, several, or "all"
 * @param here what the notebook says about it, in a few words: "how the forward pass bends"
 */
export function trainingLoop(lit: LoopStep | readonly LoopStep[] | "all", here: string): void {
  html(trainingLoopHtml(lit, here));
}

/** The output of `trainingLoop` as a string. */
export function trainingLoopHtml(lit: LoopStep | readonly LoopStep[] | "all", here: string): string {
  const all = Object.keys(STEPS) as LoopStep[];
  const chosen = lit === "all" ? all : [lit].flat();
  const unknown = chosen.find((step) => !Object.hasOwn(STEPS, step));
  if (unknown !== undefined || chosen.length === 0) {
    const given = unknown === undefined ? "none" : `"${unknown}"`;
    throw new ValueError(`trainingLoop: expected steps out of ${all.join(", ")}, or "all"; got ${given}.`);
  }
  const items = all.map((step) => {
    const { name, does } = STEPS[step];
    const mark = chosen.includes(step) ? ' class="gb-lit" aria-current="step"' : "";
    return `<li${mark}><b>${name}</b> <span>${does}</span></li>`;
  });
  return [
    '<figure class="gb-loop">',
    `<ol aria-label="The training loop">${items.join("")}</ol>`,
    '<p class="gb-again">again, with the next examples</p>',
    `<figcaption>Every training is this loop. Lit: ${escapeHtml(here)}.</figcaption>`,
    "</figure>",
  ].join("\n");
}
