/** The texts of a tree's source code, and the bounds of the child processes that read them. */
import { type CheckEntries, type Objects, readBlobsTogether } from "../../tree/check-tree.ts";

const textsBytesMax = 32 * 1024 * 1024;
export const childBounds = { timeoutMs: 60_000, memoryMegabytes: 1024, answerBytesMax: 8 * 1024 * 1024 };
export const sourceFile =
  /\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|rb|php|cs)$|(?:^|\/)(?:package\.json|pyproject\.toml|setup\.(?:py|cfg))$/u;

/** Null if the texts exceed the bounds; links and submodules have none. */
export async function sourceTextsOf(
  paths: readonly string[],
  { objects, entries }: { readonly objects: Objects; readonly entries: CheckEntries },
): Promise<ReadonlyMap<string, string> | null> {
  const files = paths.flatMap((path) => {
    const entry = entries.get(path);
    return entry?.mode.startsWith("100") === true ? [{ path, id: entry.id }] : [];
  });
  const blobs = await readBlobsTogether(
    objects,
    files.map(({ id }) => id),
    textsBytesMax,
  );
  return blobs === null ? null : new Map(files.map(({ path }, index) => [path, blobs[index]?.toString("utf8") ?? ""]));
}
