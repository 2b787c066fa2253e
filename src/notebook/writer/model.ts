/*
 * A small GPT that writes, is looked at while it does, and is trained on. It is the library and nothing else: the text is
 * what `generating` gives, character by character. Who draws, and where, is not known here.
 */
import {
  AdamW,
  Characters,
  categoricalCrossEntropyFromLogits,
  distribution,
  type Engine,
  generating,
  Ids,
  type Layer,
  LearnedPositions,
  Matrix,
  type NextTokens,
  normal,
  Pass,
  predict,
  Ragged,
  Random,
  SelfAttention,
  Sequential,
  type StepOptions,
  TransformerBlock,
  trainingStep,
  ValueError,
  Windows,
  type Written,
} from "../../index";
import { unpackNetwork } from "./packed-network";
import { readable, type WriterData, type WriterSetting } from "./setting";

/** A text ends here: a page that holds more is of no use to anybody. */
export const LONGEST = 3000;
/** So many of the likeliest characters are shown. */
export const CANDIDATES = 12;

/** A character that may come next. */
export interface Candidate {
  readonly character: string;
  /** What the network says: the softmax of its scores, nothing bent and nothing cut. */
  readonly before: number;
  /** What is drawn from, after temperature, top-k and top-p; 0 for what was cut away. */
  readonly after: number;
}

/** Where one head looks from one place. */
export interface Gaze {
  /** Both counted from 1. */
  readonly block: number;
  readonly head: number;
  /** One a character of `seen`; they sum to 1. */
  readonly weights: readonly number[];
}

/** What there is to see at one place of the text. */
export interface Look {
  /** The character that comes here is chosen from the candidates; characters are counted from 0. */
  readonly at: number;
  /** What the network sees of the text before it, at most its context. */
  readonly seen: readonly string[];
  /** What was chosen; undefined at the end of the text. */
  readonly written: string | undefined;
  /** The likeliest first, by `before`; what was written is among them. */
  readonly candidates: readonly Candidate[];
  /** How many characters can be drawn, of all. */
  readonly possible: number;
  readonly vocabulary: number;
  /** The share, by `before`, of the characters that cannot be drawn. */
  readonly cut: number;
  readonly attention: readonly Gaze[];
  /** Of the one head that was asked for: for each character of `seen` what it looks at, a list over `seen`. */
  readonly map: readonly (readonly number[])[];
}

type Gpt = Sequential<Ids | Ragged<Ids>, Ragged>;

/** The parts of a network that is shown writing. @throws ValueError unless it is one that `gpt` made */
export function partsOf(
  network: unknown,
  characters: Characters,
): { context: number; blocks: readonly TransformerBlock[] } {
  const layers = network instanceof Sequential ? network.layers : [];
  const places = layers.find((layer) => layer instanceof LearnedPositions);
  const blocks = layers.filter((layer) => layer instanceof TransformerBlock);
  if (places === undefined || !blocks.every(({ attention }) => attention instanceof SelfAttention)) {
    throw new ValueError(
      `writer: expected a network as gpt() makes it, with learned places and self-attention, got ${namesOf(network)}.`,
    );
  }
  const vocabulary = (network as Sequential).layers[0].parameters[0]?.value.columns;
  if (vocabulary !== characters.size) {
    throw new ValueError(
      `writer: expected the ${vocabulary} characters that the network knows, got ${characters.size}.`,
    );
  }
  const scores = (network as Sequential).outputRows(undefined);
  if (scores !== vocabulary) {
    throw new ValueError(
      `writer: expected a network with a score for each of its ${vocabulary} characters, got ${scores} scores.`,
    );
  }
  return { context: places.context, blocks };
}

/** What came in place of a network: its layers, where it has any. */
function namesOf(network: unknown): string {
  const { layers, name } = (network ?? {}) as { layers?: unknown; name?: unknown };
  if (Array.isArray(layers)) return `the layers ${layers.map((layer) => String(layer?.name)).join(", ")}`;
  return typeof name === "string" && typeof network === "object" ? `the layer "${name}"` : String(network);
}

export class WriterModel {
  readonly network: Gpt;
  readonly characters: Characters;
  /** So many characters the network sees at most. */
  readonly context: number;
  private readonly blocks: readonly TransformerBlock[];
  private readonly published: readonly Float64Array[];
  private readonly text: Ids;
  /** Windows that it is judged by, the same at every question. */
  private readonly kept: NextTokens | undefined;
  private readonly asking: Pass;

  private ids: number[] = [];
  private promptLength = 0;
  /** What each character was drawn with; `undefined` for those of the prompt. */
  private settings: (WriterSetting | undefined)[] = [];
  private random = new Random(0);
  private setting: WriterSetting;
  /** Ends where a setting changes or the network learns: the next one reads the text anew, and goes on with the same chance. */
  private pen: Generator<Written, void> | undefined;

  private windows: Windows;
  private options: StepOptions;
  private learned = 0;

  /** @param engine what it is trained with; plain loops when left out */
  constructor(
    data: WriterData,
    setting: WriterSetting,
    private readonly engine?: Engine,
  ) {
    this.network = unpackNetwork(data.network) as unknown as Gpt;
    this.characters = new Characters(data.characters);
    const { context, blocks } = partsOf(this.network, this.characters);
    this.context = context;
    this.blocks = blocks;
    this.published = this.network.parameters.map(({ value }) => Float64Array.from(value.data));
    this.text = this.characters.encode(data.text);
    const kept = this.characters.encode(data.kept);
    this.kept =
      kept.length > context
        ? new Windows(kept, { length: context, sequences: 32, random: new Random(9) }).next()
        : undefined;
    this.asking = new Pass({ engine });
    this.windows = this.newWindows();
    this.options = this.newOptions(0.001);
    this.setting = setting;
    this.begin(setting);
  }

  /** The whole text, the prompt first. */
  get written(): string {
    return this.characters.decode(new Ids(this.ids));
  }

  /** The same, character by character, from one place on. */
  writtenFrom(place: number): string[] {
    const { all } = this.characters;
    return this.ids.slice(place).map((id) => all[id]);
  }

  /** How many heads each block has. */
  get heads(): readonly number[] {
    return this.blocks.map(({ attention }) => (attention as SelfAttention).heads);
  }

  /** Characters of the text, and of the prompt in it. */
  get lengths(): { text: number; prompt: number } {
    return { text: this.ids.length, prompt: this.promptLength };
  }

  get full(): boolean {
    return this.ids.length >= LONGEST;
  }

  /** Steps of training on so far. */
  get steps(): number {
    return this.learned;
  }

  /** Starts over. @throws ValueError for a prompt that the network cannot read; everything then stays as it is */
  begin(setting: WriterSetting): void {
    const prompt = this.characters.encode(readable(setting.prompt, this.characters.all));
    this.ids = [...prompt.data];
    this.promptLength = prompt.length;
    this.settings = new Array(prompt.length).fill(undefined);
    this.random = new Random(setting.seed);
    this.change(setting);
  }

  /** Writes on with another temperature, top-k and top-p. */
  change(setting: WriterSetting): void {
    this.setting = setting;
    this.pen = undefined;
  }

  /** Writes so many characters more, as far as there is room. @returns how many */
  write(count = 1): number {
    let done = 0;
    for (; done < count && !this.full; done++) {
      this.pen ??= generating(this.network, new Ids(this.ids), {
        ...this.bend(this.setting),
        tokens: LONGEST,
        context: this.context,
        random: this.random,
      });
      const next = this.pen.next().value as Written;
      this.ids.push(next.id);
      this.settings.push(this.setting);
    }
    return done;
  }

  private bend({ temperature, topK, topP }: WriterSetting): {
    temperature: number;
    topK: number;
    topP: number;
  } {
    return { temperature, topK: Math.min(topK, this.characters.size), topP };
  }

  /**
   * What there is to see where character `at` comes, counted from 0; at the end of the text when left out.
   * @param head of all heads, counted from 0 over all blocks: the one whose whole map is asked for
   */
  look(at = this.ids.length, head = 0): Look {
    const place = Math.min(this.ids.length, Math.max(1, Math.floor(at)));
    const from = Math.max(0, place - this.context);
    const seen = this.ids.slice(from, place);
    const { logits, attention, maps } = this.read(seen);
    const before = distribution(logits).data;
    // What a character was drawn with; the sliders, where none was drawn.
    const after = distribution(logits, this.bend(this.settings[place] ?? this.setting)).data;
    const order = Array.from(before.keys()).sort((a, b) => before[b] - before[a] || a - b);
    const shown = order.slice(0, CANDIDATES);
    const id = this.ids[place];
    if (id !== undefined && !shown.includes(id)) shown[shown.length - 1] = id;
    const { all, size } = this.characters;
    return {
      at: place,
      seen: seen.map((each) => all[each]),
      written: id === undefined ? undefined : all[id],
      candidates: shown.map((each) => ({
        character: all[each],
        before: before[each],
        after: after[each],
      })),
      possible: after.filter((p) => p > 0).length,
      vocabulary: size,
      cut: before.reduce((sum, p, i) => (after[i] > 0 ? sum : sum + p), 0),
      attention,
      map: maps[head] === undefined ? [] : columnsOf(maps[head]),
    };
  }

  /** The scores after the last of these, where each head looks from it, and from everywhere. */
  private read(ids: readonly number[]): { logits: Matrix; attention: Gaze[]; maps: Matrix[] } {
    const attention: Gaze[] = [];
    const maps: Matrix[] = [];
    let value: Ragged<Ids> | Ragged = Ragged.of([new Ids(ids)]);
    for (const layer of this.network.layers) {
      const block = this.blocks.indexOf(layer as TransformerBlock);
      if (block >= 0) {
        const own = mapsOf(this.blocks[block], value as Ragged);
        attention.push(...gazes(own, block + 1));
        maps.push(...own);
      }
      value = predict(layer as Layer<Ragged<Ids> | Ragged, Ragged>, value);
    }
    const { columns } = value as Ragged;
    return { logits: Matrix.column(columns.column(columns.columns - 1).data), attention, maps };
  }

  /**
   * Trains on: AdamW on windows of the text, with gradients clipped to a length of 1.
   * @returns the loss of each step, before it
   * @throws DivergenceError when the rate was too high; the weights of the step before are kept
   */
  train(steps: number, rate: number): number[] {
    this.pen = undefined;
    const { optimizer } = this.options;
    optimizer.learningRate = rate;
    return Array.from({ length: steps }, () => {
      const { inputs, targets } = this.windows.next();
      const { loss } = trainingStep(this.network, inputs, targets, this.options);
      this.learned += 1;
      return loss;
    });
  }

  /** The loss on text that it is not trained on, in nats a character; undefined where there is none. */
  keptLoss(): number | undefined {
    if (this.kept === undefined) return undefined;
    const { inputs, targets } = this.kept;
    this.asking.restart();
    const [answer] = this.network.forward(inputs, this.asking);
    return categoricalCrossEntropyFromLogits(answer.columns, targets.columns, { pass: this.asking })[0];
  }

  /**
   * Back to the weights that the page came with, or to new ones that have learned nothing: those that
   * `gpt({ …, random: new Random(seed) })` draws, with the seed of the setting. Which ones the notebook's own network began
   * with is not known here.
   */
  restore(which: "published" | "untrained"): void {
    const random = new Random(this.setting.seed);
    for (const [i, { name, value, decays }] of this.network.parameters.entries()) {
      if (which === "published") value.data.set(this.published[i]);
      // As `gpt` draws them: 0.02 wide; shifts at 0, scales at 1.
      else if (decays !== false) value.data.set(normal(0.02)(value.rows, value.columns, random).data);
      else value.data.fill(name.endsWith("gamma") ? 1 : 0);
    }
    this.pen = undefined;
    this.learned = 0;
    this.windows = this.newWindows();
    this.options = this.newOptions(this.options.optimizer.learningRate);
  }

  private newWindows(): Windows {
    return new Windows(this.text, { length: this.context, sequences: 16, random: new Random(1) });
  }

  private newOptions(rate: number): StepOptions {
    return {
      loss: categoricalCrossEntropyFromLogits,
      optimizer: new AdamW(rate),
      clip: { norm: 1 },
      engine: this.engine,
    };
  }
}

/** Who looks at whom in a block: a map a head. */
function mapsOf(block: TransformerBlock, input: Ragged): Matrix[] {
  const asked = block.norm === "before" ? input.with(predict(block.norms[0], input.columns)) : input;
  return (block.attention as SelfAttention).maps(asked)[0];
}

/** Where each head of a block looks from the last token. */
function gazes(maps: readonly Matrix[], block: number): Gaze[] {
  return maps.map((map, head) => ({
    block,
    head: head + 1,
    weights: Array.from(map.column(map.columns - 1).data),
  }));
}

function columnsOf(map: Matrix): number[][] {
  return Array.from({ length: map.columns }, (_, t) => Array.from(map.column(t).data));
}
