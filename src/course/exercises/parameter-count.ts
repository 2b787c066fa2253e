/** How many numbers a network learns. */

import { exercise } from "../exercise";

/** A sum over the layers of a network of these sizes. */
const perLayer = (of: (units: number, inputs: number) => number) => (sizes: readonly number[]) =>
  sizes.slice(1).reduce((sum, units, k) => sum + of(units, sizes[k]), 0);

const parameters = perLayer((units, inputs) => units * (inputs + 1));

/** How many numbers does a network of these sizes learn? */
export const checkParameterCount = exercise<[sizes: readonly number[]]>({
  name: "parameterCount",
  given: ["sizes"],
  sizes: [1, 2, 3, 4, 5],
  drawn: (random, layers) => [Array.from({ length: layers + 1 }, () => 1 + random.randint(0, 9))],
  edges: {
    "one neuron with one input": [[1, 1]],
    "one layer": [[784, 10]],
    "the network of this notebook": [[2, 4, 1]],
  },
  reference: parameters,
  slips: [
    {
      name: "no bias",
      gives: perLayer((units, inputs) => units * inputs),
      words:
        "You have counted every weight and no bias. Each unit has one more number, whatever its inputs say.",
    },
    {
      name: "one bias a layer",
      gives: perLayer((units, inputs) => units * inputs + 1),
      words:
        "You have given each layer one bias. It is one for each unit: they lean in different directions.",
    },
    {
      name: "a bias an input",
      gives: perLayer((units, inputs) => (units + 1) * inputs),
      words:
        "The bias has landed on the wrong side: (units + 1)·inputs. A bias belongs to a unit, not to an input.",
    },
    {
      name: "inputs with biases",
      gives: (sizes) => parameters(sizes) + sizes[0],
      words: "The inputs are counted as if they had biases. They are data: nothing about them is learned.",
    },
    {
      name: "first layer only",
      gives: (sizes) => parameters(sizes.slice(0, 2)),
      words: "You have counted the first layer and stopped. Every pair of neighbours in the list is a layer.",
    },
    {
      name: "last layer missing",
      gives: (sizes) => parameters(sizes.slice(0, -1)),
      words: "The last layer is missing: a network of n sizes has n − 1 layers.",
    },
    {
      name: "sizes added",
      gives: perLayer((units, inputs) => units + inputs),
      words:
        "You have added neighbouring sizes. Every unit has a weight for every input: multiply them, and add a bias for each unit.",
    },
    {
      name: "biases alone",
      gives: perLayer((units) => units),
      words: "These are the biases alone. Each unit also has a weight for every input.",
    },
  ],
  hints: [
    "Begin with one unit: how many numbers does it own?",
    "A unit has one weight for each input, and a bias. A layer has `units` of them.",
    "Sum `sizes[k] * (sizes[k - 1] + 1)` over k from 1 on.",
  ],
  praise: "Most of a network's numbers sit between its two widest neighbours.",
});
