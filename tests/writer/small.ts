// A small network for tests of the writer: it reads a made-up text and can be trained within a second.
import { Characters, gpt, Random, relu } from "glassbox";

/** Some words, drawn again and again: enough that a network can learn which letter follows which. */
function madeText(words: number, seed: number): string {
  const random = new Random(seed);
  const known = ["the", "white", "whale", "swam", "away,", "and", "sank."];
  return Array.from({ length: words }, () => known[random.randint(0, known.length)]).join(" ");
}

export const book = madeText(1500, 3);
export const kept = madeText(300, 4);
export const characters = Characters.of(book);

export const small = (seed = 42) =>
  gpt({
    vocabulary: characters.size,
    width: 8,
    blocks: 2,
    heads: 2,
    context: 12,
    tied: false,
    activation: relu,
    random: new Random(seed),
  });

/** That of an exported page whose cells run. */
export const POLICY =
  "default-src 'none'; script-src 'unsafe-inline' blob: 'wasm-unsafe-eval'; style-src 'unsafe-inline'; worker-src blob:";

/** A page around what a cell shows. */
export function pageAround(body: string, policy = POLICY): string {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>Writer</title><meta http-equiv="Content-Security-Policy" content="${policy}">`;
  return `<!doctype html><html lang="en">${head}<main><h1>Writer</h1><h2>Live</h2>${body}</main>`;
}

export const options = { text: book, kept, source: "Made up.", prompt: "the w", floor: 1.1 };
