/*
 * The limit of this processor for 128-bit vectors: products and sums on registers alone, nothing fetched, nothing
 * stored. The bench divides what a matrix product reaches by this. Twelve chains, because each addition must wait for
 * the one before it in its own chain and a processor starts several a cycle.
 */

/** 24 · lanes · `times` operations; returns a number that depends on all of them, so that none can be left out. */
// @ts-ignore: decorator
@inline
export function limit<T>(times: i32, factor: T, term: T): T {
  const x = v128.splat<T>(factor);
  const y = v128.splat<T>(term);
  let a = x;
  let b = x;
  let c = x;
  let d = x;
  let e = x;
  let f = x;
  let g = y;
  let h = y;
  let i = y;
  let j = y;
  let k = y;
  let l = y;
  do {
    a = v128.add<T>(v128.mul<T>(a, x), y);
    b = v128.add<T>(v128.mul<T>(b, x), y);
    c = v128.add<T>(v128.mul<T>(c, x), y);
    d = v128.add<T>(v128.mul<T>(d, x), y);
    e = v128.add<T>(v128.mul<T>(e, x), y);
    f = v128.add<T>(v128.mul<T>(f, x), y);
    g = v128.add<T>(v128.mul<T>(g, x), y);
    h = v128.add<T>(v128.mul<T>(h, x), y);
    i = v128.add<T>(v128.mul<T>(i, x), y);
    j = v128.add<T>(v128.mul<T>(j, x), y);
    k = v128.add<T>(v128.mul<T>(k, x), y);
    l = v128.add<T>(v128.mul<T>(l, x), y);
  } while (--times);
  const first = v128.add<T>(v128.add<T>(v128.add<T>(a, b), v128.add<T>(c, d)), v128.add<T>(e, f));
  const second = v128.add<T>(v128.add<T>(v128.add<T>(g, h), v128.add<T>(i, j)), v128.add<T>(k, l));
  return v128.extract_lane<T>(v128.add<T>(first, second), 0);
}
