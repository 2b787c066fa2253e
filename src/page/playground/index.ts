/**
 * The playground: the library itself, training in the page. This file puts the parts together: the form, the plane,
 * the curves, the gradients and the units, and the thread that trains.
 */

import { settingAsCell } from "../../notebook/playground/code";
import { EXTENT, type View } from "../../notebook/playground/engine";
import {
  completeSetting,
  fromLink,
  type OwnPoint,
  type Setting,
  toLink,
} from "../../notebook/playground/setting";
import { brush } from "../canvas";
import { ownKeys } from "../keys";
import { followPlace, startThread, whenNear } from "../thread";
import { controls } from "./controls";
import { followCursor, type Place } from "./cursor";
import type { FromWorker, Point, ToWorker } from "./messages";
import { paintBars, paintCross, paintCurves, paintGrid, paintPoints, probabilityColour } from "./paint";
import { UnitMaps } from "./units";

/** The compiled training thread, put here by the build. */
declare const WORKER_CODE: string;

/** How much training there is between two pictures, by speed. */
const SPEEDS = {
  slow: { steps: 1, milliseconds: 0 },
  normal: { steps: 5, milliseconds: 6 },
  fast: { steps: 1000, milliseconds: 60 },
} as const;

const PLANE_KEYS = "Arrow keys move a cross, finely with Shift; Enter adds a point.";

// A page that runs its own cells inserts markup, and no script in it runs: it mounts a new playground by this.
(globalThis as { __glassboxPlayground?: (host: HTMLElement) => void }).__glassboxPlayground = (host) =>
  mountWhenNear(host);
mountWhenNear(document.currentScript?.closest<HTMLElement>(".gb-playground"), fromLink(location.hash));

/** @param linked the setting of a link, which goes before the cell's own */
function mountWhenNear(host: HTMLElement | null | undefined, linked?: Setting): void {
  // JupyterLab creates scripts anew whenever it renders an output; the first run wins.
  if (!host || host.dataset.gb) return;
  host.dataset.gb = "waiting";
  whenNear(host, () => mount(host, linked));
  // A link to a setting leads here.
  if (linked !== undefined) host.scrollIntoView();
}

function mount(host: HTMLElement, linked: Setting | undefined): void {
  const data = host.querySelector<HTMLElement>(".gb-playground-setting")?.textContent ?? "{}";
  const start = completeSetting(JSON.parse(data));
  let setting = linked ?? start;
  const part = <E extends HTMLElement>(name: string) => host.querySelector(`[data-part="${name}"]`) as E;
  const plane = part<HTMLCanvasElement>("plane");
  const curves = part<HTMLCanvasElement>("curves");
  const units = new UnitMaps(part("units"), part("unit"));
  const numbers = part<HTMLElement>("numbers");
  const message = part<HTMLElement>("message");
  const play = part<HTMLButtonElement>("play");
  const speed = part<HTMLSelectElement>("speed");
  const pen = part<HTMLSelectElement>("pen");

  const worker = startThread(WORKER_CODE);
  const say = (text: ToWorker) => worker.postMessage(text);
  let training: readonly Point[] = [];
  let validation: readonly Point[] | undefined;
  /** Undefined while there is nothing to train. */
  let view: View | undefined;
  /** What the message on the screen was said at: it goes when training has moved on from there. */
  let messageStep = 0;
  let playing = false;
  /** Where the reader points, on the plane and on the curves. */
  let pointed: Place | undefined;
  let moment: Place | undefined;
  const past: Past = { steps: [], training: [], validation: [] };

  const tell = (text: string): void => {
    message.textContent = text;
    messageStep = view?.step ?? 0;
  };
  const setPlaying = (next: boolean): void => {
    playing = next;
    play.textContent = next ? "Pause" : "Play";
    if (next) say({ kind: "play", ...SPEEDS[speed.value as keyof typeof SPEEDS] });
    else say({ kind: "pause" });
  };
  const build = (next: Setting): void => {
    const goOn = playing;
    setting = next;
    past.steps.length = past.training.length = past.validation.length = 0;
    tell("");
    say({ kind: "build", setting });
    setPlaying(goOn);
  };
  const form = controls(part("controls"), setting, build);

  worker.onmessage = ({ data: news }: MessageEvent<FromWorker>) => {
    if (news.kind === "built") {
      ({ training, validation } = news);
    } else if (news.kind === "view") {
      view = news.view;
      if (view.step !== messageStep) message.textContent = "";
      remember(past, view);
      requestAnimationFrame(() => {
        draw();
        say({ kind: "drawn" });
      });
    } else {
      // The thread has stopped by itself; telling it to pause would make it look once more, and fail once more.
      playing = false;
      play.textContent = "Play";
      if (news.kind === "waiting") {
        // The picture of another setting would be taken for this one's.
        view = undefined;
        training = news.points;
        validation = undefined;
        draw();
      }
      tell(news.why.replace(/^\w+: /, ""));
    }
  };

  const draw = (): void => {
    if (view === undefined) {
      drawWithoutNetwork();
      return;
    }
    paintGrid(plane, view.region, probabilityColour);
    paintPoints(plane, training, false);
    if (validation) paintPoints(plane, validation, true);
    if (pointed?.byKey) paintCross(plane, pointed);
    part("hover").textContent = pointed ? answerAt(view, coordinates(pointed)) : " ";
    const losses = [
      { values: past.training, colour: "#0072B2", dashed: false },
      { values: past.validation, colour: "#009E73", dashed: true },
    ];
    const at = paintCurves(curves, past.steps, losses, moment?.across);
    part("moment").textContent = at === undefined ? " " : lossesAt(past, at);
    const { hidden } = setting;
    paintBars(part("gradients"), [...hidden.map((_, k) => `hidden ${k + 1}`), "output"], view.gradientNorms);
    units.draw(view, hidden);
    numbers.textContent = summary(view);
    plane.setAttribute(
      "aria-label",
      `The plane, coloured by the network's answer. ${PLANE_KEYS} ${summary(view)}`,
    );
    host.dataset.step = String(view.step);
    host.dataset.accuracy = String(view.trainingAccuracy);
  };

  const drawWithoutNetwork = (): void => {
    for (const canvas of [plane, curves, part<HTMLCanvasElement>("gradients")]) brush(canvas);
    paintPoints(plane, training, false);
    if (pointed?.byKey) paintCross(plane, pointed);
    for (const name of ["hover", "moment", "numbers"]) part(name).textContent = " ";
    units.clear();
    plane.setAttribute("aria-label", `The plane, without a network yet. ${PLANE_KEYS}`);
    delete host.dataset.step;
    delete host.dataset.accuracy;
  };

  play.addEventListener("click", () => setPlaying(!playing));
  speed.addEventListener("change", () => playing && setPlaying(true));
  part("step").addEventListener("click", () => {
    playing = false;
    play.textContent = "Play";
    say({ kind: "step" });
  });
  part("reset").addEventListener("click", () => {
    playing = false;
    build(setting);
  });
  part("restore").addEventListener("click", () => {
    playing = false;
    form.show(start);
    build(start);
  });
  part("link").addEventListener("click", () => {
    location.hash = toLink(setting);
    const held = "The address of this page now holds the setting";
    // Only what has happened is said: browsers refuse the clipboard to some pages, those from disk among them.
    const copying =
      navigator.clipboard?.writeText(location.href) ?? Promise.reject(new Error("no clipboard"));
    copying.then(
      () => tell(`${held}; it has been copied.`),
      () => tell(`${held}; copy it from the address bar.`),
    );
  });
  part("code").addEventListener("click", () => {
    const code = settingAsCell(setting, view?.step ?? 0);
    // A page that runs its cells offers the code to this playground's own cell; elsewhere it is there to be copied.
    const { __glassboxOffer: offer } = globalThis as {
      __glassboxOffer?: (host: HTMLElement, source: string) => boolean;
    };
    if (offer?.(host, code)) {
      tell("The cell of this playground now offers the run as code.");
      return;
    }
    const box = part("as-code");
    const area = box.querySelector("textarea") as HTMLTextAreaElement;
    box.hidden = false;
    area.value = code;
    area.focus();
    area.select();
  });
  followCursor(
    plane,
    (place) => {
      pointed = place;
      // Spoken when the keyboard moves the cross, but not many times a second while a network trains.
      part("hover").ariaLive = place?.byKey && !playing ? "polite" : "off";
      draw();
    },
    (place) => {
      if (pen.value === "none") return;
      const [x, y] = coordinates(place);
      const own: OwnPoint[] = [...setting.own, [round(x), round(y), pen.value === "0" ? 0 : 1]];
      build({ ...setting, own });
      form.show(setting);
    },
  );
  followCursor(curves, (place) => {
    moment = place;
    draw();
  });
  part("erase").addEventListener("click", () => build({ ...setting, own: [] }));
  followPlace(host, {
    resized: draw,
    hidden() {
      if (playing) setPlaying(false); // nobody sees it
    },
    gone: () => worker.terminate(),
  });
  for (const element of host.querySelectorAll("button, select, textarea, [tabindex]")) ownKeys(element);
  host.dataset.gb = "drawn";
  build(setting);
}

/** The losses that the curves show, one entry a view. */
interface Past {
  readonly steps: number[];
  readonly training: number[];
  readonly validation: number[];
}

/** Keeps the curves at a few hundred points: when there are too many, every second one goes. */
function remember(past: Past, view: View): void {
  if (past.steps[past.steps.length - 1] === view.step) return;
  past.steps.push(view.step);
  past.training.push(view.trainingLoss);
  if (view.validationLoss !== undefined) past.validation.push(view.validationLoss);
  if (past.steps.length <= 600) return;
  for (const list of [past.steps, past.training, past.validation]) {
    list.splice(0, list.length, ...list.filter((_, i) => i % 2 === 0 || i === list.length - 1));
  }
}

function lossesAt({ steps, training, validation }: Past, i: number): string {
  const held = validation[i] === undefined ? "" : `, held back ${lossText(validation[i])}`;
  return `Step ${steps[i]}: training ${lossText(training[i] ?? Number.NaN)}${held}`;
}

/** Four decimals; a power of ten once a loss has left all bounds. */
function lossText(loss: number): string {
  return Math.abs(loss) < 1e5 ? loss.toFixed(4) : loss.toExponential(2);
}

function summary(view: View): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const held =
    view.validationLoss === undefined
      ? ""
      : `; held back: loss ${lossText(view.validationLoss)}, ${percent(view.validationAccuracy ?? 0)} right`;
  return `Step ${view.step}, epoch ${view.epoch.toFixed(1)}. Training: loss ${lossText(view.trainingLoss)}, ${percent(view.trainingAccuracy)} right${held}.`;
}

function answerAt({ region, side }: View, [x, y]: readonly [number, number]): string {
  const index = (value: number) => Math.round(((value + EXTENT) / (2 * EXTENT)) * (side - 1));
  const p = region[index(y) * side + index(x)] ?? 0;
  return `x₁ = ${x.toFixed(2)}, x₂ = ${y.toFixed(2)}: P(class 1) = ${p.toFixed(3)}`;
}

function coordinates({ across, down }: Place): readonly [x: number, y: number] {
  return [(2 * across - 1) * EXTENT, (1 - 2 * down) * EXTENT];
}

function round(value: number): number {
  return Math.round(1000 * value) / 1000;
}
