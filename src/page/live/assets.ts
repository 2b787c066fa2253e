/** In the place of `src/notebook/assets.ts`: a page carries its assets already, so a live output brings none. */
export function asset(_name: string): string {
  return "";
}
