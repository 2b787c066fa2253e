/** A loss in nats a token, as bits a character. */

import { exercise } from "../exercise";

/** (loss, tokens, characters) → bits a character of a text of so many tokens and characters. */
export const checkBitsPerCharacter = exercise<[loss: number, tokens: number, characters: number]>({
  name: "bitsPerCharacter",
  given: ["loss", "tokens", "characters"],
  drawn: (random, m) => [1 + 2 * random.rand(), 10 * m, 10 * m + 1 + random.randint(0, 30 * m)],
  edges: { "a token of two characters, ln 4 nats": [Math.log(4), 1, 2] },
  reference: (loss, tokens, characters) => (loss * tokens) / characters / Math.LN2,
  slips: [
    {
      name: "nats",
      gives: (loss, tokens, characters) => (loss * tokens) / characters,
      words: "These are nats a character. A bit is ln 2 nats: divide by it.",
    },
    {
      name: "a token",
      gives: (loss) => loss / Math.LN2,
      words: "These are bits a token. The loss of the whole text is shared by its characters.",
    },
    {
      name: "the wrong way round",
      gives: (loss, tokens, characters) => (loss * characters) / tokens / Math.LN2,
      words:
        "Tokens and characters are the wrong way round: fewer tokens for the same text must give fewer bits.",
    },
    {
      name: "times ln 2",
      gives: (loss, tokens, characters) => ((loss * tokens) / characters) * Math.LN2,
      words: "You multiply by ln 2. A nat is more than a bit, so there are more bits than nats: divide.",
    },
    {
      name: "perplexity",
      gives: (loss, tokens, characters) => Math.exp((loss * tokens) / characters),
      words: "That is a perplexity. Bits are the loss itself in another unit, without an exponential.",
    },
  ],
  hints: [
    "How large is the loss of the whole text, all tokens together?",
    "Divide it by the characters, then change the unit: ln 2 nats are one bit.",
    "`(loss * tokens) / characters / Math.LN2`",
  ],
  praise: "In this unit models with different vocabularies can be compared.",
});
