// npm run lab: JupyterLab on the notebooks, on this machine only, with its token. Further arguments go to JupyterLab.
import { spawn } from "node:child_process";
import { notebooksFolder, root, venvPython } from "../lib/paths.mjs";
import { jupyterEnvironment, setup } from "../lib/setup.mjs";

/** @param {string[]} args */
export default async function main(args) {
  await setup();
  const settings = [
    `--ServerApp.root_dir=${notebooksFolder}`,
    "--ServerApp.ip=127.0.0.1",
    // Only our kernel: the Python one that JupyterLab brings would greet every new notebook with a choice.
    "--KernelSpecManager.ensure_native_kernel=False",
    "--KernelSpecManager.allowed_kernelspecs=tslab",
    "--MultiKernelManager.default_kernel_name=tslab",
  ];
  // JupyterLab refuses to run as root unless told; in a container root is the usual user.
  if (process.getuid?.() === 0) settings.push("--allow-root");
  const lab = spawn(venvPython, ["-m", "jupyterlab", ...settings, ...args], {
    cwd: root,
    env: jupyterEnvironment(),
    stdio: "inherit",
  });
  // Ctrl-C reaches JupyterLab as well, which asks before it stops. Wait for its answer.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => lab.kill("SIGTERM"));
  process.exitCode = await new Promise((resolve) => lab.on("close", (code) => resolve(code ?? 1)));
}
