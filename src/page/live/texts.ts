/** In the place of `src/notebook/texts.ts`: each text is a part of its own, which only the pages that use it carry. */
import type { TextName } from "./messages";

const texts = new Map<TextName, string>();

export function receiveText(name: TextName, text: string): void {
  texts.set(name, text);
}

export function mobyDick(): string {
  return textOf("mobyDick", "moby-dick");
}

export function firstNames(): string[] {
  return textOf("firstNames", "first-names").split("\n");
}

function textOf(owner: string, name: TextName): string {
  const text = texts.get(name);
  if (text !== undefined) return text;
  throw new Error(
    `${owner}: this page does not carry that text, because none of its own cells uses it. The notebook itself has it, in JupyterLab.`,
  );
}
