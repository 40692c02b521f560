/** Undoes unintended changes of a file's form, such as line ends, before the tree is made, so that judges see exactly what lands. */

import { type CaptureNotes, type PutBackKind, somePathsOf } from "@aedev/contracts";
import { gitPathText } from "@aedev/host/git/path-text";
import { endingName, textLines, uniformEnding } from "@aedev/host/text-form/lines";
import { putBack } from "@aedev/host/text-form/put-back";
import type { RunnerContext } from "../engine/context.ts";
import { readBlobsTogether } from "../tree/check-tree.ts";
import type { BaseRules, BaseTree, BytePath } from "./base-tree.ts";
import { fileBytes } from "./fast-import.ts";
import { OpenTree } from "./open-tree.ts";
import type { Change } from "./walk.ts";

const fileBytesMax = 4 * 1024 * 1024;
const allBytesMax = 64 * 1024 * 1024;

type FileChange = Extract<Change, { kind: "file" }>;
interface Done {
  readonly kind: PutBackKind;
  readonly to: string | null;
  readonly path: string;
}

/** Returns the changes to take, and notes on what was put back. If the change edits a file that decides such forms, nothing is put back. */
export async function putBackChanges(options: {
  git: RunnerContext["git"];
  gitDir: string;
  tree: string;
  base: BaseTree;
  rules: BaseRules;
  changes: readonly Change[];
}): Promise<{ changes: Change[]; notes: CaptureNotes["put_back"] }> {
  const { base, changes } = options;
  if (changes.some(({ path }) => /(^|\/)\.(gitattributes|editorconfig)$/.test(path)))
    return { changes: [...changes], notes: undefined };
  const files = changes.filter((change) => change.kind === "file" && change.sizeBytes <= fileBytesMax) as FileChange[];
  const [bases, stored] = await Promise.all([
    baseBytes(files, options),
    options.rules.storedWithLf(files.map(({ path }) => path)),
  ]);
  const done: Done[] = [];
  const taken = new Map<Change, Change>();
  const tree = new OpenTree(options.tree);
  try {
    let room = allBytesMax;
    for (const file of files) {
      room -= file.sizeBytes;
      if (room < 0) break;
      const entry = baseEntry(base, file.path);
      const before = bases.get(file.path) ?? null;
      const attribute = stored.get(file.path);
      if (before === null && attribute === undefined) continue;
      const now = fileBytes(tree, file);
      const isStoredWithLf = attribute === "always" || (attribute === "if-new" && entry === undefined);
      const result = putBack({ base: before, now, isStoredWithLf, isText: attribute === "always" });
      const isExecutableLost =
        entry?.mode === "100755" &&
        file.mode === "100644" &&
        now.subarray(0, 2).equals(shebang) &&
        before?.equals(now) === false;
      if (result === null && !isExecutableLost) continue;
      const mode = isExecutableLost ? "100755" : file.mode;
      taken.set(file, result === null ? { ...file, mode } : { ...file, mode, bytes: result.bytes });
      const ending = result === null ? null : uniformEnding(textLines(result.bytes));
      const path = gitPathText(Buffer.from(file.path, "latin1"));
      for (const kind of [...(result?.kinds ?? []), ...(isExecutableLost ? (["executable"] as const) : [])])
        done.push({ kind, to: kind === "line-endings" && ending !== null ? endingName(ending) : null, path });
    }
  } finally {
    tree.close();
  }
  return { changes: changes.map((change) => taken.get(change) ?? change), notes: notesOf(done) };
}

const shebang = Buffer.from("#!");

function notesOf(done: readonly Done[]): CaptureNotes["put_back"] {
  const groups = new Map<string, Done[]>();
  for (const one of done) groups.set(`${one.kind} ${one.to}`, [...(groups.get(`${one.kind} ${one.to}`) ?? []), one]);
  const notes = [...groups.values()].flatMap((group) =>
    group[0] === undefined
      ? []
      : [{ kind: group[0].kind, to: group[0].to, ...somePathsOf(group.map(({ path }) => path)) }],
  );
  return notes.length === 0 ? undefined : notes;
}

async function baseBytes(
  files: readonly FileChange[],
  { base, git, gitDir }: { base: BaseTree; git: RunnerContext["git"]; gitDir: string },
): Promise<Map<BytePath, Buffer>> {
  const known = files.flatMap(({ path }) => {
    const entry = baseEntry(base, path);
    return entry?.mode.startsWith("100") === true && (entry.sizeBytes ?? Number.POSITIVE_INFINITY) <= fileBytesMax
      ? [{ path, id: entry.id }]
      : [];
  });
  const blobs = await readBlobsTogether(
    { git, gitDir },
    known.map(({ id }) => id),
    allBytesMax,
  );
  return new Map(known.flatMap(({ path }, at) => (blobs?.[at] === undefined ? [] : [[path, blobs[at]]])));
}

function baseEntry(base: BaseTree, path: BytePath) {
  const end = path.lastIndexOf("/");
  return base.get(end === -1 ? "" : path.slice(0, end))?.get(path.slice(end + 1));
}
