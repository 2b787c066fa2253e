/** Back through one step of an LSTM's cell whose two gates are coupled. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

type Given = [f: Matrix, o: Matrix, g: Matrix, c0: Matrix, c: Matrix, dh: Matrix, dcLater: Matrix];

const slope = (c: Matrix): Matrix => c.map((x) => 1 - Math.tanh(x) ** 2);
const rest = (f: Matrix): Matrix => f.map((kept) => 1 - kept);
/** The blame of the cell, from its state and from the next cell. */
const whole = (...[, o, , , c, dh, later]: Given): Matrix => later.plus(dh.hadamard(o).hadamard(slope(c)));
const split = (dc: Matrix, f: Matrix, g: Matrix, c0: Matrix) => ({
  dc0: dc.hadamard(f),
  df: dc.hadamard(c0.minus(g)),
  dg: dc.hadamard(rest(f)),
});
const column = (list: number[]): Matrix => Matrix.column(list);

/** (f, o, g, c0, c, dh, dcLater) → { dc0, df, dg } of a cell that writes where it forgets. */
export const checkLstmBack = exercise<Given>({
  name: "cellBack",
  given: ["f", "o", "g", "c0", "c", "dh", "dcLater"],
  drawn: (random, m) => [
    random.randMatrix(m, 1),
    random.randMatrix(m, 1),
    random.randnMatrix(m, 1),
    random.randnMatrix(m, 1),
    random.randnMatrix(m, 1),
    random.randnMatrix(m, 1),
    random.randnMatrix(m, 1),
  ],
  edges: {
    "no blame from the next step": [[0.25], [0.5], [1], [2], [0], [1], [0]].map(column) as Given,
    "no blame of its own state": [[0.25], [0.5], [1], [2], [1], [0], [3]].map(column) as Given,
  },
  reference: (...given) => split(whole(...given), given[0], given[2], given[3]),
  slips: [
    {
      name: "the next step forgotten",
      gives: (f, o, g, c0, c, dh) => split(whole(f, o, g, c0, c, dh, new Matrix(c.rows, 1)), f, g, c0),
      words:
        "`dcLater` is missing: the cell is blamed by its own state and by the next cell, which read it. Both add up.",
    },
    {
      name: "its own state forgotten",
      gives: (f, _o, g, c0, _c, _dh, later) => split(later, f, g, c0),
      words:
        "Only the next cell's blame is in it. The state h = o ⊙ tanh(c) reads the cell as well: add dh ⊙ o ⊙ (1 − tanh² c).",
    },
    {
      name: "slope of tanh missing",
      gives: (f, o, g, c0, _c, dh, later) => split(later.plus(dh.hadamard(o)), f, g, c0),
      words: "The slope of tanh is missing on the way from the state to the cell: 1 − tanh²(c).",
    },
    {
      name: "output gate missing",
      gives: (f, _o, g, c0, c, dh, later) => split(later.plus(dh.hadamard(slope(c))), f, g, c0),
      words:
        "The output gate is missing: the state showed only o of tanh(c), so only o of its blame comes back.",
    },
    {
      name: "1 − c²",
      gives: (f, o, g, c0, c, dh, later) =>
        split(later.plus(dh.hadamard(o).hadamard(c.map((x) => 1 - x * x))), f, g, c0),
      words: "The slope of tanh at c is 1 − tanh²(c). You squared c itself.",
    },
    {
      name: "the forget gate used once",
      gives: (...given) => ({ df: whole(...given).hadamard(given[3]) }),
      words:
        "`df` is that of an LSTM with two gates. Here f stands in the sum twice: it keeps c0, and 1 − f writes g. The second use blames it as well, with a minus.",
    },
    {
      name: "a plus for the second use",
      gives: (...given) => ({ df: whole(...given).hadamard(given[3].plus(given[2])) }),
      words:
        "`df` has both uses of the gate in it, and one sign is turned: raising f lowers 1 − f, so g counts with a minus.",
    },
    {
      name: "c for c0",
      gives: (...given) => ({ df: whole(...given).hadamard(given[4].minus(given[2])) }),
      words: "`df` is made with the new cell. The forget gate was multiplied with the cell before, c0.",
    },
    {
      name: "sigmoid's slope",
      gives: (...given) => ({
        df: whole(...given)
          .hadamard(given[3].minus(given[2]))
          .hadamard(given[0].map((s) => s * (1 - s))),
      }),
      words:
        "`df` went on through the sigmoid already: that is the blame of its pre-activation. Asked is that of the gate's value.",
    },
    {
      name: "dg through the wrong share",
      gives: (...given) => ({ dg: whole(...given).hadamard(given[0]) }),
      words: "`dg` is multiplied by f. The candidate was written with the rest, 1 − f.",
    },
    {
      name: "dc0 without the gate",
      gives: (...given) => ({ dc0: whole(...given) }),
      words:
        "`dc0` is the whole blame of the cell. Only f of the old cell was kept, so only f of the blame goes back.",
    },
  ],
  hints: [
    "Who reads c? Two do, and both blame it. And in how many places does f stand?",
    "dc = dcLater + dh ⊙ o ⊙ (1 − tanh² c). Then c = f ⊙ c0 + (1 − f) ⊙ g: each factor is blamed with the other.",
    "`dc0` is dc ⊙ f, `df` is dc ⊙ (c0 − g), and `dg` is dc ⊙ (1 − f).",
  ],
  praise: "dc0 = dc ⊙ f: that one factor a step is why an LSTM can remember.",
});
