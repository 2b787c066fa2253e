// The door to every command: `node tools/glassbox.cjs <command> …`. CommonJS and old syntax on purpose, so that
// an old Node gets as far as the sentence that says it is too old.
var needed = 20;
var found = Number(process.versions.node.split(".")[0]);

if (found < needed) {
  console.error(
    "Node " +
      needed +
      " or newer is needed; this is Node " +
      process.versions.node +
      ". Install a newer one and run the command again.",
  );
  process.exit(1);
}

var command = process.argv[2] || "start";

var args = process.argv.slice(3);
// A command that fails says who knows more, whatever made it fail.
process.on("exit", (code) => {
  if (code === 1 && command !== "doctor" && !inCopy) console.error("npm run doctor looks for the cause.");
});
var inCopy = false;

import("./lib/mirror.mjs")
  .then(({ runInCopy }) => runInCopy(command, args))
  .then(async (status) => {
    inCopy = status !== undefined;
    if (inCopy) process.exitCode = status;
    else await (await import(`./commands/${command}.mjs`)).default(args);
  })
  .catch(async (error) => {
    const [{ asProblem }, { exitCodeOf }] = await Promise.all([
      import("./lib/problem.mjs"),
      import("./lib/interrupt.mjs"),
    ]);
    const cause = /** @type {import("./lib/interrupt.mjs").Interrupted} */ (asProblem(error));
    // A Problem is something the reader can put right: its message says how. Anything else is a bug: show all of it.
    const isForTheReader = cause && (cause.name === "Problem" || cause.name === "Interrupted");
    console.error(isForTheReader ? cause.message : cause);
    if (!isForTheReader) console.error("This is a bug, or a damaged set-up. npm run doctor tells which.");
    process.exitCode = cause && cause.name === "Interrupted" ? exitCodeOf(cause.signal) : 1;
  });
