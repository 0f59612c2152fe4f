// `node esbuild.mjs`: bundle the extension into dist/. `node esbuild.mjs --tests`: bundle the tests into dist-test/.

import { rmSync } from "node:fs";
import { build } from "esbuild";

const common = { bundle: true, platform: "node", format: "cjs", target: "node20", logLevel: "warning" };

if (process.argv.includes("--tests")) {
  rmSync("dist-test", { recursive: true, force: true });
  await build({ ...common, entryPoints: ["test/*.test.ts"], outdir: "dist-test", sourcemap: "inline" });
} else {
  await build({
    ...common,
    entryPoints: ["src/extension.ts"],
    outfile: "dist/extension.js",
    external: ["vscode"],
    minify: true,
    sourcemap: true,
  });
}
