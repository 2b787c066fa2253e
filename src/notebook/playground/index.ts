/**
 * The library, live in the page: a network that trains in front of the reader, with everything to turn. The output
 * of the cell carries its own script and needs nothing else: not the kernel, not a server, not the network.
 */

import { asset } from "../assets";
import { scatter } from "../figures/classes";
import { screen } from "../kernel";
import { escapeHtml, scriptJson } from "../markup";
import { type OptionTable, requireOptions, text } from "../options";
import { stillSvg } from "../still/still";
import { Engine } from "./engine";
import { completeSetting, SETTING_OPTIONS, type Setting } from "./setting";
import { WORDS } from "./words";

export interface PlaygroundOptions extends Partial<Setting> {
  /** What to try, shown above the playground, and what stands there where scripts do not run. */
  readonly caption?: string;
}

const OPTIONS: OptionTable<PlaygroundOptions> = { ...SETTING_OPTIONS, caption: text };

/**
 * Shows a playground with the given setting; what is left out has its usual value.
 * @throws ValueError for a setting that is out of range
 */
export function playground(options: PlaygroundOptions = {}): void {
  screen().show("text/html", playgroundHtml(options));
}

/** The output of {@link playground} as a string. */
export function playgroundHtml(options: PlaygroundOptions = {}): string {
  requireOptions("playground", options, OPTIONS);
  const { caption = "", ...given } = options;
  const setting = completeSetting(given);
  return `<section class="gb-playground" aria-label="Playground: a network that trains in this page">
<style>${asset("playground.css")}</style>
${caption ? `<p class="gb-playground-caption">${escapeHtml(caption)}</p>` : ""}
<div class="gb-playground-still">${stillOf(setting)}<p>A playground stands here in the live page: ${escapeHtml(describeSetting(setting))}</p></div>
<div class="gb-playground-live">
<div class="gb-playground-run">
<button type="button" data-part="play">Play</button>
<button type="button" data-part="step">Step</button>
<button type="button" data-part="reset">Reset</button>
<label>speed <select data-part="speed"><option>slow</option><option selected>normal</option><option>fast</option></select></label>
<label>click adds <select data-part="pen"><option value="none">nothing</option><option value="0">class 0</option><option value="1">class 1</option></select></label>
<button type="button" data-part="erase">Erase my points</button>
<button type="button" data-part="restore">As in the text</button>
<button type="button" data-part="link">Copy a link</button>
<button type="button" data-part="code">As code</button>
</div>
<div data-part="as-code" hidden><label>This run as a cell of a notebook <textarea rows="12" readonly spellcheck="false"></textarea></label></div>
<div class="gb-playground-controls" data-part="controls"></div>
<div class="gb-playground-views">
<div>
<p class="gb-playground-title gb-playground-key"><strong>Its answer</strong> <b class="gb-round"></b>class 0 <b></b>class 1 <b class="gb-round gb-hollow"></b><b class="gb-hollow"></b>held back</p>
<canvas data-part="plane" role="application" aria-label="The plane, coloured by the network's answer."></canvas>
<p data-part="hover">&nbsp;</p>
</div>
<div>
<p class="gb-playground-title gb-playground-key"><strong>Loss</strong> <i></i>training <i class="gb-held"></i>held back</p>
<canvas data-part="curves" role="application" aria-label="Training and validation loss over the steps, on a logarithmic scale. Arrow keys choose a step."></canvas>
<p data-part="moment">&nbsp;</p>
<p class="gb-playground-title">Length of the gradient, by layer</p>
<canvas data-part="gradients" role="img" aria-label="The length of the last gradient for each layer, on a logarithmic scale."></canvas>
<p data-part="numbers"></p>
<p data-part="message" role="alert"></p>
</div>
<div class="gb-playground-units">
<p class="gb-playground-title">What single units answer</p>
<div data-part="units" role="application" aria-label="What single units answer over the plane."></div>
<p data-part="unit">&nbsp;</p>
</div>
</div>
</div>
<script type="application/json" class="gb-playground-setting">${scriptJson(setting)}</script>
<script>${asset("playground.js")}</script>
</section>`;
}

/** The points to learn from: what there is to see before anything has been learned. */
function stillOf(setting: Setting): string {
  if (setting.data === "own" && setting.own.length < 2) return "";
  const { training } = new Engine(setting);
  return stillSvg(scatter({ title: "", points: training, x: "x₁ (no unit)", y: "x₂ (no unit)" }), 460) ?? "";
}

function describeSetting({ data, points, hidden, optimizer, rate }: Setting): string {
  const layers = ["2", ...hidden.map(String), "1"].join(" → ");
  const [dataSet, method] = [WORDS[data] ?? data, WORDS[optimizer] ?? optimizer];
  return `a network ${layers} on ${points} points (${dataSet}), trained with ${method} at a rate of ${rate}.`;
}
