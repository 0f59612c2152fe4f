// `node esbuild.mjs`: bundle the extension into dist/. `node esbuild.mjs --tests [folder]`: bundle the tests into
// the folder, dist-test/ where none is named.

import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const common = { bundle: true, platform: "node", format: "cjs", target: "node20", logLevel: "warning" };
const [mode, folder = "dist-test"] = process.argv.slice(2);

if (mode === "--tests") {
  rmSync(folder, { recursive: true, force: true });
  await build({ ...common, entryPoints: ["test/*.test.ts"], outdir: folder, sourcemap: "inline" });
} else {
  const { metafile } = await build({
    ...common,
    entryPoints: ["src/extension.ts"],
    outfile: "dist/extension.js",
    external: ["vscode"],
    minify: true,
    sourcemap: true,
    metafile: true,
  });
  writeFileSync("dist/licenses.txt", licenses(Object.keys(metafile.inputs)));
}

/** The licences of the packages that these files come from; their comments are lost in the bundle. */
function licenses(files) {
  const packages = files.flatMap((file) => file.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []);
  const texts = [...new Set(packages)].sort().map((path) => {
    const { name, version } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
    const found = readdirSync(path).find((entry) => /^licen[cs]e/i.test(entry));
    if (found === undefined) {
      throw new Error(`${name} ${version} is bundled and has no licence in ${path}`);
    }
    return `${name} ${version}\n\n${readFileSync(join(path, found), "utf8").trim()}\n`;
  });
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}
