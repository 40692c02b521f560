/**
 * Lists everything that can be planted in one past patch. Pure. Places are bounded and only a chosen one gets a patch, because the past change may be hostile.
 * Folder: what is planted, and where in a past patch.
 */
import type { PlantedKind } from "@aedev/core";
import { applyHunks, type Hunk, type PatchedFile, printHunks, withNewId } from "@aedev/host/patch/edit-patch";
import { type CodeLine, codeFamilyOf, codeLines } from "./code-line.ts";
import { codeDefects, type Replacement, testDefects } from "./defects.ts";
import { type Payload, payloadLine } from "./payloads.ts";
import { lineTwins, localRenames } from "./twins.ts";

/** A place for one defect. */
export interface Planting {
  readonly planted: PlantedKind;
  readonly plantedClass: string;
  /** The resulting patch; null if there is none. */
  patch(): string | null;
}
/** The past change to plant in. */
export interface MutationSource {
  readonly files: readonly PatchedFile[];
  readonly isTest: (path: string) => boolean;
  /** Each old file's text before the change, by path. */
  readonly oldTexts: ReadonlyMap<string, string>;
}
interface Edit {
  readonly at: Pick<CodeLine, "file" | "hunk" | "line">;
  readonly to: Replacement;
}
interface Defect {
  readonly plantedClass: string;
  readonly edits: readonly Edit[];
}

/** Most places of one class in one past change. If there are more, they are sampled evenly. */
export const sitesOfClassMax = 300;

/** Every known-bad patch of this source. Each differs from the past patch and applies to its base. */
export function knownBad(source: MutationSource): Planting[] {
  return plantings(source, "known-bad", [...defectsIn(source), ...droppedHunks(source)]);
}

/** Harmless twins in code only: whether a changed test still means the same is another question. */
export function knownGood(source: MutationSource): Planting[] {
  const lines = codeLines(source.files, source.isTest).filter(({ isTest }) => !isTest);
  const byLine = lines.flatMap((line) =>
    Object.entries(lineTwins).flatMap(([plantedClass, mutate]) =>
      mutate(line).map((to) => ({ plantedClass, edits: [{ at: line, to }] })),
    ),
  );
  const byFile = Map.groupBy(lines, ({ file }) => file);
  const renames = source.files.flatMap((file, index) => {
    const newText = byFile.has(index) ? newTextOf(source, file, file.hunks) : null;
    if (newText === null) return [];
    return localRenames(byFile.get(index) ?? [], newText).map(({ lines: renamed }) => ({
      plantedClass: "local-renamed",
      edits: renamed.map(({ at, text }) => ({ at, to: [text] })),
    }));
  });
  return plantings(source, "known-good", [...byLine, ...renames]);
}

/** A defect, with text beside it that asks for a pass. */
export function injections(source: MutationSource, payload: Payload): Planting[] {
  const nameOf = ({ file, hunk, line }: Edit["at"]) => `${file} ${hunk} ${line}`;
  const lines = new Map(codeLines(source.files, source.isTest).map((line) => [nameOf(line), line]));
  const both = defectsIn(source).flatMap(({ edits: [edit] }): Defect[] => {
    const line = edit === undefined ? undefined : lines.get(nameOf(edit.at));
    const payloadText = line === undefined ? null : payloadLine(line, payload);
    if (payloadText === null || edit === undefined) return [];
    return [{ plantedClass: payload.form, edits: [{ at: edit.at, to: [payloadText, ...edit.to] }] }];
  });
  return plantings(source, "injection", both);
}

function defectsIn({ files, isTest }: MutationSource): Defect[] {
  return codeLines(files, isTest).flatMap((line) =>
    Object.entries(line.isTest ? testDefects : codeDefects).flatMap(([plantedClass, mutate]) =>
      mutate(line).map((to) => ({ plantedClass, edits: [{ at: line, to }] })),
    ),
  );
}

/** Drops a hunk of code, if the change has another one. */
function droppedHunks({ files, isTest }: MutationSource): Defect[] {
  const code = files.flatMap(({ newPath, oldPath, hunks }, file) => {
    const isCode = newPath !== null && oldPath !== null && codeFamilyOf(newPath) !== null && !isTest(newPath);
    return isCode ? hunks.map((_, hunk) => ({ file, hunk })) : [];
  });
  return code.length < 2
    ? []
    : code.map(({ file, hunk }) => ({
        plantedClass: "hunk-dropped",
        edits: [{ at: { file, hunk, line: -1 }, to: [] }],
      }));
}

function plantings(source: MutationSource, planted: PlantedKind, defects: readonly Defect[]): Planting[] {
  const classes = Map.groupBy(defects, ({ plantedClass }) => plantedClass);
  return [...classes].flatMap(([plantedClass, all]) =>
    spreadEvenly(all).map(({ edits }) => ({ planted, plantedClass, patch: () => plantedPatch(source, edits) })),
  );
}

function spreadEvenly<T>(list: readonly T[]): readonly T[] {
  if (list.length <= sitesOfClassMax) return list;
  const step = list.length / sitesOfClassMax;
  return list.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step));
}

function plantedPatch(source: MutationSource, edits: readonly Edit[]): string | null {
  const touched = new Set(edits.map(({ at }) => at.file));
  const files: PatchedFile[] = [];
  for (const [index, file] of source.files.entries()) {
    if (!touched.has(index)) {
      files.push(file);
      continue;
    }
    const hunks = editedHunks(
      file.hunks,
      edits.filter(({ at }) => at.file === index),
    );
    const newText = newTextOf(source, file, hunks);
    if (newText === null) return null;
    if (hunks.length > 0) files.push(withNewId({ ...file, hunks }, newText));
  }
  return files.length === 0 ? null : printHunks(files);
}

/** Line -1 stands for the whole hunk. A hunk without changes is dropped. */
function editedHunks(hunks: readonly Hunk[], edits: readonly Edit[]): Hunk[] {
  const byHunk = Map.groupBy(edits, ({ at }) => at.hunk);
  return hunks.flatMap((hunk, index): Hunk[] => {
    const own = new Map(byHunk.get(index)?.map((edit) => [edit.at.line, edit]));
    if (own.has(-1)) return [];
    const lines = hunk.lines.flatMap((text, line) => {
      const edit = own.get(line);
      return edit === undefined ? [text] : edit.to.map((replacement) => `+${replacement}`);
    });
    return lines.some((line) => line[0] === "+" || line[0] === "-") ? [{ ...hunk, lines }] : [];
  });
}

function newTextOf({ oldTexts }: MutationSource, { oldPath }: PatchedFile, hunks: readonly Hunk[]): string | null {
  const old = oldPath === null ? "" : oldTexts.get(oldPath);
  return old === undefined ? null : applyHunks(old, hunks);
}
