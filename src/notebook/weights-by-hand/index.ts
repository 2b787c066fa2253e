/**
 * Nine sliders for the nine numbers of a 2 → 2 → 1 network, the loss and every slope moving with them. It computes in
 * the page; without scripts the values of the start stand there.
 */

import { ValueError } from "../../index";
import { asset } from "../assets";
import { screen } from "../kernel";
import { scriptJson } from "../markup";
import { numbers, type OptionTable, oneOf, pair, requireOptions } from "../options";
import { fixed } from "../rows";
import { lookAt, NAMES, type NineSetting } from "./nine";

const OPTIONS: OptionTable<NineSetting> = { weights: numbers, input: pair, label: oneOf(0, 1) };

/** Sliders go from −LIMIT to LIMIT. */
export const LIMIT = 2;

/**
 * Shows the sliders.
 * @throws Error unless there are nine weights, each from −2 to 2
 */
export function weightsByHand(setting: NineSetting): void {
  screen().show("text/html", weightsByHandHtml(setting));
}

/** The output of `weightsByHand` as a string. */
export function weightsByHandHtml(setting: NineSetting): string {
  requireOptions("weightsByHand", setting, OPTIONS, ["weights", "input", "label"]);
  const { weights } = setting;
  if (weights.length !== NAMES.length || !weights.every((w) => Math.abs(w) <= LIMIT)) {
    throw new ValueError(
      `weightsByHand: expected nine weights from −${LIMIT} to ${LIMIT}, got ${weights.length}: ${weights.join(", ")}.`,
    );
  }
  const { answer, loss, gradient } = lookAt(setting);
  const rows = NAMES.map((name, k) => {
    const slider = `<input type="range" min="${-LIMIT}" max="${LIMIT}" step="0.01" value="${weights[k]}" aria-label="${name}" disabled>`;
    return `<tr><th scope="row">${name}</th><td>${slider}</td><td>${fixed(weights[k], 2)}</td><td>${fixed(gradient[k], 3)}</td><td><i></i></td></tr>`;
  });
  return `<section class="gb-nine" aria-label="Nine sliders: the weights of the example">
<p><button type="button" data-part="step" disabled>One step against the gradient (η = 0.1)</button> <button type="button" data-part="reset" disabled>Back to the start</button></p>
<p class="gb-nine-loss" role="status">answer <b>${fixed(answer, 4)}</b>, loss <b>${fixed(loss, 4)}</b> nats</p>
<table><thead><tr><td></td><td></td><th scope="col">value</th><th scope="col">slope</th><td></td></tr></thead>
<tbody>${rows.join("\n")}</tbody></table>
<script type="application/json">${scriptJson(setting)}</script>
<script>${asset("weights-by-hand.js")}</script>
</section>`;
}
