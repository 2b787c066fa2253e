/*
 * Every kind of layer that the library has: the static `kind` of each class that the list of layers names. Whoever reads
 * a file looks here for what it finds there.
 */
import type { LayerClass, LayerKind } from "../core/kind";
import * as layers from "./index";

export function layerKinds(): readonly LayerKind[] {
  return (Object.values(layers) as readonly Partial<LayerClass>[]).flatMap(({ kind }) => kind ?? []);
}
