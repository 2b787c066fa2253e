/**
 * In the place of `src/datasets/handwritten-digits-data.ts`: the digits are a part of their own, which only the pages that
 * use them carry.
 */
let digits: string | undefined;

export function receiveDigits(text: string): void {
  digits = text;
}

export const DIGITS = {
  trim(): string {
    if (digits === undefined)
      throw new Error(
        "handwrittenDigits: this page does not carry the digits, because none of its own cells uses them. The notebook itself has them, in JupyterLab.",
      );
    return digits.trim();
  },
};
