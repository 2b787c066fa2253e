/** Back through one step of an LSTM's cell. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

type Given = [f: Matrix, o: Matrix, c0: Matrix, c: Matrix, dh: Matrix, dcLater: Matrix];

const slope = (c: Matrix): Matrix => c.map((x) => 1 - Math.tanh(x) ** 2);
const whole = (o: Matrix, c: Matrix, dh: Matrix, later: Matrix): Matrix =>
  later.plus(dh.hadamard(o).hadamard(slope(c)));
const split = (dc: Matrix, f: Matrix, c0: Matrix) => ({ dc0: dc.hadamard(f), df: dc.hadamard(c0) });
const gate = (random: { randMatrix(rows: number, columns: number): Matrix }, m: number): Matrix =>
  random.randMatrix(m, 1);

/** (f, o, c0, c, dh, dcLater) → { dc0, df }. */
export const checkLstmBack = exercise<Given>({
  name: "cellBack",
  given: ["f", "o", "c0", "c", "dh", "dcLater"],
  drawn: (random, m) => [
    gate(random, m),
    gate(random, m),
    random.randnMatrix(m, 1),
    random.randnMatrix(m, 1),
    random.randnMatrix(m, 1),
    random.randnMatrix(m, 1),
  ],
  edges: {
    "no blame from the next step": [[0.5], [0.5], [2], [0], [1], [0]].map((list) =>
      Matrix.column(list),
    ) as Given,
    "no blame of its own state": [[0.5], [0.5], [2], [1], [0], [3]].map((list) =>
      Matrix.column(list),
    ) as Given,
  },
  reference: (f, o, c0, c, dh, later) => split(whole(o, c, dh, later), f, c0),
  slips: [
    {
      name: "the next step forgotten",
      gives: (f, o, c0, c, dh) => split(whole(o, c, dh, new Matrix(c.rows, 1)), f, c0),
      words:
        "`dcLater` is missing: the cell is blamed by its own state and by the next cell, which read it. Both add up.",
    },
    {
      name: "its own state forgotten",
      gives: (f, _o, c0, _c, _dh, later) => split(later, f, c0),
      words:
        "Only the next cell's blame is in it. The state h = o ⊙ tanh(c) reads the cell as well: add dh ⊙ o ⊙ (1 − tanh² c).",
    },
    {
      name: "slope of tanh missing",
      gives: (f, o, c0, _c, dh, later) => split(later.plus(dh.hadamard(o)), f, c0),
      words: "The slope of tanh is missing on the way from the state to the cell: 1 − tanh²(c).",
    },
    {
      name: "output gate missing",
      gives: (f, _o, c0, c, dh, later) => split(later.plus(dh.hadamard(slope(c))), f, c0),
      words:
        "The output gate is missing: the state showed only o of tanh(c), so only o of its blame comes back.",
    },
    {
      name: "1 − c²",
      gives: (f, o, c0, c, dh, later) =>
        split(later.plus(dh.hadamard(o).hadamard(c.map((x) => 1 - x * x))), f, c0),
      words: "The slope of tanh at c is 1 − tanh²(c). You squared c itself.",
    },
    {
      name: "c for c0",
      gives: (_f, o, _c0, c, dh, later) => ({ df: whole(o, c, dh, later).hadamard(c) }),
      words: "`df` is multiplied by the new cell. The forget gate was multiplied with the cell before, c0.",
    },
    {
      name: "sigmoid's slope",
      gives: (f, o, c0, c, dh, later) => ({
        df: whole(o, c, dh, later)
          .hadamard(c0)
          .hadamard(f.map((s) => s * (1 - s))),
      }),
      words:
        "`df` went on through the sigmoid already: that is the blame of its pre-activation. Asked is that of the gate's value.",
    },
    {
      name: "dc0 without the gate",
      gives: (_f, o, _c0, c, dh, later) => ({ dc0: whole(o, c, dh, later) }),
      words:
        "`dc0` is the whole blame of the cell. Only f of the old cell was kept, so only f of the blame goes back.",
    },
  ],
  hints: [
    "Who reads c? Two do, and both blame it.",
    "dc = dcLater + dh ⊙ o ⊙ (1 − tanh² c). Then c = f ⊙ c0 + …: each factor is blamed with the other.",
    "`dc0` is dc ⊙ f, and `df` is dc ⊙ c0.",
  ],
  praise: "dc0 = dc ⊙ f: that one factor a step is why an LSTM can remember.",
});
