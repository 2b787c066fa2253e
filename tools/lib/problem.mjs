/** Something that stops a command and that the reader can put right. The message says what to do. */
export class Problem extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "Problem";
  }
}
