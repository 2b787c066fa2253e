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

import(`./commands/${command}.mjs`)
  .then((module) => module.default(process.argv.slice(3)))
  .catch((error) => {
    // A Problem is something the reader can put right: its message says how. Anything else is a bug: show all of it.
    console.error(error && error.name === "Problem" ? error.message : error);
    process.exitCode = 1;
  });
