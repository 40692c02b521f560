/** The names of the manifests and lockfiles that readers know, by ecosystem. It reads none of them. */
import type { PackageEcosystem } from "@aedev/contracts";
import { matchesGlob } from "@aedev/host/globs";

interface Family {
  readonly manifests: readonly string[];
  readonly lockfiles: readonly string[];
}
const families: Readonly<Partial<Record<PackageEcosystem, Family>>> = {
  npm: {
    manifests: ["package.json"],
    lockfiles: ["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"],
  },
  pypi: { manifests: ["pyproject.toml"], lockfiles: ["uv.lock", "poetry.lock"] },
  crates: { manifests: ["Cargo.toml"], lockfiles: ["Cargo.lock"] },
  go: { manifests: ["go.mod"], lockfiles: ["go.sum"] },
  rubygems: { manifests: ["Gemfile"], lockfiles: ["Gemfile.lock"] },
  packagist: { manifests: ["composer.json"], lockfiles: ["composer.lock"] },
};

/** The exact names of files that have a reader. */
export const readNames: readonly string[] = Object.values(families).flatMap((one) => [
  ...one.manifests,
  ...one.lockfiles,
]);
/** pip's files. A file compiled from a `.in` beside it is that file's lockfile. */
const requirementGlobs: readonly string[] = [
  "*requirements*.txt",
  "*constraints*.txt",
  "requirements/**/*.txt",
  "constraints/**/*.txt",
];
const baseName = (path: string) => path.slice(path.lastIndexOf("/") + 1);

export const isRequirements = (path: string) => matchesGlob(path, requirementGlobs);
export const isRead = (path: string) => readNames.includes(baseName(path)) || isRequirements(path);

/** The names of the files beside a manifest or lockfile that belong to it: a lockfile's manifest, a manifest's lockfiles. */
export function companionsOf(path: string): Family {
  const name = baseName(path);
  for (const { manifests, lockfiles } of Object.values(families)) {
    if (manifests.includes(name)) return { manifests: [], lockfiles };
    if (lockfiles.includes(name)) return { manifests, lockfiles: [] };
  }
  return { manifests: [], lockfiles: [] };
}
