// The SIMD kernels: AssemblyScript in src/numbers/kernels/simd/assembly, compiled to WebAssembly and embedded in bytes.ts,
// so that whoever uses the library needs no compiler and no file beside it.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeModules, root } from "./paths.mjs";
import { Problem } from "./problem.mjs";
import { fingerprint } from "./stamp.mjs";

const home = join(root, "src/numbers/kernels/simd");
const compiler = join(nodeModules, "assemblyscript/package.json");

/** The text of bytes.ts as it must be, freshly compiled. @param {string} [folder] the one that holds assembly/ */
export async function compileSimd(folder = home) {
  const name = "assemblyscript/asc"; // in a variable: its types would change those of `require` everywhere
  const { default: asc } = await import(name);
  const said = asc.createMemoryStream();
  let bytes;
  const { error } = await asc.main(
    [
      join(folder, "assembly/index.ts"),
      ...["--outFile", "kernels.wasm", "-O3", "--noAssert", "--runtime", "stub", "--enable", "simd"],
      // The memory comes from outside, as large as its owner likes.
      ...["--importMemory", "--initialMemory", "1", "--maximumMemory", "65536"],
      ...["--disableWarning", "201"], // sizes are 32-bit numbers here, and stay so
    ],
    {
      stdout: said,
      stderr: said,
      readFile: (/** @type {string} */ name, /** @type {string} */ base) => {
        const file = [name, join(base, name)].find((path) => existsSync(path));
        return file === undefined ? null : readFileSync(file, "utf8");
      },
      writeFile: (/** @type {string} */ name, /** @type {Uint8Array} */ contents) => {
        if (name === "kernels.wasm") bytes = contents;
      },
    },
  );
  if (error !== null || bytes === undefined) {
    throw new Problem(`The SIMD kernels do not compile:\n${said.toString() || error?.message}`);
  }
  const lines = Buffer.from(bytes).toString("base64");
  return [
    "// Made by `npm run build` from the files in assembly/; a test holds the two together. Do not edit.",
    `// ${simdFingerprint(folder)}: a hash of those files and of the compiler's version.`,
    "",
    "/** The module's bytes in base64. */",
    "export const BYTES =",
    `  "${lines}";`,
    "",
  ].join("\n");
}

/** @param {string} folder */
const simdFingerprint = (folder) => fingerprint([join(folder, "assembly"), compiler]);

/** Writes bytes.ts anew where its sources have changed. Without the compiler (no development packages) it stays. */
export async function embedSimd() {
  const file = join(home, "bytes.ts");
  if (existsSync(file) && readFileSync(file, "utf8").includes(simdFingerprint(home))) return;
  if (existsSync(file) && !existsSync(compiler)) return;
  writeFileSync(file, await compileSimd());
}
