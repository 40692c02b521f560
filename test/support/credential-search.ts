/** Searches for the laboratory's credentials where none may be: in a text, and in command lines and environments of processes. */
import { readdirSync, readFileSync } from "node:fs";
import { expect } from "vitest";
import { plantedSecrets } from "./laboratory.ts";

/** Command line and environment of a process and all its descendants, by process id. */
export function processTree(pid: number): Map<number, string> {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const stat = readIfThere(`/proc/${name}/stat`);
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    parents.set(Number(name), Number(fields[1]));
  }
  const tree = new Map<number, string>();
  const add = (id: number) => {
    tree.set(id, readIfThere(`/proc/${id}/cmdline`) + readIfThere(`/proc/${id}/environ`));
    for (const [child, parent] of parents) if (parent === id) add(child);
  };
  add(pid);
  return tree;
}

/** A process may end while it is being read. */
export function readIfThere(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch (error) {
    if (error instanceof Error && "code" in error && ["ENOENT", "ESRCH"].includes(String(error.code))) return "";
    throw error;
  }
}

export function expectNoCredential(text: string, where: string): void {
  for (const [name, value] of Object.entries(plantedSecrets))
    expect(text.includes(value), `${name} credential in ${where}`).toBe(false);
}
