// Attention between queries, keys and values that are given, which the source's examples have; the library's layer makes its own.
import { Matrix, Ragged, SelfAttention } from "glassbox";

/**
 * O (width × tokens) and each head's map (keys × queries). The three are stacked below each other as the features of a
 * token, and the layer's weights pick them out.
 */
export function attentionOfGiven(
  Q: Matrix,
  K: Matrix,
  V: Matrix,
  heads: number,
  { scale, causal = false }: { scale?: number; causal?: boolean } = {},
): { O: Matrix; maps: Matrix[] } {
  const width = Q.rows;
  const X = Matrix.from([Q, K, V].flatMap((M) => M.toRows()));
  const pick = (part: number): Matrix =>
    Matrix.zeros(3 * width, 3 * width).map((_, i, j) => (i < width && j === part * width + i ? 1 : 0));
  // Heads share the rows evenly: rows beyond the width are heads of zeros.
  const layer = new SelfAttention(3 * width, {
    heads: 3 * heads,
    causal,
    bias: "none",
    ...(scale !== undefined && { scale }),
    weights: { query: pick(0), key: pick(1), value: pick(2), output: Matrix.identity(3 * width) },
  });
  const [output] = layer.forward(Ragged.of([X]));
  const [maps] = layer.maps(Ragged.of([X]));
  return { O: Matrix.from(output.columns.toRows().slice(0, width)), maps: maps.slice(0, heads) };
}
