// Compile src/ to dist/. The kernel package brings a `tsc` of its own (5.0.4) that may win the name
// node_modules/.bin/tsc, so the compiler is called by its path.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const compiler = join(root, "node_modules/typescript/lib/tsc.js");

rmSync(join(root, "dist"), { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [compiler, "--project", join(root, "tsconfig.json")], {
  stdio: "inherit",
});
process.exitCode = status ?? 1;
