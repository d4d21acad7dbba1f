/**
 * Copy what the page needs of its npm packages into assets/vendor.
 *
 * maplibre-gl ships a finished ES module and worker, and the font ships finished
 * files, so nothing is compiled here. The folder is made anew at every run: a file
 * that a newer version no longer has must not linger. Nothing of it is committed.
 */
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const vendor = join(root, "assets", "vendor");
const FONT = join("@fontsource-variable", "noto-sans-sc");

/** Files to copy: from (in node_modules) and to (in assets/vendor). */
const FILES = [
  ["maplibre-gl/dist/maplibre-gl.mjs", "maplibre-gl/maplibre-gl.mjs"],
  ["maplibre-gl/dist/maplibre-gl-worker.mjs", "maplibre-gl/maplibre-gl-worker.mjs"],
  ["maplibre-gl/dist/maplibre-gl.css", "maplibre-gl/maplibre-gl.css"],
  ["maplibre-gl/LICENSE.txt", "maplibre-gl/LICENSE.txt"],
  [join(FONT, "index.css"), "noto-sans-sc/index.css"],
  [join(FONT, "files"), "noto-sans-sc/files"],
  [join(FONT, "LICENSE"), "noto-sans-sc/LICENSE"],
];

/** Remove the last comment of a script when it names a source map that is not shipped. */
async function dropSourceMap(path) {
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"));
}

await rm(vendor, { recursive: true, force: true });
for (const [from, to] of FILES) {
  await mkdir(dirname(join(vendor, to)), { recursive: true });
  await cp(join(modules, from), join(vendor, to), { recursive: true });
}
await dropSourceMap(join(vendor, "maplibre-gl/maplibre-gl.mjs"));
await dropSourceMap(join(vendor, "maplibre-gl/maplibre-gl-worker.mjs"));
