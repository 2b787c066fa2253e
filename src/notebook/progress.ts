/**
 * Progress of a long computation: one line that is replaced in place. It is shown at most five times a second (the
 * kernel has room for only so many messages), and what it leaves behind has no timing in it, so that running the
 * cell again leaves the same output.
 */

import { updatableScreen } from "./kernel";
import { escapeHtml } from "./markup";

export interface Progress {
  /**
   * @param fraction from 0 to 1
   * @param note what there is to say right now: "loss 0.42"
   */
  update(fraction: number, note?: string): void;
  /** Leaves the last line: "1000 epochs, final loss 0.0123". */
  done(summary?: string): void;
}

const INTERVAL = 200; // milliseconds
/** After so many updates the interval doubles: an hour costs hardly more messages than a minute. */
const PATIENCE = 25;

/** @param label what is going on: "training" */
export function progress(label: string, now: () => number = Date.now): Progress {
  const line = updatableScreen();
  let interval = INTERVAL;
  let next = Number.NEGATIVE_INFINITY;
  let shown = 0;
  return {
    update(fraction, note = "") {
      const time = now();
      if (time < next) return;
      next = time + interval;
      if (++shown % PATIENCE === 0) interval *= 2;
      const percent = Math.round(100 * Math.min(1, Math.max(0, fraction)));
      line.show("text/html", barHtml(label, percent, note));
    },
    done(summary = "done") {
      line.show("text/html", `<p class="gb-progress">${escapeHtml(`${label}: ${summary}`)}</p>`);
    },
  };
}

function barHtml(label: string, percent: number, note: string): string {
  const text = escapeHtml(`${percent} % ${note}`.trimEnd());
  return `<p class="gb-progress">${escapeHtml(label)} <progress max="100" value="${percent}"></progress> ${text}</p>`;
}
