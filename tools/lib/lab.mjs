// How JupyterLab is started, for `npm run lab` and for the test that drives it.

/** @param {string} folder what it shows @returns {string[]} arguments for Python */
export function labArguments(folder) {
  return [
    "-m",
    "jupyterlab",
    `--ServerApp.root_dir=${folder}`,
    "--ServerApp.ip=127.0.0.1",
    // Only our kernels: the Python one that JupyterLab brings would greet every new notebook with a choice.
    "--KernelSpecManager.ensure_native_kernel=False",
    // One option a name: "tslab,jslab" would be the name of a single kernel that is not there.
    "--KernelSpecManager.allowed_kernelspecs=tslab",
    "--KernelSpecManager.allowed_kernelspecs=jslab",
    "--MultiKernelManager.default_kernel_name=tslab",
    // JupyterLab refuses to run as root unless told; in a container root is the usual user.
    ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
  ];
}
