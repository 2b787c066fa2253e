// Progress of a run of notebooks: on a terminal one line that moves, elsewhere one line when a notebook is done.

/** @typedef {import("./execute.mjs").ExecutionEvent} ExecutionEvent */

/**
 * A listener for the events of a run.
 * @param {NodeJS.WriteStream} [out]
 * @returns {(event: ExecutionEvent) => void}
 */
export function progress(out = process.stdout) {
  const live = out.isTTY;
  let started = 0;
  let cells = 0;
  let line = "";
  /** @type {NodeJS.Timeout | undefined} */
  let clock;

  const elapsed = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
  const draw = () => live && out.write(`\r\x1b[K${line}  ${elapsed()}`);
  const finish = (/** @type {string} */ text) => {
    clearInterval(clock);
    out.write(`${live ? "\r\x1b[K" : ""}${text}\n`);
  };

  return (event) => {
    const title = event.notebook.replace(/\.ipynb$/, "");
    switch (event.event) {
      case "notebook":
        started = Date.now();
        cells = event.cells;
        line = `${title}  starting the kernel`;
        if (live) clock = setInterval(draw, 200);
        else out.write(`${title}  ${cells} cells …\n`);
        draw();
        break;
      case "cell":
        line = `${title}  cell ${event.cell}/${cells}`;
        draw();
        break;
      case "done":
        finish(`${title}  ${cells}/${cells} cells  ${elapsed()}`);
        break;
      case "warning":
        finish(`${title}: ${event.message}`);
        break;
      case "failed":
        finish(
          event.cell === 0
            ? `${title}  FAILED`
            : `${title}  cell ${event.cell}/${cells}  ${elapsed()}  FAILED`,
        );
        break;
    }
  };
}
