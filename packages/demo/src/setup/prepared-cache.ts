/** Caches the files that the demo's prepare step fetched, so that a second demo needs no network. File names are content hashes, which the runner checks at every use. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { homeLayout } from "@aedev/host/home-layout";

const name = /^[0-9a-f]{64}\.(json|tar)$/;

export function restorePrepared(cache: string, home: string): void {
  copyAll(join(cache, "prepared"), homeLayout(home).prepared);
}

/** Replaces the cache of earlier demos with this home's files. */
export function keepPrepared(cache: string, home: string): void {
  const from = homeLayout(home).prepared;
  if (!existsSync(from) || !readdirSync(from).some((file) => name.test(file))) return;
  rmSync(join(cache, "prepared"), { recursive: true, force: true });
  copyAll(from, join(cache, "prepared"));
}

function copyAll(from: string, to: string): void {
  if (!existsSync(from)) return;
  mkdirSync(to, { recursive: true, mode: 0o700 });
  // The record names its archive, so it is copied last: an interrupted copy has no record.
  const files = readdirSync(from).filter((file) => name.test(file));
  for (const file of [...files.filter((f) => f.endsWith(".tar")), ...files.filter((f) => f.endsWith(".json"))])
    copyFileSync(join(from, file), join(to, file));
}
