/**
 * The playground: the library itself, training in the page. This file puts the parts together: the form, the plane,
 * the curves, the gradients and the units, and the thread that trains.
 */

import { EXTENT, type View } from "../../playground/engine";
import { completeSetting, fromLink, type OwnPoint, type Setting, toLink } from "../../playground/setting";
import { controls } from "./controls";
import type { FromWorker, Point, ToWorker } from "./messages";
import { paintBars, paintCurves, paintGrid, paintPoints, probabilityColour, signedColour } from "./paint";

/** The compiled training thread, put here by the build. */
declare const WORKER_CODE: string;

/** How much training there is between two pictures, by speed. */
const SPEEDS = {
  slow: { steps: 1, milliseconds: 0 },
  normal: { steps: 5, milliseconds: 6 },
  fast: { steps: 1000, milliseconds: 60 },
} as const;

const host = document.currentScript?.closest<HTMLElement>(".gb-playground");
// JupyterLab creates scripts anew whenever it renders an output; the first run wins.
if (host && !host.dataset.gb) {
  host.dataset.gb = "waiting";
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      mount(host);
    },
    { rootMargin: "300px 0px" },
  );
  observer.observe(host);
}

function mount(host: HTMLElement): void {
  const data = host.querySelector<HTMLElement>(".gb-playground-setting")?.textContent ?? "{}";
  const start = completeSetting(JSON.parse(data));
  let setting = fromLink(location.hash) ?? start;
  const part = <E extends HTMLElement>(name: string) => host.querySelector(`[data-part="${name}"]`) as E;
  const plane = part<HTMLCanvasElement>("plane");
  const numbers = part<HTMLElement>("numbers");
  const message = part<HTMLElement>("message");
  const play = part<HTMLButtonElement>("play");
  const speed = part<HTMLSelectElement>("speed");
  const pen = part<HTMLSelectElement>("pen");

  const worker = startWorker();
  const say = (text: ToWorker) => worker.postMessage(text);
  let training: readonly Point[] = [];
  let validation: readonly Point[] | undefined;
  let view: View | undefined;
  let playing = false;
  const past = { steps: [] as number[], training: [] as number[], validation: [] as number[] };

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
    message.textContent = "";
    say({ kind: "build", setting });
    setPlaying(goOn);
  };
  const form = controls(part("controls"), setting, build);

  worker.onmessage = ({ data: news }: MessageEvent<FromWorker>) => {
    if (news.kind === "built") {
      ({ training, validation } = news);
    } else if (news.kind === "view") {
      view = news.view;
      remember(past, view);
      requestAnimationFrame(() => {
        draw();
        say({ kind: "drawn" });
      });
    } else {
      // The thread has stopped by itself; telling it to pause would make it look once more, and fail once more.
      playing = false;
      play.textContent = "Play";
      message.textContent = news.why.replace(/^fit: /, "");
    }
  };

  const draw = (): void => {
    if (view === undefined) return;
    paintGrid(plane, view.region, probabilityColour);
    paintPoints(plane, training, false);
    if (validation) paintPoints(plane, validation, true);
    paintCurves(part("curves"), past.steps, [
      { values: past.training, colour: "#0072B2", dashed: false },
      { values: past.validation, colour: "#009E73", dashed: true },
    ]);
    const { hidden } = setting;
    paintBars(part("gradients"), [...hidden.map((_, k) => `hidden ${k + 1}`), "output"], view.gradientNorms);
    drawUnits(part("units"), view);
    numbers.textContent = summary(view);
    plane.setAttribute("aria-label", `The plane, coloured by the network's answer. ${summary(view)}`);
    host.dataset.step = String(view.step);
    host.dataset.accuracy = String(view.trainingAccuracy);
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
    void navigator.clipboard?.writeText(location.href).catch(() => {});
    message.textContent = "The address of this page now holds the setting; it has been copied.";
  });
  plane.addEventListener("pointermove", (event) => {
    const [x, y] = place(plane, event);
    part("hover").textContent = view ? hoverText(view, x, y) : "";
  });
  plane.addEventListener("pointerleave", () => {
    part("hover").textContent = " ";
  });
  plane.addEventListener("click", (event) => {
    if (pen.value === "none") return;
    const [x, y] = place(plane, event);
    const own: OwnPoint[] = [...setting.own, [round(x), round(y), pen.value === "0" ? 0 : 1]];
    build({ ...setting, own });
    form.show(setting);
  });
  part("erase").addEventListener("click", () => build({ ...setting, own: [] }));
  window.addEventListener("resize", draw);
  host.dataset.gb = "drawn";
  build(setting);
}

/** The thread's code travels in the page and becomes a file that exists only here. */
function startWorker(): Worker {
  const url = URL.createObjectURL(new Blob([WORKER_CODE], { type: "text/javascript" }));
  const worker = new Worker(url);
  URL.revokeObjectURL(url);
  return worker;
}

/** Keeps the curves at a few hundred points: when there are too many, every second one goes. */
function remember(past: { steps: number[]; training: number[]; validation: number[] }, view: View): void {
  if (past.steps[past.steps.length - 1] === view.step) return;
  past.steps.push(view.step);
  past.training.push(view.trainingLoss);
  if (view.validationLoss !== undefined) past.validation.push(view.validationLoss);
  if (past.steps.length <= 600) return;
  for (const list of [past.steps, past.training, past.validation]) {
    list.splice(0, list.length, ...list.filter((_, i) => i % 2 === 0 || i === list.length - 1));
  }
}

function drawUnits(host: HTMLElement, { units }: View): void {
  const wanted = units.map((layer) => layer.length).join();
  if (host.dataset.layout !== wanted) {
    host.dataset.layout = wanted;
    host.replaceChildren(
      ...units.map((layer, k) => {
        const row = document.createElement("div");
        row.append(`hidden ${k + 1}`, ...layer.map(() => document.createElement("canvas")));
        return row;
      }),
    );
  }
  const canvases = host.querySelectorAll("canvas");
  units.flat().forEach((map, i) => {
    const canvas = canvases[i];
    if (canvas)
      paintGrid(canvas, map, signedColour(map.reduce((most, value) => Math.max(most, Math.abs(value)), 0)));
  });
}

function summary(view: View): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const held =
    view.validationLoss === undefined
      ? ""
      : `; held back: loss ${view.validationLoss.toFixed(4)}, ${percent(view.validationAccuracy ?? 0)} right`;
  return `Step ${view.step}, epoch ${view.epoch.toFixed(1)}. Training: loss ${view.trainingLoss.toFixed(4)}, ${percent(view.trainingAccuracy)} right${held}.`;
}

function hoverText({ region, side }: View, x: number, y: number): string {
  const index = (value: number) => Math.round(((value + EXTENT) / (2 * EXTENT)) * (side - 1));
  const p = region[index(y) * side + index(x)] ?? 0;
  return `x₁ = ${x.toFixed(2)}, x₂ = ${y.toFixed(2)}: P(class 1) = ${p.toFixed(3)}`;
}

function place(canvas: HTMLCanvasElement, event: MouseEvent): [x: number, y: number] {
  const box = canvas.getBoundingClientRect();
  return [
    (((event.clientX - box.left) / box.width) * 2 - 1) * EXTENT,
    (1 - ((event.clientY - box.top) / box.height) * 2) * EXTENT,
  ].map((value) => Math.min(EXTENT, Math.max(-EXTENT, value))) as [number, number];
}

function round(value: number): number {
  return Math.round(1000 * value) / 1000;
}
