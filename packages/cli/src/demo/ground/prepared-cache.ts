/** Keeps what the demo's prepare step fetched beyond its throw-away home, so that a second demo needs no network. Names are content addresses, which the runner proves at every use. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const name = /^[0-9a-f]{64}\.(json|tar)$/;

export function restorePrepared(cache: string, home: string): void {
  copyAll(join(cache, "prepared"), join(home, "prepared"));
}

/** Keeps this home's and drops what earlier demos kept. */
export function keepPrepared(cache: string, home: string): void {
  const from = join(home, "prepared");
  if (!existsSync(from) || !readdirSync(from).some((file) => name.test(file))) return;
  rmSync(join(cache, "prepared"), { recursive: true, force: true });
  copyAll(from, join(cache, "prepared"));
}

function copyAll(from: string, to: string): void {
  if (!existsSync(from)) return;
  mkdirSync(to, { recursive: true, mode: 0o700 });
  // The record names the archive: it comes last, so that a copy that was cut short is no state.
  const files = readdirSync(from).filter((file) => name.test(file));
  for (const file of [...files.filter((f) => f.endsWith(".tar")), ...files.filter((f) => f.endsWith(".json"))])
    copyFileSync(join(from, file), join(to, file));
}
