/** What the page and the writing thread say to each other. */
import type { Look } from "../../notebook/writer/model";
import type { WriterData, WriterSetting } from "../../notebook/writer/setting";

export type ToWriter =
  | { readonly kind: "open"; readonly data: WriterData; readonly setting: WriterSetting }
  /** Starts over with this setting. */
  | { readonly kind: "begin"; readonly setting: WriterSetting }
  /** Writes on with this setting. */
  | { readonly kind: "change"; readonly setting: WriterSetting }
  /** Milliseconds from one character to the next; 0 for as many as there is time for. */
  | { readonly kind: "write"; readonly every: number }
  | { readonly kind: "one" }
  | { readonly kind: "pause" }
  /** Looks at this place of the text; undefined: where it writes. */
  | { readonly kind: "look"; readonly at: number | undefined }
  /** Shows the whole map of this head, counted from 0 over all blocks. */
  | { readonly kind: "head"; readonly head: number }
  /** Milliseconds from one character to the next, from now on. */
  | { readonly kind: "pace"; readonly every: number }
  /** And then writes on. */
  | { readonly kind: "train"; readonly steps: number; readonly rate: number; readonly every: number }
  | { readonly kind: "weights"; readonly which: "published" | "untrained" }
  /** The last view is on the screen; the next one may come. */
  | { readonly kind: "drawn" };

export interface WriterView {
  /** Of the prompt and all that is written, from this character on: what came before has not changed. */
  readonly from: number;
  readonly text: readonly string[];
  readonly prompt: number;
  readonly look: Look;
  /** The head of its map. */
  readonly head: number;
  /** Characters a second, by the time that computing them took: from the cache of keys and values, and beyond the context. */
  readonly speed: { readonly cached: number | undefined; readonly read: number | undefined };
  readonly full: boolean;
  readonly doing: "nothing" | "writing" | "training";
}

export interface Learned {
  /** Steps so far, since the weights were put back. */
  readonly steps: number;
  /** The mean loss of the steps since the last report; undefined at the beginning. */
  readonly training: number | undefined;
  /** On text that it is not trained on; undefined where it was not asked, or there is none. */
  readonly kept: number | undefined;
  /** What is still to come of the steps that were asked for. */
  readonly left: number;
}

export type FromWriter =
  /** It is there: so many heads has each block. */
  | { readonly kind: "opened"; readonly heads: readonly number[] }
  | { readonly kind: "view"; readonly view: WriterView }
  | { readonly kind: "learned"; readonly learned: Learned }
  /** The weights are others: the curve begins anew. */
  | { readonly kind: "restored"; readonly which: "published" | "untrained" }
  | { readonly kind: "refused"; readonly why: string };
