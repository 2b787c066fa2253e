/*
 * A network as JSON, and back, to the last bit: what kind each layer is, how it was made, and its numbers as rows.
 *
 *   const text = JSON.stringify(networkToJson(network));
 *   const again = networkFromJson(JSON.parse(text));
 *
 * JSON prints the shortest decimal that reads back as the same float64, so nothing is rounded; only −0 needs care, which
 * JSON would turn into 0, and stands as the text "-0". A file is read with suspicion: every error says where in the
 * file, what was expected there, and what was found.
 */
import type { ActivationFunction } from "../activations/activation-function";
import { elu } from "../activations/elu";
import { leakyRelu } from "../activations/leaky-relu";
import { activations } from "../activations/listing";
import type { Layer } from "../core/core";
import { Observe } from "../inspect/observe";
import { Activation } from "../layers/activation";
import { BatchNorm } from "../layers/batch-norm";
import { requireLayer } from "../layers/checks";
import { Dense } from "../layers/dense";
import { Dropout } from "../layers/dropout";
import { LayerNorm } from "../layers/layer-norm";
import { LogSoftmax } from "../layers/log-softmax";
import { Residual } from "../layers/residual";
import { Sequential } from "../layers/sequential";
import { Softmax } from "../layers/softmax";
import { describe, requireOptionsObject, StateError, ValueError } from "../numbers/errors";
import { Matrix, requireFinite } from "../numbers/matrix";
import { Random } from "../numbers/random";

/** What `networkToJson` returns: plain data, ready for JSON.stringify. */
export interface NetworkJson {
  readonly format: "glassbox network";
  readonly version: 1;
  readonly network: LayerJson;
}

/** A matrix as its rows. */
export type RowsJson = readonly (readonly (number | "-0")[])[];

export interface LayerJson {
  /** "dense", "activation", "sequential", …; "again" for a layer that stood earlier in the file. */
  readonly kind: string;
  readonly name: string;
  /** How it was made: sizes, rates, the name of a function. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** What it has learned, and remembers: by name, as rows. */
  readonly weights?: Readonly<Record<string, RowsJson>>;
  /** The layers inside. */
  readonly layers?: readonly LayerJson[];
}

/** How one kind of layer is written and read. */
export interface LayerKind {
  readonly kind: string;
  is(layer: Layer): boolean;
  write(layer: Layer, write: (inside: Layer) => LayerJson): Omit<LayerJson, "kind" | "name">;
  read(entry: LayerReader): Layer;
}

export interface SerializationOptions {
  /** Layers of your own. They are asked before the library's. */
  readonly kinds?: readonly LayerKind[];
  /** Activation functions of your own, found again by name. */
  readonly activations?: readonly ActivationFunction[];
}

export interface ReadOptions extends SerializationOptions {
  /**
   * What dropout layers draw from. Left out: new generators with the saved seeds, from their beginnings; layers that
   * were saved with one seed share one.
   */
  readonly random?: Random;
}

/** Layers inside one another: more than any network needs, and few enough for any stack. */
const DEEPEST = 200;
/** Layers that one pass runs through: a block that stands in itself by "again" is small in a file, and may be huge to run. */
const MOST_USES = 100_000;

const FORMAT = "glassbox network";
const VERSION = 1;

/**
 * Writes a network down: layers, weights, running averages. Not written: gradients, what an optimizer remembers, where a
 * generator stands, and observers.
 * @throws ValueError for a layer or an activation that the library does not know, and for NaN and ∞ in the weights
 */
export function networkToJson(network: Layer, options: SerializationOptions = {}): NetworkJson {
  requireLayer("networkToJson", "a network", network);
  requireOptionsObject("networkToJson", options);
  const kinds = [...(options.kinds ?? []), ...libraryKinds(options.activations ?? [])];
  const written = new Map<Layer, number>();
  let depth = 0;
  const write = (layer: Layer): LayerJson => {
    if (layer instanceof Observe) return write(layer.inner);
    const earlier = written.get(layer);
    if (earlier !== undefined) return { kind: "again", name: layer.name, options: { layer: earlier } };
    const kind = kinds.find((candidate) => candidate.is(layer));
    if (kind === undefined) {
      throw new ValueError(
        `networkToJson: expected layers that it knows, got ${describe(layer)} "${layer.name}". Try { kinds: […] }.`,
      );
    }
    written.set(layer, written.size);
    if (++depth > DEEPEST) {
      throw new ValueError(
        `networkToJson: expected at most ${DEEPEST} layers inside one another, got more, at "${layer.name}".`,
      );
    }
    const entry = { kind: kind.kind, name: layer.name, ...kind.write(layer, write) };
    depth -= 1;
    return entry;
  };
  return { format: FORMAT, version: VERSION, network: write(network) };
}

/**
 * Builds the network that `networkToJson` wrote down. A file cannot make it endless: layers stand at most 200 deep, and
 * one pass runs at most 100,000 of them.
 * @param json what JSON.parse returned
 * @throws ValueError that names the place in the file, what was expected there and what was found; ShapeError for
 *   layers that do not fit together
 */
export function networkFromJson(json: unknown, options: ReadOptions = {}): Layer {
  if (typeof json === "string") {
    throw new ValueError("networkFromJson: expected what JSON.parse returns, got text. Try JSON.parse.");
  }
  requireOptionsObject("networkFromJson", options);
  const file: LayerReader = new LayerReader(json, "file", {
    kinds: [],
    layers: [],
    uses: [],
    depth: 0,
    generator: () => new Random(0),
  });
  file.expect(file.value("format") === FORMAT, `format "${FORMAT}"`, file.value("format"));
  file.expect(file.value("version") === VERSION, `version ${VERSION}`, file.value("version"));
  const seeds = new Map<number, Random>();
  const generator = (seed: number): Random => {
    const random = options.random ?? seeds.get(seed) ?? new Random(seed);
    seeds.set(seed, random);
    return random;
  };
  const kinds = [...(options.kinds ?? []), ...libraryKinds(options.activations ?? [])];
  return new LayerReader(file.value("network"), "network", {
    kinds,
    layers: [],
    uses: [],
    depth: 0,
    generator,
  }).build();
}

/** What all entries of one file share. */
interface Shared {
  readonly kinds: readonly LayerKind[];
  /** In the order of the file, for "again". */
  readonly layers: (Layer | undefined)[];
  /** How many layers a pass through each of them runs. */
  readonly uses: number[];
  /** How many entries stand around the one that is being read. */
  depth: number;
  readonly generator: (seed: number) => Random;
}

/** One layer's entry in the file, read with suspicion. */
export class LayerReader {
  private readonly entry: Fields;
  private usesInside = 0;
  private uses = 1;

  /** @param path where it stands in the file: "network.layers[2]" */
  constructor(
    entry: unknown,
    readonly path: string,
    private readonly shared: Shared,
  ) {
    this.entry = {};
    this.expect(isFields(entry), "an object", entry);
    this.entry = entry;
  }

  get name(): string {
    const name = this.value("name");
    this.expect(typeof name === "string", "text", name, "name");
    return name;
  }

  /** The entry's own field, or undefined. */
  value(key: string): unknown {
    return field(this.entry, key);
  }

  /** Whatever stands among the options. */
  option(key: string): unknown {
    const options = this.value("options");
    this.expect(isFields(options), "an object", options, "options");
    return field(options, key);
  }

  /** A number among the options. */
  number(key: string): number {
    const value = this.option(key);
    this.expect(typeof value === "number", "a number", value, `options.${key}`);
    return value;
  }

  /** Text among the options. */
  text(key: string): string {
    const value = this.option(key);
    this.expect(typeof value === "string", "text", value, `options.${key}`);
    return value;
  }

  /** A matrix of exactly rows × columns among the weights. */
  weights(key: string, rows: number, columns: number): Matrix {
    const all = this.value("weights");
    this.expect(isFields(all), "an object", all, "weights");
    const list = field(all, key);
    const path = `weights.${key}`;
    this.expect(
      Array.isArray(list) && list.length === rows,
      `${rows} rows of ${columns} numbers`,
      list,
      path,
    );
    const data = list.flatMap((row: unknown, i) => {
      this.expect(Array.isArray(row) && row.length === columns, `${columns} numbers`, row, `${path}[${i}]`);
      return row.map((entry: unknown, j) => {
        const isNumber = entry === "-0" || (typeof entry === "number" && Number.isFinite(entry));
        this.expect(isNumber, "a finite number", entry, `${path}[${i}][${j}]`);
        return Number(entry);
      });
    });
    return Matrix.fromRows(rows, columns, data);
  }

  /** The layers inside. */
  layers(): Layer[] {
    const list = this.value("layers");
    this.expect(Array.isArray(list), "an array of layers", list, "layers");
    return list.map((entry: unknown, i) => {
      const reader = new LayerReader(entry, `${this.path}.layers[${i}]`, this.shared);
      const layer = reader.build();
      this.usesInside += reader.uses;
      const much = this.usesInside > MOST_USES;
      this.expect(!much, `at most ${MOST_USES} layers in a pass`, `${this.usesInside}`, "layers");
      return layer;
    });
  }

  /** The generator that was saved by its seed. */
  random(): Random {
    return this.shared.generator(this.number("seed"));
  }

  /** The layer that this entry describes. */
  build(): Layer {
    const name = this.value("kind");
    if (name === "again") return this.earlier();
    const { shared } = this;
    this.expect(shared.depth < DEEPEST, `at most ${DEEPEST} layers inside one another`, "more");
    const kind = this.shared.kinds.find((candidate) => candidate.kind === name);
    const known = this.shared.kinds.map((candidate) => candidate.kind).join(", ");
    this.expect(kind !== undefined, `one of ${known}, again`, name, "kind");
    const place = this.shared.layers.push(undefined) - 1; // taken before the layers inside take theirs
    shared.depth += 1;
    const layer = kind.read(this);
    shared.depth -= 1;
    shared.layers[place] = layer;
    this.uses = 1 + this.usesInside;
    shared.uses[place] = this.uses;
    return layer;
  }

  private earlier(): Layer {
    const index = this.number("layer");
    const layer = this.shared.layers[index];
    this.expect(layer !== undefined, "the number of a layer before this one", index, "options.layer");
    this.uses = this.shared.uses[index];
    return layer;
  }

  /** Throws unless `holds`, and says where. */
  expect(holds: unknown, wanted: string, actual: unknown, key = ""): asserts holds {
    if (holds) return;
    const place = key === "" ? this.path : `${this.path}.${key}`;
    throw new ValueError(`networkFromJson: expected ${wanted} at ${place}, got ${describe(actual)}.`);
  }
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An own field: "constructor" and the like are not in the file. */
function field(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

/** The kinds of the library, a line or two each. */
function libraryKinds(custom: readonly ActivationFunction[]): readonly LayerKind[] {
  return [
    kind("dense", Dense, {
      write: ({ inputs, outputs, weights, bias }) => ({
        options: { inputs, outputs },
        weights: { weights: rows(weights), bias: rows(bias) },
      }),
      read: (entry: LayerReader) => {
        const [inputs, outputs] = [entry.number("inputs"), entry.number("outputs")];
        const weights = entry.weights("weights", outputs, inputs);
        return new Dense(inputs, outputs, {
          name: entry.name,
          weights,
          bias: entry.weights("bias", outputs, 1),
        });
      },
    }),
    kind("activation", Activation, {
      write: ({ activation }) => ({ options: writeActivation(activation, custom) }),
      read: (entry) => new Activation(readActivation(entry, custom), { name: entry.name }),
    }),
    kind("softmax", Softmax, { write: () => ({}), read: ({ name }) => new Softmax({ name }) }),
    kind("log-softmax", LogSoftmax, { write: () => ({}), read: ({ name }) => new LogSoftmax({ name }) }),
    kind("dropout", Dropout, {
      write: ({ rate, random }) => ({ options: { rate, seed: random.seed } }),
      read: (entry) => new Dropout(entry.number("rate"), { name: entry.name, random: entry.random() }),
    }),
    kind("batch-norm", BatchNorm, {
      write: (layer) => ({
        options: { features: layer.features, momentum: layer.momentum, epsilon: layer.epsilon },
        weights: {
          gamma: rows(layer.gamma),
          beta: rows(layer.beta),
          runningMean: rows({ name: `${layer.name}.runningMean`, value: layer.runningMean }),
          runningVariance: rows({ name: `${layer.name}.runningVariance`, value: layer.runningVariance }),
        },
      }),
      read: (entry: LayerReader) => {
        const features = entry.number("features");
        const column = (key: string): Matrix => entry.weights(key, features, 1);
        return new BatchNorm(features, {
          name: entry.name,
          momentum: entry.number("momentum"),
          epsilon: entry.number("epsilon"),
          gamma: column("gamma"),
          beta: column("beta"),
          runningMean: column("runningMean"),
          runningVariance: column("runningVariance"),
        });
      },
    }),
    kind("layer-norm", LayerNorm, {
      write: ({ features, epsilon, gamma, beta }) => ({
        options: { features, epsilon },
        weights: { gamma: rows(gamma), beta: rows(beta) },
      }),
      read: (entry: LayerReader) => {
        const features = entry.number("features");
        const [gamma, beta] = [entry.weights("gamma", features, 1), entry.weights("beta", features, 1)];
        return new LayerNorm(features, { name: entry.name, epsilon: entry.number("epsilon"), gamma, beta });
      },
    }),
    kind("residual", Residual, {
      write: ({ inner }, write) => ({ layers: [write(inner)] }),
      read: (entry: LayerReader) => {
        const inside = entry.layers();
        entry.expect(inside.length === 1, "exactly one layer", inside, "layers");
        return new Residual(inside[0], { name: entry.name });
      },
    }),
    kind("sequential", Sequential, {
      write: ({ layers }, write) => ({ layers: layers.map(write) }),
      read: (entry) => new Sequential(entry.layers(), { name: entry.name }),
    }),
  ];
}

/** Ties a class to how it is written and read, so that `write` knows its layer's type. */
function kind<L extends Layer>(
  name: string,
  layerClass: abstract new (...settings: never[]) => L,
  how: {
    write(layer: L, write: (inside: Layer) => LayerJson): Omit<LayerJson, "kind" | "name">;
    read(entry: LayerReader): L;
  },
): LayerKind {
  return {
    kind: name,
    is: (layer) => layer instanceof layerClass,
    write: (layer, write) => how.write(layer as L, write),
    read: how.read,
  };
}

/** Functions that are made with a number. */
const MADE: Readonly<Record<string, (alpha: number) => ActivationFunction>> = {
  [leakyRelu().name]: leakyRelu,
  [elu().name]: elu,
};

function writeActivation(
  { name, settings }: ActivationFunction,
  custom: readonly ActivationFunction[],
): Record<string, unknown> {
  if (![...custom, ...activations].some((known) => known.name === name)) {
    throw new ValueError(
      `networkToJson: expected activation functions that it knows, got "${name}". Try { activations: […] }.`,
    );
  }
  return settings === undefined ? { function: name } : { function: name, ...settings };
}

function readActivation(entry: LayerReader, custom: readonly ActivationFunction[]): ActivationFunction {
  const name = entry.text("function");
  const own = custom.find((known) => known.name === name);
  if (own !== undefined) return own;
  if (Object.hasOwn(MADE, name)) return MADE[name](entry.number("alpha"));
  const found = activations.find((known) => known.name === name);
  const names = [...custom, ...activations].map((known) => known.name).join(", ");
  entry.expect(found !== undefined, `one of ${names}`, name, "options.function");
  return found;
}

function rows({ name, value }: { readonly name: string; readonly value: Matrix }): RowsJson {
  requireFinite("networkToJson", name, value);
  if (value.size === 0)
    throw new StateError(`networkToJson: expected numbers in ${name}, got ${value.shape}.`);
  return value.toRows().map((row) => row.map((entry) => (Object.is(entry, -0) ? "-0" : entry)));
}
