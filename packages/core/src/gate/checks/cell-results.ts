/** Helpers for the summary of checks: results of a cell by test, and bounded lists of tests. Pure. */
import type { Cell, CommandResult, TestResult } from "@aedev/contracts";

const listMax = 1000;
const namedMax = 20;

/** A test within its command: two commands may both have a test named `adds`. */
export type Key = string;
export type Result = TestResult["result"];
export type Results = ReadonlyMap<Key, Result>;

export function resultKey(commandIndex: number, id: string): Key {
  return `${commandIndex}\n${id}`;
}

/** The index of the command that a test belongs to. */
export function commandOf(key: Key): number {
  return Number(key.slice(0, key.indexOf("\n")));
}

export function resultsOf(cell: Cell): Map<Key, Result> {
  const results = new Map<Key, Result>();
  for (const [index, command] of cell.commands.entries()) {
    for (const test of command.tests ?? []) {
      const key = resultKey(index, test.id);
      // Only a forged report has the same id twice: the worse result counts.
      if (!results.has(key) || test.result === "fail") results.set(key, test.result);
    }
  }
  return results;
}

/** Ids without their command, sorted and cut to the length that a list may have. */
export function idsOf(keys: Iterable<Key>): string[] {
  const ids = new Set<string>();
  for (const key of keys) ids.add(key.slice(key.indexOf("\n") + 1));
  return [...ids].sort().slice(0, listMax);
}

export function named(keys: Iterable<Key>, what: string): string[] {
  return idsOf(keys)
    .slice(0, namedMax)
    .map((id) => `${what}: ${id}`);
}

function exitsOf(command: CommandResult): readonly (number | null)[] {
  return command.exit_codes.length > 0 ? command.exit_codes : [command.exit_code];
}

/** True if some runs of a command on the same tree ended with 0 and others with another code. */
export function hasFlakyExit(command: CommandResult): boolean {
  const exits = exitsOf(command);
  return exits.includes(0) && exits.some((code) => code !== 0);
}
