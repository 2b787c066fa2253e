#!/usr/bin/env node
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

var path = require("node:path");
var root = path.dirname(__dirname);
// In somebody's node_modules there is no course, and nothing to build.
var isPackage = path.basename(path.dirname(root)) === "node_modules";
var commands = isPackage
  ? ["export", "doctor"]
  : require("node:fs")
      .readdirSync(path.join(__dirname, "commands"))
      .map((name) => name.replace(/\.mjs$/, ""));
var command = process.argv[2] || (isPackage ? "" : "start");
if (!commands.includes(command)) {
  console.error(
    `Glassbox ${require("../package.json").version}. ${command && `There is no command "${command}". `}There are: ${commands.join(", ")}.`,
  );
  if (isPackage)
    console.error("glassbox export my.ipynb executes the notebook and writes my.html beside it.");
  process.exit(command === "" ? 0 : 1);
}

var args = process.argv.slice(3);
// A command that fails says who knows more, whatever made it fail. The doctor finds what is wrong with a machine or a
// set-up; a test that fails has its cause in the code, most often, so there the doctor is not promised to find it.
process.on("exit", (code) => {
  if (code !== 1 || command === "doctor" || inCopy) return;
  var doctor = isPackage ? "glassbox doctor" : "npm run doctor";
  console.error(
    isFinding
      ? `If the same passes on another machine, ${doctor} looks at this one.`
      : `${doctor} looks for the cause.`,
  );
});
var inCopy = false;
var isFinding = false;

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
    const cause = /** @type {import("./lib/interrupt.mjs").Interrupted & { isFinding?: boolean }} */ (
      asProblem(error)
    );
    // A Problem is something the reader can put right: its message says how. Anything else is a bug: show all of it.
    const isForTheReader = cause && (cause.name === "Problem" || cause.name === "Interrupted");
    isFinding = Boolean(cause?.isFinding);
    if (cause?.message !== "" || !isFinding) console.error(isForTheReader ? cause.message : cause);
    if (!isForTheReader) console.error("This is a bug, or a damaged set-up. npm run doctor tells which.");
    process.exitCode = cause && cause.name === "Interrupted" ? exitCodeOf(cause.signal) : 1;
  });
