/**
 * Trains in a thread of its own, so that the page never waits. It trains a little, sends a view, and goes on
 * when the page has drawn it.
 */

import { Engine } from "../../notebook/playground/engine";
import type { FromWorker, ToWorker } from "./messages";

const scope = self as unknown as {
  postMessage(message: FromWorker): void;
  onmessage: (event: { data: ToWorker }) => void;
};

/** How finely the plane is looked at: quickly while it moves, sharply when it stands still. */
const MOVING = 40;
const RESTING = 80;

let engine: Engine | undefined;
let playing = false;
let pace = { steps: 1, milliseconds: 0 };
let pageIsReady = true;

scope.onmessage = ({ data: message }) => {
  try {
    if (message.kind === "build") {
      playing = false;
      engine = undefined;
      try {
        engine = new Engine(message.setting);
      } catch (error) {
        scope.postMessage({ kind: "waiting", points: message.setting.own, why: words(error) });
        return;
      }
      const { training, validation } = engine;
      scope.postMessage({
        kind: "built",
        training: points(training),
        validation: validation && points(validation),
      });
      show();
    } else if (engine === undefined) {
      // Nothing to train: whatever else the page asks for waits for a setting that can be.
    } else if (message.kind === "play") {
      pace = message;
      if (!playing) {
        playing = true;
        turn();
      }
    } else if (message.kind === "pause") {
      playing = false;
      show();
    } else if (message.kind === "step") {
      playing = false;
      engine.steps(1);
      show();
    } else if (message.kind === "drawn") {
      pageIsReady = true;
    }
  } catch (error) {
    stop(error);
  }
};

/** The training between two views, then back to the mailbox. */
function turn(): void {
  if (!playing || engine === undefined) return;
  try {
    const end = performance.now() + pace.milliseconds;
    if (pageIsReady) {
      for (let k = 0; k < pace.steps && (k === 0 || performance.now() < end); k++) engine.steps(1);
      show();
    }
  } catch (error) {
    stop(error);
  }
  setTimeout(turn, 0);
}

function show(): void {
  if (engine === undefined) return;
  pageIsReady = false;
  scope.postMessage({ kind: "view", view: engine.view(playing ? MOVING : RESTING) });
}

function stop(error: unknown): void {
  playing = false;
  scope.postMessage({ kind: "stopped", why: words(error) });
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function points({ inputs, targets }: Engine["training"]): readonly (readonly [number, number, number])[] {
  return Array.from({ length: inputs.columns }, (_, j) => [
    inputs.at(0, j),
    inputs.at(1, j),
    targets.at(0, j) > 0 ? 1 : 0,
  ]);
}
