/** What the page and the training thread say to each other. */

import type { View } from "../../notebook/playground/engine";
import type { Setting } from "../../notebook/playground/setting";

export type ToWorker =
  | { readonly kind: "build"; readonly setting: Setting }
  /** Between two views: at most so many steps, and no longer than so many milliseconds, but one step at least. */
  | { readonly kind: "play"; readonly steps: number; readonly milliseconds: number }
  | { readonly kind: "pause" }
  | { readonly kind: "step" }
  /** The last view is on the screen; the next one may come. */
  | { readonly kind: "drawn" };

/** x, y, class */
export type Point = readonly [x: number, y: number, label: number];

export type FromWorker =
  | {
      readonly kind: "built";
      readonly training: readonly Point[];
      readonly validation: readonly Point[] | undefined;
    }
  | { readonly kind: "view"; readonly view: View }
  /** The setting cannot be trained yet: these are the points there are, and this is what is missing. */
  | { readonly kind: "waiting"; readonly points: readonly Point[]; readonly why: string }
  | { readonly kind: "stopped"; readonly why: string };
