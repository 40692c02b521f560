/** Which reader reads which file. Only the child process imports it. */
import { isRequirements } from "./file-names.ts";
import { readBunLock, readPackageJson, readPackageLock, readPnpmLock, readYarnLock } from "./javascript.ts";
import {
  readCargoLock,
  readCargoToml,
  readComposerJson,
  readComposerLock,
  readGemfile,
  readGemfileLock,
  readGoMod,
  readGoSum,
} from "./other-languages.ts";
import { readPoetryLock, readPyproject, readRequirements, readUvLock } from "./python.ts";
import type { Read } from "./reading.ts";

const readers: ReadonlyMap<string, Read> = new Map([
  ["package.json", readPackageJson],
  ["package-lock.json", readPackageLock],
  ["npm-shrinkwrap.json", readPackageLock],
  ["pnpm-lock.yaml", readPnpmLock],
  ["yarn.lock", readYarnLock],
  ["bun.lock", readBunLock],
  ["pyproject.toml", readPyproject],
  ["uv.lock", readUvLock],
  ["poetry.lock", readPoetryLock],
  ["Cargo.toml", readCargoToml],
  ["Cargo.lock", readCargoLock],
  ["go.mod", readGoMod],
  ["go.sum", readGoSum],
  ["Gemfile", readGemfile],
  ["Gemfile.lock", readGemfileLock],
  ["composer.json", readComposerJson],
  ["composer.lock", readComposerLock],
]);

/** The reader of a file; null for a file of another form. */
export function readerOf(path: string): Read | null {
  return readers.get(path.slice(path.lastIndexOf("/") + 1)) ?? (isRequirements(path) ? readRequirements : null);
}
