// npm run lab: JupyterLab on the notebooks, on this machine only, with its token. Further arguments go to JupyterLab.
import { spawn } from "node:child_process";
import { labArguments } from "../lib/lab.mjs";
import { notebooksToWorkIn } from "../lib/mirror.mjs";
import { root, venvPython } from "../lib/paths.mjs";
import { chooseReference } from "../lib/reference.mjs";
import { jupyterEnvironment, setup } from "../lib/setup.mjs";

/** @param {string[]} args */
export default async function main(args) {
  await setup();
  const reference = await chooseReference();
  console.log(reference.line);
  const lab = spawn(venvPython, [...labArguments(notebooksToWorkIn()), ...args], {
    cwd: root,
    env: { ...jupyterEnvironment(), ...reference.env },
    stdio: "inherit",
  });
  // Ctrl-C reaches JupyterLab as well, which asks before it stops. Wait for its answer.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => lab.kill("SIGTERM"));
  process.exitCode = await new Promise((resolve) => lab.on("close", (code) => resolve(code ?? 1)));
}
