/** A schedule: a linear warm-up, then half a cosine wave. */

import { exercise } from "../exercise";

type ScheduleInputs = [step: number, climb: number, steps: number, peak: number];

const wave = (progress: number, peak: number): number => (peak * (1 + Math.cos(Math.PI * progress))) / 2;
const descent = (step: number, climb: number, steps: number): number => (step - climb) / (steps - climb);

function warmCosine(step: number, climb: number, steps: number, peak: number): number {
  if (step < climb) return (peak * (step + 1)) / climb;
  return wave(Math.min(1, descent(step, climb, steps)), peak);
}

/** The right climb, and another way down. */
const down =
  (way: (...inputs: ScheduleInputs) => number) =>
  (...inputs: ScheduleInputs) =>
    inputs[0] < inputs[1] ? warmCosine(...inputs) : way(...inputs);

/** Linear warm-up, then half a cosine wave down to 0: (step, climb, steps, peak) → the rate. */
export const checkWarmCosine = exercise<ScheduleInputs>({
  name: "warmCosine",
  given: ["step", "climb", "steps", "peak"],
  sizes: [1, 2, 3, 4, 5, 6],
  // On the climb, and on the way down.
  drawn: (random, n) => [n <= 3 ? n - 1 : 10 * n - 35, 4, 30, 0.1 + random.rand()],
  edges: {
    "the first step": [0, 4, 30, 0.5],
    "the last step of the climb": [3, 4, 30, 0.5],
    "the first step after the climb": [4, 4, 30, 0.5],
    "a step half of the way down": [17, 4, 30, 0.5],
    "the end": [30, 4, 30, 0.5],
    "a step beyond the end": [37, 4, 30, 0.5],
    "no climb at all": [5, 0, 10, 1],
  },
  reference: warmCosine,
  slips: [
    {
      name: "climb from 0",
      gives: (step, climb, steps, peak) =>
        step < climb ? (peak * step) / climb : warmCosine(step, climb, steps, peak),
      words:
        "Your climb begins at a rate of exactly 0, so the first step teaches nothing. Count from 1 on the climb: (step + 1)/climb.",
    },
    {
      name: "rises again",
      gives: down((step, climb, steps, peak) => wave(descent(step, climb, steps), peak)),
      words:
        "Right up to the end. Beyond it the cosine rises again, and so does your rate: it should stay at 0.",
    },
    {
      name: "wave under way",
      gives: down((step, _climb, steps, peak) => wave(Math.min(1, step / steps), peak)),
      words:
        "Your cosine is already under way while the rate still climbs, so it begins below the peak. Its own steps count from the end of the climb.",
    },
    {
      name: "wave under way, rises again",
      gives: down((step, _climb, steps, peak) => wave(step / steps, peak)),
      words:
        "Your cosine is already under way while the rate still climbs: its own steps count from the end of the climb. And beyond the end it rises again, where the rate should stay at 0.",
    },
    {
      name: "divisor one too small",
      gives: down((step, climb, steps, peak) =>
        wave(Math.min(1, (step - climb) / (steps - climb - 1)), peak),
      ),
      words:
        "Your wave is one step short: it reaches 0 at step `steps` − 1. From the end of the climb to `steps` there are steps − climb.",
    },
    {
      name: "divisor without the climb",
      gives: down((step, climb, steps, peak) => wave(Math.min(1, (step - climb) / steps), peak)),
      words:
        "Your wave is stretched over all `steps`, though it begins after the climb: at step `steps` it has not reached 0. It has steps − climb to go.",
    },
    {
      name: "a whole wave",
      gives: down((step, climb, steps, peak) => wave(2 * Math.min(1, descent(step, climb, steps)), peak)),
      words: "You go through a whole wave, down and up again. Half of one, up to cos(π), ends at 0.",
    },
    {
      name: "straight down",
      gives: down((step, climb, steps, peak) => peak * (1 - Math.min(1, descent(step, climb, steps)))),
      words:
        "The climb is right. The way down is a straight line; half a cosine wave is asked for, (1 + cos(π·progress))/2.",
    },
    {
      name: "no climb",
      gives: (step, climb, steps, peak) => wave(Math.min(1, Math.max(0, descent(step, climb, steps))), peak),
      words:
        "The way down is right. On the climb your rate is at its peak already: it should rise in a straight line, (step + 1)/climb of the peak.",
    },
    {
      name: "quarter wave",
      gives: down(
        (step, climb, steps, peak) =>
          peak * Math.cos((Math.PI / 2) * Math.min(1, descent(step, climb, steps))),
      ),
      words:
        "You go down a quarter of a wave, cos from 0 to π/2. Half a wave, (1 + cos(π·progress))/2, is level at both ends.",
    },
  ],
  tolerance: 1e-9,
  hints: [
    "Two pieces: while step < climb, and after. What is each at its first and at its last step?",
    "On the climb (step + 1)/climb of the peak. After it, with progress (step − climb)/(steps − climb): half of 1 + cos(π·progress). Beyond the end progress stays at 1.",
    "`Math.min(1, (step - climb) / (steps - climb))` is the progress; `(peak * (1 + Math.cos(Math.PI * progress))) / 2` the rate.",
  ],
  praise: "This shape, with other numbers, trains most large language models.",
});
