// One line for a long piece of work: on a terminal it moves, elsewhere it is said once and ended once.

/** @typedef {ReturnType<typeof progressLine>} ProgressLine */

/**
 * @param {string} title
 * @param {NodeJS.WriteStream} [out]
 */
export function progressLine(title, out = process.stdout) {
  const started = Date.now();
  const live = out.isTTY;
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
  const last = (/** @type {string} */ text) => out.write(`${live ? "\r\x1b[K" : ""}${title}: ${text}\n`);
  return {
    /** What goes on, where it can be seen to change. @param {string} text */
    show: (text) => live && out.write(`\r\x1b[K${title}: ${text}`),
    /** Worth a line of its own where lines do not move. @param {string} text */
    announce: (text) => (live ? out.write(`\r\x1b[K${title}: ${text}`) : out.write(`${title}: ${text}\n`)),
    /** @param {string} text */
    end: (text) => last(`${text} (${seconds()})`),
    fail: () => last(`not to be had (${seconds()})`),
  };
}
