/** What can be turned while a network writes, and what a page carries for it. Plain data: it travels between threads. */
import { ValueError } from "../../index";
import { numberIn, type OptionTable, text, whole } from "../options";
import type { PackedNetwork } from "./packed-network";
import { visible } from "./visible";

export interface WriterSetting {
  /** What stands there before it writes. */
  readonly prompt: string;
  /** Chance is drawn from a generator with this seed. */
  readonly seed: number;
  /** 0 to 2; at 0 the likeliest character is certain. */
  readonly temperature: number;
  /** How many of the likeliest may be drawn; the size of the vocabulary for all of them. */
  readonly topK: number;
  /** In (0, 1]: the fewest likeliest that have this share together may be drawn. */
  readonly topP: number;
}

export const WRITER_DEFAULTS: WriterSetting = {
  prompt: "The whale ",
  seed: 7,
  temperature: 0.8,
  topK: 1_000_000,
  topP: 1,
};

export const WRITER_OPTIONS: OptionTable<WriterSetting> = {
  prompt: text,
  seed: whole(0, 0xffffffff),
  temperature: numberIn({ from: 0, to: 2 }),
  topK: whole(1),
  topP: numberIn({ from: 0.01, to: 1 }),
};

/** What the page carries. */
export interface WriterData {
  readonly network: PackedNetwork;
  /** All of the vocabulary, in its order: one by one, since two halves of a character side by side are not two in a text. */
  readonly characters: readonly string[];
  /** So many characters the network sees at most. */
  readonly context: number;
  /** What it can be trained on with. */
  readonly text: string;
  /** What it is judged by while it trains on; "" when there is none. */
  readonly kept: string;
  /** The loss of a table of pairs, in nats a character, where it is given. */
  readonly floor: number | undefined;
}

/** A prompt as a network with these characters can read it: typographic quotes and dashes as a keyboard has them. */
export function readable(prompt: string, characters: readonly string[]): string {
  const known = new Set(characters);
  const all = [...prompt].map((one) => (known.has(one) ? one : (KEYBOARD[one] ?? one))).join("");
  if (all === "")
    throw new ValueError("writer: the prompt is empty: it needs one character at least to begin with.");
  const points = [...all];
  const place = points.findIndex((one) => !known.has(one));
  if (place < 0) return all;
  throw new ValueError(
    `writer: the network does not know “${visible(points[place])}”, character ${place + 1} of the prompt. It knows ${characters.length} characters: ${characters.map(visible).join(" ")}`,
  );
}

const KEYBOARD: Readonly<Record<string, string>> = {
  "\u2018": "'",
  "\u2019": "'",
  "\u201c": '"',
  "\u201d": '"',
  "\u2014": "--",
};
