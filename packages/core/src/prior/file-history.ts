/** Follows the files of a branch through its changes, and measures each change by what its files had been through before. */
import type { ChangeMetrics } from "@aedev/contracts";

export interface FollowedFile {
  readonly path: string;
  /** Its name before, if the change renames it. */
  readonly from?: string | undefined;
  readonly added: number;
  readonly deleted: number;
}
/** A change to the files of a branch. */
export interface MeasuredChange {
  /** In seconds. */
  readonly at: number;
  /** Only compared: the same person has the same text. */
  readonly author: string;
  readonly fix: boolean;
  readonly files: readonly FollowedFile[];
}
interface KnownFile {
  readonly lines: number;
  readonly changes: number;
  readonly at: number;
  readonly authors: ReadonlySet<string>;
}

const secondsOfDay = 86_400;

/** The files of a branch at one of its commits; `add` moves to the next. */
export interface FileHistory {
  measure(change: MeasuredChange): ChangeMetrics;
  add(change: MeasuredChange): void;
}

export function fileHistory(): FileHistory {
  const known = new Map<string, KnownFile>();
  const before = ({ path, from }: FollowedFile) => known.get(from ?? path);
  return {
    measure(change) {
      const { files, at, author, fix } = change;
      const past = files.map(before);
      const authors = new Set([author, ...past.flatMap((file) => [...(file?.authors ?? [])])]);
      const folders = files.map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf("/"))));
      return {
        ns: new Set(folders.map((folder) => folder.split("/")[0])).size,
        nd: new Set(folders).size,
        nf: files.length,
        entropy: entropyOf(files.map(({ added, deleted }) => added + deleted)),
        la: sum(files.map(({ added }) => added)),
        ld: sum(files.map(({ deleted }) => deleted)),
        lt: sum(past.map((file) => file?.lines ?? 0)),
        fix: fix ? 1 : 0,
        ndev: authors.size,
        age: sum(past.map((file) => (file === undefined ? 0 : daysBetween(file.at, at)))) / Math.max(1, files.length),
        nuc: sum(past.map((file) => (file?.changes ?? 0) + 1)),
      };
    },
    add({ files, at, author }) {
      // All are read before any is replaced, because a change may swap two names.
      const past = files.map(before);
      for (const { from } of files) if (from !== undefined) known.delete(from);
      for (const [index, { path, added, deleted }] of files.entries()) {
        const file = past[index];
        known.set(path, {
          lines: Math.max(0, (file?.lines ?? 0) + added - deleted),
          changes: (file?.changes ?? 0) + 1,
          at: Math.max(at, file?.at ?? at),
          authors: file?.authors.has(author) === true ? file.authors : new Set([...(file?.authors ?? []), author]),
        });
      }
    },
  };
}

/** Clocks of two people may differ. */
const daysBetween = (from: number, to: number) => Math.max(0, to - from) / secondsOfDay;

function entropyOf(changed: readonly number[]): number {
  const all = sum(changed);
  return sum(changed.map((lines) => (lines === 0 ? 0 : -(lines / all) * Math.log2(lines / all))));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
