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
import { activationKind } from "../activations/kinds";
import { leakyRelu } from "../activations/leaky-relu";
import { activations } from "../activations/listing";
import { requireLayer } from "../core/answers";
import type { AnyLayer, Layer, Parameter } from "../core/core";
import {
  inFiles,
  kindOf,
  type LayerClass,
  type LayerContents,
  type LayerEntry,
  type LayerKind,
  type WriteInside,
} from "../core/kind";
import { Observe } from "../inspect/observe";
import { layerKinds } from "../layers/kinds";
import { describe, StateError, ValueError } from "../numbers/errors";
import { Matrix, requireFinite } from "../numbers/matrix";
import { aFunction, anObject, listOf, madeBy, type OptionTable, requireOptions } from "../numbers/options";
import { Random } from "../numbers/random";

/** What `networkToJson` returns: plain data, ready for JSON.stringify. */
export interface NetworkJson {
  readonly format: "glassbox network";
  readonly version: 1;
  readonly network: LayerJson;
}

/** A matrix as its rows. */
export type RowsJson = readonly (readonly (number | "-0")[])[];

/** In place of rows, for a parameter that a layer earlier in the file has as well: it is saved once. */
export interface SharedJson {
  /** Which layer has it: the first of the file is 0, as "again" counts. */
  readonly layer: number;
  /** What it is called there: "weights". */
  readonly weights: string;
}

export interface LayerJson {
  /** "dense", "activation", "sequential", …; "again" for a layer that stood earlier in the file. */
  readonly kind: string;
  readonly name: string;
  /** How it was made: sizes, rates, the name of a function. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** What it has learned, and remembers: by name, as rows. */
  readonly weights?: Readonly<Record<string, RowsJson | SharedJson>>;
  /** The layers inside. */
  readonly layers?: readonly LayerJson[];
}

export interface SerializationOptions {
  /** Activation functions of your own, found again by name. */
  readonly activations?: readonly ActivationFunction[];
}

export interface ReadOptions extends SerializationOptions {
  /** Layers of your own: classes with a static `kind`. They are asked before the library's. */
  readonly layers?: readonly LayerClass[];
  /**
   * What dropout layers draw from. Left out: new generators with the saved seeds, from their beginnings; layers that
   * were saved with one seed share one.
   */
  readonly random?: Random;
}

/** What reading takes may be given to writing, too: one object for both. */
const OPTIONS: OptionTable<ReadOptions> = {
  activations: listOf("activation functions", anObject("an activation function such as relu")),
  layers: listOf("classes of layers", aFunction("a class with a static kind")),
  random: madeBy("a Random", Random),
};

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
export function networkToJson(network: AnyLayer, options: SerializationOptions = {}): NetworkJson {
  requireLayer("networkToJson", "a network", network);
  requireOptions("networkToJson", options, OPTIONS);
  return { format: FORMAT, version: VERSION, network: new Writer(options).write(network) };
}

/** Writes the layers of one file. */
class Writer {
  private readonly layers = new Map<AnyLayer, number>();
  private readonly parameters = new Map<Parameter, SharedJson>();
  private readonly inside: WriteInside;
  private depth = 0;

  constructor(options: SerializationOptions) {
    this.inside = Object.assign((layer: AnyLayer) => this.write(layer), {
      activation: (activation: ActivationFunction) => writeActivation(activation, options.activations ?? []),
    });
  }

  write(layer: AnyLayer): LayerJson {
    if (layer instanceof Observe) return this.write(layer.inner);
    const earlier = this.layers.get(layer);
    if (earlier !== undefined) return { kind: "again", name: layer.name, options: { layer: earlier } };
    const kind = kindOf(layer);
    if (kind === undefined) {
      throw new ValueError(
        `networkToJson: expected layers that it knows, got ${describe(layer)} "${layer.name}". ` +
          "Give its class a static kind.",
      );
    }
    const number = this.layers.size;
    this.layers.set(layer, number);
    if (++this.depth > DEEPEST) {
      throw new ValueError(
        `networkToJson: expected at most ${DEEPEST} layers inside one another, got more, at "${layer.name}".`,
      );
    }
    const { options, weights, layers } = kind.write(layer, this.inside);
    this.depth -= 1;
    return {
      kind: inFiles(kind.title),
      name: layer.name,
      ...(options !== undefined && { options }),
      ...(weights !== undefined && { weights: this.weights(layer, number, weights) }),
      ...(layers !== undefined && { layers: layers as readonly LayerJson[] }),
    };
  }

  private weights(
    layer: AnyLayer,
    number: number,
    all: NonNullable<LayerContents["weights"]>,
  ): Record<string, RowsJson | SharedJson> {
    return Object.fromEntries(
      Object.entries(all).map(([key, tensor]) => {
        if (tensor instanceof Matrix) return [key, rows(`${layer.name}.${key}`, tensor)];
        const shared = this.parameters.get(tensor);
        if (shared !== undefined) return [key, shared];
        this.parameters.set(tensor, { layer: number, weights: key });
        return [key, rows(tensor.name, tensor.value)];
      }),
    );
  }
}

/**
 * Builds the network that `networkToJson` wrote down. A file cannot make it endless: layers stand at most 200 deep, and
 * one pass runs at most 100,000 of them.
 * @param json what JSON.parse returned
 * @throws ValueError that names the place in the file, what was expected there and what was found; ShapeError for
 *   layers that do not fit together
 */
export function networkFromJson<In = Matrix, Out = Matrix>(
  json: unknown,
  options: ReadOptions = {},
): Layer<In, Out> {
  if (typeof json === "string") {
    throw new ValueError("networkFromJson: expected what JSON.parse returns, got text. Try JSON.parse.");
  }
  requireOptions("networkFromJson", options, OPTIONS);
  const shared: Shared = {
    kinds: [...(options.layers ?? []).map(({ kind }) => kind), ...layerKinds()],
    activations: options.activations ?? [],
    layers: [],
    uses: [],
    depth: 0,
    generator: (seed) => {
      const random = options.random ?? seeds.get(seed) ?? new Random(seed);
      seeds.set(seed, random);
      return random;
    },
  };
  const seeds = new Map<number, Random>();
  const file: LayerReader = new LayerReader(json, "file", shared);
  file.expect(file.value("format") === FORMAT, `format "${FORMAT}"`, file.value("format"));
  file.expect(file.value("version") === VERSION, `version ${VERSION}`, file.value("version"));
  return new LayerReader(file.value("network"), "network", shared).build() as Layer<In, Out>;
}

/** What all entries of one file share. */
interface Shared {
  readonly kinds: readonly LayerKind[];
  readonly activations: readonly ActivationFunction[];
  /** In the order of the file, for "again". */
  readonly layers: (AnyLayer | undefined)[];
  /** How many layers a pass through each of them runs. */
  readonly uses: number[];
  /** How many entries stand around the one that is being read. */
  depth: number;
  readonly generator: (seed: number) => Random;
}

/** One layer's entry in the file, read with suspicion. */
class LayerReader implements LayerEntry {
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

  /** The activation function that was saved by its name. */
  activation(): ActivationFunction {
    return readActivation(this, this.shared.activations);
  }

  /** A matrix of exactly rows × columns among the weights; or the parameter of an earlier layer that stands for it. */
  parameter(key: string, rows: number, columns: number): Matrix | Parameter {
    const given = this.weight(key);
    if (!isFields(given)) return this.weights(key, rows, columns);
    const path = `weights.${key}`;
    const [number, name] = [field(given, "layer"), field(given, "weights")];
    const layer = typeof number === "number" ? this.shared.layers[number] : undefined;
    this.expect(layer !== undefined, "the number of a layer before this one", number, `${path}.layer`);
    const shared = layer.parameters.find((one) => one === (layer as unknown as Fields)[String(name)]);
    this.expect(shared !== undefined, `the name of a parameter of "${layer.name}"`, name, `${path}.weights`);
    const { value } = shared;
    this.expect(
      value.rows === rows && value.columns === columns,
      `a parameter of ${rows} × ${columns}`,
      value,
      path,
    );
    return shared;
  }

  private weight(key: string): unknown {
    const all = this.value("weights");
    this.expect(isFields(all), "an object", all, "weights");
    return field(all, key);
  }

  /** A matrix of exactly rows × columns among the weights. */
  weights(key: string, rows: number, columns: number): Matrix {
    const list = this.weight(key);
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
  layers(): AnyLayer[] {
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
  build(): AnyLayer {
    const name = this.value("kind");
    if (name === "again") return this.earlier();
    const { shared } = this;
    this.expect(shared.depth < DEEPEST, `at most ${DEEPEST} layers inside one another`, "more");
    const kind = shared.kinds.find(({ title }) => inFiles(title) === name);
    const known = shared.kinds.map(({ title }) => inFiles(title)).join(", ");
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

  private earlier(): AnyLayer {
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

/** Functions that are made with a number. */
const MADE: Readonly<Record<string, (alpha: number) => ActivationFunction>> = {
  [leakyRelu().name]: leakyRelu,
  [elu().name]: elu,
};

function writeActivation(
  activation: ActivationFunction,
  custom: readonly ActivationFunction[],
): Record<string, unknown> {
  const { name, settings } = activation;
  const isOurs = activationKind(activation) !== undefined;
  const namesake = custom.find((known) => known.name === name && known !== activation);
  if (isOurs && namesake !== undefined) {
    throw new ValueError(
      `networkToJson: expected activations of your own under names of their own, got one called "${name}", as the library's.`,
    );
  }
  if (!isOurs && namesake === undefined && !custom.includes(activation)) {
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

function rows(name: string, value: Matrix): RowsJson {
  requireFinite("networkToJson", name, value);
  if (value.size === 0)
    throw new StateError(`networkToJson: expected numbers in ${name}, got ${value.shape}.`);
  return value.toRows().map((row) => row.map((entry) => (Object.is(entry, -0) ? "-0" : entry)));
}
