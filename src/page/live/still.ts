/** In the place of `src/notebook/still/still.ts`: a figure that is drawn live needs no still picture. */
export function stillSvg(): undefined {
  return undefined;
}
