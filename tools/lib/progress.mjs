// Progress of a run of notebooks: on a terminal one line that moves and tells of all that run, elsewhere a line when one
// begins and when it is done.

/** @typedef {import("./execute.mjs").ExecutionEvent} ExecutionEvent */

/**
 * A listener for the events of a run.
 * @param {NodeJS.WriteStream} [out]
 * @returns {(event: ExecutionEvent) => void}
 */
export function progress(out = process.stdout) {
  const live = out.isTTY;
  /** @type {Map<string, { started: number, cells: number, cell: number }>} the notebooks that run, by title */
  const running = new Map();
  /** @type {NodeJS.Timeout | undefined} */
  let clock;

  const elapsed = (/** @type {number} */ started) => `${((Date.now() - started) / 1000).toFixed(1)} s`;
  const draw = () => {
    if (!live) return;
    const parts = [...running].map(([title, { started, cells, cell }]) =>
      cell === 0
        ? `${title}  starting the kernel  ${elapsed(started)}`
        : `${title}  cell ${cell}/${cells}  ${elapsed(started)}`,
    );
    // A line that wraps could not be written over.
    out.write(`\r\x1b[K${parts.join("   ").slice(0, (out.columns ?? 80) - 1)}`);
  };
  const print = (/** @type {string} */ text) => {
    out.write(`${live ? "\r\x1b[K" : ""}${text}\n`);
    draw();
  };

  return (event) => {
    const title = event.notebook.replace(/\.ipynb$/, "");
    const run = running.get(title) ?? { started: Date.now(), cells: 0, cell: 0 };
    switch (event.event) {
      case "notebook":
        running.set(title, { started: Date.now(), cells: event.cells, cell: 0 });
        if (live) clock ??= setInterval(draw, 200);
        else print(`${title}  ${event.cells} cells …`);
        break;
      case "cell":
        run.cell = event.cell;
        break;
      case "warning":
        print(`${title}: ${event.message}`);
        break;
      case "done":
      case "failed": {
        running.delete(title);
        const cells = `cell ${"cell" in event ? event.cell : run.cells}/${run.cells}`;
        if (event.event === "done")
          print(`${title}  ${run.cells}/${run.cells} cells  ${elapsed(run.started)}`);
        else
          print(
            event.cell === 0 ? `${title}  FAILED` : `${title}  ${cells}  ${elapsed(run.started)}  FAILED`,
          );
        break;
      }
    }
    if (running.size === 0) {
      clearInterval(clock);
      clock = undefined;
    }
  };
}
