/** Runs in the page: nine sliders, and what the loss and its slopes are where they stand. */

import { formatFixed } from "../index";
import { lookAt, type NineSetting } from "../notebook/weights-by-hand/nine";
import { ownKeys } from "./keys";

const RATE = 0.1;
/** A slope of this size fills its bar. */
const FULL = 0.5;

// A page that runs its own cells inserts markup, and no script in it runs: it mounts new sliders by this.
(globalThis as { __glassboxNine?: typeof mount }).__glassboxNine = mount;
mount(document.currentScript?.closest<HTMLElement>(".gb-nine"));

function mount(host: HTMLElement | null | undefined): void {
  // JupyterLab creates scripts anew whenever it renders an output; the first run wins.
  if (!host || host.dataset.gb) return;
  host.dataset.gb = "live";
  const start = JSON.parse(
    host.querySelector('script[type="application/json"]')?.textContent ?? "",
  ) as NineSetting;
  const rows = Array.from(host.querySelectorAll("tbody tr"));
  const sliders = rows.map((row) => ownKeys(row.querySelector("input") as HTMLInputElement));
  const [answerText, lossText] = Array.from(host.querySelectorAll(".gb-nine-loss b"));
  let weights = [...start.weights];

  const show = () => {
    const { answer, loss, gradient } = lookAt({ ...start, weights });
    answerText.textContent = formatFixed(answer, 4);
    lossText.textContent = formatFixed(loss, 4);
    rows.forEach((row, k) => {
      const [, , value, slope, bar] = Array.from(row.children);
      value.textContent = formatFixed(weights[k], 2);
      slope.textContent = formatFixed(gradient[k], 3);
      const mark = bar.firstElementChild as HTMLElement;
      const share = Math.min(1, Math.abs(gradient[k]) / FULL) / 2;
      mark.style.width = `${100 * share}%`;
      mark.style.left = `${100 * (gradient[k] < 0 ? 0.5 - share : 0.5)}%`;
    });
  };
  const move = (next: readonly number[]) => {
    weights = [...next];
    sliders.forEach((slider, k) => {
      slider.value = String(weights[k]);
    });
    show();
  };
  sliders.forEach((slider, k) => {
    slider.disabled = false;
    slider.addEventListener("input", () => {
      weights[k] = Number(slider.value);
      show();
    });
  });
  const button = (part: string, press: () => void) => {
    const element = ownKeys(host.querySelector(`[data-part="${part}"]`) as HTMLButtonElement);
    element.disabled = false;
    element.addEventListener("click", press);
  };
  button("step", () => {
    const { gradient } = lookAt({ ...start, weights });
    move(weights.map((w, k) => w - RATE * gradient[k]));
  });
  button("reset", () => move(start.weights));
  show();
}
