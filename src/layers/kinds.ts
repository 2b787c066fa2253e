/*
 * Every kind of layer that the library has: the static `kind` of each class that the list of layers names. Whoever reads
 * a file looks here for what it finds there.
 */
import type { LayerClass, LayerKind } from "../core/kind";
import * as layers from "./index";

export const layerKinds: readonly LayerKind[] = (
  Object.values(layers) as readonly Partial<LayerClass>[]
).flatMap(({ kind }) => kind ?? []);
