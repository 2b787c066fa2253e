/**
 * The writer: a trained network that writes in the page. This file puts the parts together: the buttons and sliders, the
 * text, the candidates, the heads, the curve, and the thread that writes and trains.
 */
import type { Candidate, Look } from "../../notebook/writer/model";
import type { WriterData, WriterSetting } from "../../notebook/writer/setting";
import { fromLine, inLine, visible } from "../../notebook/writer/visible";
import { ownKeys } from "../keys";
import { unpackFigures } from "../packed";
import { followTheme } from "../theme";
import { followPlace, startThread, whenNear, withFrame } from "../thread";
import type { FromWriter, Learned, ToWriter, WriterView } from "./messages";
import { type Past, paintAttention, paintLosses, paintMap } from "./paint";

/** The compiled thread, put here by the build. */
declare const WORKER_CODE: string;

/** Milliseconds from one character to the next. */
const PACES: Readonly<Record<string, number>> = { slow: 250, normal: 40, fast: 0 };

// A page that runs its own cells inserts markup, and no script in it runs: it mounts a new writer by this.
(globalThis as { __glassboxWriter?: (host: HTMLElement) => void }).__glassboxWriter = mountWhenNear;
mountWhenNear(document.currentScript?.closest<HTMLElement>(".gb-writer"));

function mountWhenNear(host: HTMLElement | null | undefined): void {
  // JupyterLab creates scripts anew whenever it renders an output; the first run wins.
  if (!host || host.dataset.gb) return;
  host.dataset.gb = "waiting";
  whenNear(host, () => {
    mount(host).catch((error) => noteBelow(host, error instanceof Error ? error.message : String(error)));
  });
}

/** Where nothing is live yet, a word stands below the text that is still. */
function noteBelow(host: HTMLElement, words: string): void {
  const note = document.createElement("p");
  note.textContent = words;
  host.querySelector(".gb-writer-still")?.append(note);
}

async function mount(host: HTMLElement): Promise<void> {
  await unpackFigures(host);
  const start: WriterSetting = JSON.parse(host.querySelector(".gb-writer-setting")?.textContent ?? "");
  const data: WriterData = JSON.parse(host.querySelector(".gb-data")?.textContent ?? "");
  const part = <E extends HTMLElement>(name: string) => host.querySelector(`[data-part="${name}"]`) as E;
  const button = (name: string, press: () => void): HTMLButtonElement => {
    const element = part<HTMLButtonElement>(name);
    element.addEventListener("click", press);
    return element;
  };
  const [message, text, numbers] = [part("message"), part("text"), part("numbers")];
  const [prompt, seed] = [part<HTMLInputElement>("prompt"), part<HTMLInputElement>("seed")];
  const [pace, steps, rate] = ["pace", "steps", "rate"].map((name) => part<HTMLSelectElement>(name));
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  const worker = startThread(WORKER_CODE);
  const say = (order: ToWriter) => worker.postMessage(order);
  let setting = start;
  let view: WriterView | undefined;
  /** The places of the text, one element each. */
  const places: HTMLElement[] = [];
  let pointed: number | undefined;
  let past: Past = { training: [], kept: [] };

  const tell = (words: string): void => {
    message.textContent = words;
  };

  // --- what the thread says
  worker.onmessage = ({ data: news }: MessageEvent<FromWriter>) => {
    if (news.kind === "opened") {
      listHeads(news.heads);
    } else if (news.kind === "view") {
      view = news.view;
      withFrame(() => {
        draw(news.view);
        say({ kind: "drawn" });
      });
    } else if (news.kind === "learned") {
      remember(past, news.learned);
      withFrame(() => {
        drawLearning(news.learned);
        say({ kind: "drawn" });
      });
    } else if (news.kind === "restored") {
      past = { training: [], kept: [] };
      part("learning").hidden = true;
      host.dataset.steps = "0";
      part("learned").textContent =
        news.which === "untrained"
          ? `New weights, as gpt draws them with the seed ${setting.seed}: they have learned nothing. Let them write, then train them.`
          : "The weights that the notebook trained are back.";
    } else tell(sentence(news.why));
  };
  worker.onerror = () => {
    const words = "The thread that writes could not be started in this browser.";
    if (host.dataset.gb === "drawn") tell(words);
    else noteBelow(host, words);
  };

  // --- what it shows
  const draw = (now: WriterView): void => {
    showText(now);
    const still = calm.matches && now.doing === "writing" && pointed === undefined;
    if (!still) drawLook(now.look);
    play.textContent = now.doing === "writing" ? "Pause" : "Write";
    train.textContent = now.doing === "training" ? "Stop training" : "Train on";
    const speeds = [
      [now.speed.cached, "from the cache"],
      [now.speed.read, `beyond the ${data.context} that it sees`],
    ] as const;
    const words = speeds.flatMap(([each, where]) =>
      each === undefined ? [] : [`${Math.round(each)} ${where}`],
    );
    const speed = words.length > 0 ? ` Characters that it could write a second: ${words.join(", ")}.` : "";
    const count = places.length - now.prompt;
    numbers.textContent = `${count} ${count === 1 ? "character" : "characters"} written.${speed}`;
    readAloud(now);
    if (now.full) tell("This page holds no longer text. Start over to go on.");
    host.dataset.characters = String(places.length);
    host.dataset.doing = now.doing;
    host.dataset.gb = "drawn";
  };

  /** Where writing has come to rest, the end of it is read aloud: one sentence, not a character at a time. */
  let heard = "";
  const readAloud = (now: WriterView): void => {
    if (now.doing === "writing" || pointed !== undefined) return;
    const written = places.slice(now.prompt).map((place) => place.textContent);
    const words = written.length === 0 ? "" : `The network wrote: ${written.slice(-200).join("")}`;
    if (words === heard) return;
    heard = words;
    part("heard").textContent = words;
  };

  const showText = (now: WriterView): void => {
    for (const old of places.splice(now.from)) old.remove();
    const fresh = now.text.map((character, k) => {
      const place = document.createElement("span");
      place.textContent = character;
      if (now.from + k < now.prompt) place.className = "gb-prompt";
      return place;
    });
    places.push(...fresh);
    text.append(...fresh);
    if (fresh.length > 0 && pointed === undefined) text.scrollTop = text.scrollHeight;
  };

  const rows = Array.from({ length: 12 }, () => candidateRow());
  part("candidates").replaceChildren(...rows.map(({ row }) => row));

  const drawLook = (look: Look): void => {
    for (const place of text.querySelectorAll(".gb-picked")) place.classList.remove("gb-picked");
    if (pointed !== undefined) places[look.at]?.classList.add("gb-picked");
    const after = look.seen.slice(-12).map(visible).join("");
    const wrote = look.written === undefined ? "" : `, and came: ${visible(look.written)}`;
    part("question").textContent = `After “\u2068${after}\u2069” comes …${wrote}`;
    const most = Math.max(...look.candidates.map((one) => Math.max(one.before, one.after)));
    rows.forEach((row, k) => {
      row.show(look.candidates[k], look.written, most);
    });
    part("filters").textContent =
      look.possible === look.vocabulary
        ? `All ${look.vocabulary} characters can be drawn.`
        : `${look.possible} of ${look.vocabulary} characters can be drawn. Cut away: ${percent(look.cut)} of what the network says.`;
    const canvas = part<HTMLCanvasElement>("attention");
    paintAttention(canvas, look, data.context);
    drawMap(look);
    const words = look.attention.map((gaze) => {
      const best = gaze.weights.indexOf(Math.max(...gaze.weights));
      return `block ${gaze.block}, head ${gaze.head}: most at “${visible(look.seen[best])}”, ${percent(gaze.weights[best])}`;
    });
    canvas.setAttribute("aria-label", `Where each head looks. ${words.join("; ")}.`);
  };

  const head = part<HTMLSelectElement>("head");
  const listHeads = (heads: readonly number[]): void => {
    const names = heads.flatMap((many, block) =>
      Array.from({ length: many }, (_, k) => `block ${block + 1}, head ${k + 1}`),
    );
    head.replaceChildren(...names.map((name, k) => new Option(name, String(k))));
    // Without a head there is no map to choose.
    for (const element of [head.parentElement, part("map")])
      if (element !== null) element.hidden = names.length === 0;
  };
  const drawMap = (look: Look): void => {
    const canvas = part<HTMLCanvasElement>("map");
    if (canvas.hidden) return;
    paintMap(canvas, look, data.context);
    const own = look.attention[Number(head.value)];
    const name = own === undefined ? "one head" : `block ${own.block}, head ${own.head}`;
    const back = look.map.map((weights, t) => t - weights.indexOf(Math.max(...weights)));
    const mean = back.reduce((sum, places) => sum + places, 0) / Math.max(1, back.length);
    canvas.setAttribute(
      "aria-label",
      `Where ${name} looks from each of the last ${look.map.length} places, a column a place. The place it looks at most is ${mean.toFixed(1)} back in the mean.`,
    );
  };

  const drawLearning = (learned: Learned): void => {
    part("learning").hidden = false;
    paintLosses(part("curve"), past, data.floor);
    const [training, kept] = [past.training.at(-1)?.loss, past.kept.at(-1)?.loss];
    const floor = data.floor === undefined ? "" : ` A table of pairs has ${data.floor.toFixed(2)}.`;
    const held = kept === undefined ? "" : `, ${kept.toFixed(3)} on text it is not trained on`;
    const words =
      training === undefined
        ? `Before training: ${kept?.toFixed(3) ?? "–"} nats a character on text it is not trained on.`
        : `Step ${learned.steps}: loss ${training.toFixed(3)} in training${held}, nats a character.`;
    // A status is read aloud: not thirty times a second.
    const status = part("learned");
    status.ariaLive = learned.left > 0 ? "off" : "polite";
    status.textContent = words + floor;
    part("curve").setAttribute("aria-label", `The loss while it trains on. ${words}${floor}`);
    host.dataset.steps = String(learned.steps);
    host.dataset.loss = String(training ?? "");
    if (kept !== undefined) host.dataset.kept = String(kept);
  };

  // --- what the reader does
  const play = button("play", () => {
    tell("");
    if (view?.doing === "writing") say({ kind: "pause" });
    else say({ kind: "write", every: PACES[pace.value] });
  });
  button("one", () => {
    tell("");
    say({ kind: "one" });
  });
  button("over", () => begin());
  pace.addEventListener("change", () => say({ kind: "pace", every: PACES[pace.value] }));
  head.addEventListener("change", () => say({ kind: "head", head: Number(head.value) }));
  const train = button("train", () => {
    tell("");
    if (view?.doing === "training") say({ kind: "pause" });
    else
      say({
        kind: "train",
        steps: Number(steps.value),
        rate: Number(rate.value),
        every: PACES[pace.value],
      });
  });
  for (const which of ["published", "untrained"] as const)
    button(which, () => say({ kind: "weights", which }));

  const begin = (): void => {
    const written = fromLine(prompt.value, data.characters);
    const next = { ...setting, prompt: written, seed: Number(seed.value) };
    const whole = Number.isInteger(next.seed) && next.seed >= 0 && next.seed <= 0xffffffff;
    if (!whole || seed.value === "") {
      tell("The seed is a whole number from 0 to 4294967295.");
      return;
    }
    tell("");
    pointed = undefined;
    setting = next;
    say({ kind: "begin", setting });
  };
  for (const field of [prompt, seed]) {
    field.addEventListener("change", begin);
    // JupyterLab keeps the field from answering to Enter by itself.
    field.addEventListener("keydown", ({ key }) => {
      if (key === "Enter") begin();
    });
  }

  for (const name of ["temperature", "topK", "topP"] as const) {
    const slider = part<HTMLInputElement>(name);
    const output = slider.parentElement?.querySelector("output") as HTMLOutputElement;
    const label = (): void => {
      const words = settingWords(name, Number(slider.value), Number(slider.max));
      output.textContent = words;
      slider.setAttribute("aria-valuetext", words);
    };
    slider.value = String(start[name]);
    label();
    slider.addEventListener("input", () => {
      setting = { ...setting, [name]: Number(slider.value) };
      label();
      say({ kind: "change", setting });
    });
  }
  prompt.value = inLine(start.prompt, data.characters);
  seed.value = String(start.seed);

  const point = (at: number | undefined, byKey = false): void => {
    if (pointed === at) return;
    pointed = at;
    part("question").ariaLive = byKey ? "polite" : "off";
    if (at === undefined)
      for (const place of text.querySelectorAll(".gb-picked")) place.classList.remove("gb-picked");
    say({ kind: "look", at });
  };
  // A mouse hovers. A finger cannot: what it taps stays chosen until the next tap.
  text.addEventListener("pointerover", ({ target, pointerType }) => {
    const at = places.indexOf(target as HTMLElement);
    if (at > 0 && pointerType !== "touch") point(at);
  });
  text.addEventListener("pointerleave", ({ pointerType }) => {
    if (pointerType !== "touch") point(undefined);
  });
  text.addEventListener("click", (event) => {
    if ((event as PointerEvent).pointerType !== "touch") return;
    const at = places.indexOf(event.target as HTMLElement);
    point(at > 0 && at !== pointed ? at : undefined);
  });
  text.addEventListener("blur", () => point(undefined));
  text.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = places.length - 1;
    const now = pointed ?? last + 1;
    const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 1, End: last }[event.key];
    if (to !== undefined) point(Math.min(last, Math.max(1, to)), true);
    else if (event.key === "Escape") point(undefined);
    else return;
    places[pointed ?? last]?.scrollIntoView({ block: "nearest" });
    event.preventDefault(); // the page would scroll
  });

  const redraw = (): void => {
    if (view === undefined) return;
    drawLook(view.look);
    if (!part("learning").hidden) paintLosses(part("curve"), past, data.floor);
  };
  const print = matchMedia("print"); // which is light
  print.addEventListener("change", redraw);
  const unfollow = followTheme(redraw);
  followPlace(host, {
    resized: redraw,
    // Nobody reads what is folded away. What it learns goes on.
    hidden() {
      if (view?.doing === "writing") say({ kind: "pause" });
    },
    gone() {
      worker.terminate();
      print.removeEventListener("change", redraw);
      unfollow();
    },
  });
  for (const element of host.querySelectorAll("button, select, input, [tabindex]")) ownKeys(element);
  say({ kind: "open", data, setting });
}

/** One of the candidates: its sign, two bars, and both numbers. */
function candidateRow(): {
  row: HTMLLIElement;
  show(candidate: Candidate | undefined, written: string | undefined, most: number): void;
} {
  const row = document.createElement("li");
  const [sign, bars, words] = ["b", "span", "span"].map((tag) => document.createElement(tag));
  const [before, after] = [document.createElement("i"), document.createElement("i")];
  before.className = "gb-before";
  after.className = "gb-after";
  bars.append(before, after);
  row.append(sign, bars, words);
  return {
    row,
    show(candidate, written, most) {
      row.hidden = candidate === undefined;
      if (candidate === undefined) return;
      const cut = candidate.after === 0;
      sign.textContent = visible(candidate.character);
      before.style.width = `${(100 * candidate.before) / most}%`;
      after.style.width = `${(100 * candidate.after) / most}%`;
      words.textContent = `${percent(candidate.before)} → ${cut ? "cut" : percent(candidate.after)}`;
      row.classList.toggle("gb-cut", cut);
      row.classList.toggle("gb-chosen", candidate.character === written);
    },
  };
}

function remember(past: Past, { steps, training, kept }: Learned): void {
  if (training !== undefined) past.training.push({ step: steps, loss: training });
  if (kept !== undefined && past.kept.at(-1)?.step !== steps) past.kept.push({ step: steps, loss: kept });
  if (past.training.length <= 600) return;
  // When there are too many, two become their mean: what the curve shows stays what was measured.
  const { training: all } = past;
  const halved = Array.from({ length: Math.floor(all.length / 2) }, (_, k) => ({
    step: all[2 * k + 1].step,
    loss: (all[2 * k].loss + all[2 * k + 1].loss) / 2,
  }));
  all.splice(0, 2 * halved.length, ...halved);
}

/** "writer: the prompt is empty" → "The prompt is empty" */
function sentence(why: string): string {
  const words = why.replace(/^\w+: /, "");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function settingWords(name: "temperature" | "topK" | "topP", value: number, most: number): string {
  if (name === "temperature") return value === 0 ? "0: always the likeliest" : value.toFixed(2);
  if (name === "topK") return value === most ? `${most}: all` : String(value);
  return value === 1 ? "1: all" : value.toFixed(2);
}

function percent(share: number): string {
  return share > 0 && share < 0.001 ? "<0.1 %" : `${(100 * share).toFixed(1)} %`;
}
