/** What a sink is, and how it is written into a field. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What a sink may use. "The agent" writes everything; only `fire` and the listener would show that it got out. */
export interface SinkFolders {
  readonly tree: string;
  /** The agent's git directory, with its own configuration. */
  readonly gitDir: string;
  /** A program that leaves a mark when it runs. */
  readonly fire: string;
  /** A folder outside the run, with a file in it. */
  readonly outside: string;
  /** A loopback port that must see no connection. */
  readonly port: number;
  /** The object id of a commit. */
  readonly commit: string;
}

export interface Sink {
  readonly name: string;
  readonly plant: (folders: SinkFolders) => void;
  /** Arguments of git, one command each, to run in the tree. Empty if the sink alters bytes and runs nothing. */
  readonly naive: readonly (readonly string[])[];
}

/** Writes a nested repository that runs `fire` on nearly every command. */
export function plantRepository(at: string, { fire }: SinkFolders): void {
  for (const folder of ["objects", "refs/heads", "hooks", "info"]) mkdirSync(join(at, folder), { recursive: true });
  writeFileSync(join(at, "HEAD"), "ref: refs/heads/main\n");
  writeFileSync(
    join(at, "config"),
    `[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tfsmonitor = ${fire}\n[filter "x"]\n\tclean = ${fire}\n\tsmudge = ${fire}\n[diff]\n\texternal = ${fire}\n`,
  );
  writeFileSync(join(at, "info", "attributes"), "* filter=x\n");
  writeHook(join(at, "hooks"), fire);
}

export function writeHook(folder: string, fire: string): void {
  mkdirSync(folder, { recursive: true });
  for (const hook of [
    "pre-commit",
    "post-checkout",
    "post-index-change",
    "reference-transaction",
    "post-rewrite",
    "pre-push",
    "update",
  ]) {
    writeFileSync(join(folder, hook), `#!/bin/sh\n${fire}\n`);
    chmodSync(join(folder, hook), 0o755);
  }
}

export function appendConfig(gitDir: string, text: string): void {
  writeFileSync(join(gitDir, "config"), text, { flag: "a" });
}

export function write(folder: string, path: string, text: string): void {
  const place = join(folder, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, text);
}
