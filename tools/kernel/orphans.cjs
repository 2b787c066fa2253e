// A kernel ends with whoever started it. JupyterLab ends its kernels when it ends; when it is killed it cannot, and a
// kernel left behind would keep its memory, and complain for ever into a pipe that nobody reads.
const LOOK_AGAIN = 1000; // milliseconds

const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit();
}, LOOK_AGAIN).unref();

for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (/** @type {NodeJS.ErrnoException} */ { code }) => {
    if (code === "EPIPE") process.exit();
  });
}
