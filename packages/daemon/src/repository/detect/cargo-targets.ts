/** Lists the files that cargo needs to read the manifests of a package or workspace: the manifests, and the root files of the targets that they name. Pure. */
import { posix } from "node:path";
import { parseToml } from "@aedev/host/parse-toml";
import { z } from "zod";
import { type DetectionFiles, fileText } from "./finding.ts";

/** A registration keeps at most 64 inputs. */
const targetsMax = 50;
const targetSchema = z.object({ name: z.string().optional(), path: z.string().optional() });
const targetsSchema = z.array(z.unknown()).catch([]);
const manifestSchema = z.object({
  lib: targetSchema.catch({}),
  bin: targetsSchema,
  bench: targetsSchema,
  test: targetsSchema,
  example: targetsSchema,
});
const targetFolders = [
  ["bin", "src/bin"],
  ["bench", "benches"],
  ["test", "tests"],
  ["example", "examples"],
] as const;

/** Globs of the files that the fetch step sees. */
export function cargoInputs(root: DetectionFiles): string[] {
  const known = new Set(root.paths);
  const targets = crateFolders(root).flatMap((folder) => namedTargets(root, folder));
  return [
    "Cargo.toml",
    "**/Cargo.toml",
    "Cargo.lock",
    "rust-toolchain*",
    "**/src/lib.rs",
    "**/src/main.rs",
    "src/lib.rs",
    "src/main.rs",
    ...targetInputs(targets.filter((path) => known.has(path))),
  ];
}

/** Folders with a manifest, each with a trailing slash; "" is the top. */
export function crateFolders(root: DetectionFiles): string[] {
  return root.paths
    .filter((path) => /(^|\/)Cargo\.toml$/u.test(path))
    .map((path) => path.slice(0, -"Cargo.toml".length));
}

/** All source files instead, if there are many targets or if a name would be read as a pattern. */
function targetInputs(files: readonly string[]): string[] {
  const arePlain = files.length <= targetsMax && files.every((path) => /^[\w./-]{1,300}$/u.test(path));
  return arePlain ? [...new Set(files)] : ["*.rs", "**/*.rs"];
}

/** Root files of the targets that a manifest names. cargo refuses the manifest if one is missing. */
function namedTargets(root: DetectionFiles, folder: string): string[] {
  const manifest = manifestSchema.safeParse(parseToml(fileText(root, `${folder}Cargo.toml`) ?? ""));
  if (!manifest.success) return [];
  const named = targetFolders.flatMap(([kind, place]) =>
    manifest.data[kind].flatMap((entry) => {
      const { name, path } = targetSchema.safeParse(entry).data ?? {};
      return path === undefined ? [`${place}/${name}.rs`, `${place}/${name}/main.rs`] : [path];
    }),
  );
  const own = manifest.data.lib.path === undefined ? [] : [manifest.data.lib.path];
  return [...own, ...named].map((path) => posix.normalize(`${folder}${path}`));
}
