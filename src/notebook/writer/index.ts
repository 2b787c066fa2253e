/**
 * A trained network, live in the page: it writes, character by character, shows what it chooses from and where it looks,
 * and can be trained on. The output of the cell carries the weights, the text and its own script, and needs nothing else.
 */
import { Characters, type Layer, ValueError } from "../../index";
import { asset } from "../assets";
import { screen } from "../kernel";
import { escapeHtml, scriptJson } from "../markup";
import { madeBy, numberIn, type OptionTable, requireOptions, text } from "../options";
import { partsOf, WriterModel } from "./model";
import { packNetwork } from "./packed-network";
import { WRITER_DEFAULTS, WRITER_OPTIONS, type WriterData, type WriterSetting } from "./setting";

export interface WriterOptions extends Partial<WriterSetting> {
  /** What it can be trained on with: an excerpt of 100,000 characters or so. The page carries it. */
  readonly text: string;
  /** Where the text is from, and its licence; shown below. */
  readonly source: string;
  /** Text that it has not learned from: it is judged by this while it trains on. The page carries it, too. */
  readonly kept?: string;
  /** The loss of a table of pairs on such text, in nats a character: the floor that is drawn below the curve. */
  readonly floor?: number;
  /** What to try, shown above. */
  readonly caption?: string;
}

const OPTIONS: OptionTable<WriterOptions> = {
  ...WRITER_OPTIONS,
  text,
  source: text,
  kept: text,
  floor: numberIn({ from: 0 }),
  caption: text,
};

/** Characters of the sample that stands where scripts do not run. */
const SAMPLE = 240;

// biome-ignore lint/suspicious/noExplicitAny: what goes in and out is looked at
type AnyNetwork = Layer<any, any>;

/**
 * Shows a network writing. Its weights travel as float32.
 * @param network as `gpt` makes it
 * @param characters its vocabulary
 * @throws ValueError for a network of another kind, a text or a prompt with characters that it does not know, a text that
 *   is no longer than what it sees at once, and settings out of range
 */
export function writer(network: AnyNetwork, characters: Characters, options: WriterOptions): void {
  screen().show("text/html", writerHtml(network, characters, options));
}

/** The output of {@link writer} as a string. */
export function writerHtml(network: AnyNetwork, characters: Characters, options: WriterOptions): string {
  madeBy("the vocabulary as Characters", Characters)("writer", "characters", characters);
  requireOptions("writer", options, OPTIONS, ["text", "source"]);
  const { text: book, source, kept = "", floor, caption = "", ...given } = options;
  const { context } = partsOf(network, characters);
  for (const [name, each] of Object.entries({ text: book, kept })) {
    const length = lengthOf(name, each, characters);
    if (length > context || (name === "kept" && each === "")) continue;
    throw new ValueError(`writer: expected ${name} of more than ${context} characters, got ${length}.`);
  }
  const chosen = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const asked: WriterSetting = {
    ...WRITER_DEFAULTS,
    // "The whale " is for whales: a network of other letters begins as its text does.
    ...(canRead(WRITER_DEFAULTS.prompt, characters) ? {} : { prompt: [...book].slice(0, 5).join("") }),
    ...chosen,
  };
  const setting = { ...asked, topK: Math.min(asked.topK, characters.size) };
  const data: WriterData = {
    network: packNetwork(network),
    characters: characters.all,
    context,
    text: book,
    kept,
    floor,
  };
  const sample = new WriterModel(data, setting);
  sample.write(SAMPLE);
  return `<section class="gb-writer" aria-label="${escapeHtml(caption || "A network that writes in this page")}">
<style>${asset("writer.css")}</style>
${caption ? `<p class="gb-writer-caption">${escapeHtml(caption)}</p>` : ""}
<div class="gb-writer-still"><blockquote>${escapeHtml(sample.written)}</blockquote><p>The network wrote this at a temperature of ${setting.temperature}, from “${escapeHtml(setting.prompt)}” on. In the live page it writes on, with sliders, and shows what it chooses from.</p></div>
<div class="gb-writer-live">
<div class="gb-writer-run">
<button type="button" data-part="play">Write</button>
<button type="button" data-part="one">One character</button>
<button type="button" data-part="over">Start over</button>
<label>pace <select data-part="pace"><option value="slow">slow</option><option value="normal" selected>normal</option><option value="fast">fast</option></select></label>
</div>
<div class="gb-writer-controls">
<label>prompt <input type="text" data-part="prompt" maxlength="200" autocomplete="off" autocapitalize="off" spellcheck="false"></label>
<label>seed <input type="number" data-part="seed" min="0" max="4294967295" step="1" inputmode="numeric"></label>
<label>temperature <output></output><input type="range" data-part="temperature" min="0" max="2" step="0.05"></label>
<label>top-k <output></output><input type="range" data-part="topK" min="1" max="${characters.size}" step="1"></label>
<label>top-p <output></output><input type="range" data-part="topP" min="0.01" max="1" step="0.01"></label>
</div>
<p data-part="message" role="alert"></p>
<div class="gb-writer-views">
<div>
<p class="gb-writer-title"><strong>What it writes</strong></p>
<div data-part="text" role="application" tabindex="0" aria-label="What the network writes. Arrow keys choose a character."></div>
<p data-part="numbers"></p>
<p class="gb-writer-heard" data-part="heard" role="status"></p>
</div>
<div>
<p class="gb-writer-title"><strong data-part="question">What comes next</strong></p>
<p class="gb-writer-key"><i class="gb-before"></i>what the network says <i class="gb-after"></i>what is drawn from</p>
<ol data-part="candidates"></ol>
<p data-part="filters"></p>
</div>
<div class="gb-writer-wide">
<p class="gb-writer-title"><strong>Where each head looks from there</strong></p>
<canvas data-part="attention" role="img" aria-label="Where each head looks."></canvas>
<label class="gb-writer-head">every place that looks, a column each: <select data-part="head"></select></label>
<canvas data-part="map" role="img" aria-label="Where one head looks from every place."></canvas>
</div>
</div>
<div class="gb-writer-run gb-writer-training">
<button type="button" data-part="train">Train on</button>
<label>steps <select data-part="steps"><option>100</option><option selected>300</option><option>1000</option></select></label>
<label>learning rate <select data-part="rate"><option>0.0003</option><option selected>0.001</option><option>0.003</option></select></label>
<button type="button" data-part="published">Trained weights</button>
<button type="button" data-part="untrained">New weights</button>
</div>
<div data-part="learning" hidden>
<p class="gb-writer-key"><i></i>training <i class="gb-held"></i>text it is not trained on <i class="gb-floor"></i>table of pairs</p>
<canvas data-part="curve" role="img" aria-label="The loss while it trains on."></canvas>
</div>
<p data-part="learned" role="status"></p>
</div>
<p class="gb-writer-source">${escapeHtml(source)}</p>
<script type="application/json" class="gb-writer-setting">${scriptJson(setting)}</script>
<script type="application/json" class="gb-data">${scriptJson(data, 17)}</script>
<script>${asset("writer.js")}</script>
</section>`;
}

/** How many characters a text has. @throws ValueError for one that the network does not know, and says in which text */
function lengthOf(name: string, each: string, characters: Characters): number {
  try {
    return characters.encode(each).length;
  } catch (error) {
    throw new ValueError(`writer, ${name}: ${(error as Error).message.replace(/^[\w.]+: /, "")}`);
  }
}

function canRead(prompt: string, characters: Characters): boolean {
  return [...prompt].every((one) => characters.all.includes(one));
}
