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

export const options = { text: book, kept, source: "Made up.", prompt: "the w", floor: 1.1 };
