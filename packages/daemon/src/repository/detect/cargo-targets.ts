/** The files that cargo wants to see before it reads the manifests of a package or workspace: those, and the root files of the targets that they name. Pure. */
import { posix } from "node:path";
import { parseToml } from "@aedev/host/parse-toml";
import { z } from "zod";
import { type DetectionFiles, fileText } from "./finding.ts";

/** A registration keeps 64 inputs at most. */
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

/** Globs of what the fetch step sees. */
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

/** The folders with a manifest, each with a slash behind it; "" is the top. */
export function crateFolders(root: DetectionFiles): string[] {
  return root.paths
    .filter((path) => /(^|\/)Cargo\.toml$/u.test(path))
    .map((path) => path.slice(0, -"Cargo.toml".length));
}

/** Every source file if there are many targets, or if a name would be read as a pattern. */
function targetInputs(files: readonly string[]): string[] {
  const arePlain = files.length <= targetsMax && files.every((path) => /^[\w./-]{1,300}$/u.test(path));
  return arePlain ? [...new Set(files)] : ["*.rs", "**/*.rs"];
}

/** The root files of the targets that a manifest names; cargo refuses the manifest if one is missing. */
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
