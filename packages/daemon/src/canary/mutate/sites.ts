/**
 * Everything that can be planted in one past patch: per kind and class a place, and the whole patch as it would then be, made when it is
 * asked for. Pure: text in, text out. The past change may be hostile, so that places are bounded and none costs a patch before it is chosen.
 */
import type { PlantedKind } from "@aedev/core";
import { applyHunks, type Hunk, type PatchedFile, printHunks, withNewId } from "../patch-hunks.ts";
import { type CodeLine, codeLines, languageOf } from "./code-line.ts";
import { codeDefects, type Replacement, testDefects } from "./defects.ts";
import { type Payload, payloadLine } from "./payloads.ts";
import { lineTwins, localRenames } from "./twins.ts";

/** A place for one thing to plant. */
export interface Planting {
  readonly planted: PlantedKind;
  readonly plantedClass: string;
  /** The patch with it; null where there is none. */
  patch(): string | null;
}
/** The past change that it is planted in. */
export interface Soil {
  readonly files: readonly PatchedFile[];
  readonly isTest: (path: string) => boolean;
  /** Text of each old path before the change. */
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

/** Places of one class in one past change; of more, so many are taken all over it. */
export const placesOfClassMax = 300;

/** Every known-bad patch of this soil. Contract: each differs from the past patch and applies to its base. */
export function knownBad(soil: Soil): Planting[] {
  return plantings(soil, "known-bad", [...defectsIn(soil), ...droppedHunks(soil)]);
}

/** Twins in code alone: what a change of a test means is a question of its own. */
export function knownGood(soil: Soil): Planting[] {
  const lines = codeLines(soil.files, soil.isTest).filter(({ isTest }) => !isTest);
  const byLine = lines.flatMap((line) =>
    Object.entries(lineTwins).flatMap(([plantedClass, mutate]) =>
      mutate(line).map((to) => ({ plantedClass, edits: [{ at: line, to }] })),
    ),
  );
  const byFile = Map.groupBy(lines, ({ file }) => file);
  const renames = soil.files.flatMap((file, index) => {
    const newText = byFile.has(index) ? newTextOf(soil, file, file.hunks) : null;
    if (newText === null) return [];
    return localRenames(byFile.get(index) ?? [], newText).map(({ lines: renamed }) => ({
      plantedClass: "local-renamed",
      edits: renamed.map(({ at, text }) => ({ at, to: [text] })),
    }));
  });
  return plantings(soil, "known-good", [...byLine, ...renames]);
}

/** A defect, and beside it words that ask for a pass. */
export function injections(soil: Soil, payload: Payload): Planting[] {
  const nameOf = ({ file, hunk, line }: Edit["at"]) => `${file} ${hunk} ${line}`;
  const lines = new Map(codeLines(soil.files, soil.isTest).map((line) => [nameOf(line), line]));
  const both = defectsIn(soil).flatMap(({ edits: [edit] }): Defect[] => {
    const line = edit === undefined ? undefined : lines.get(nameOf(edit.at));
    const words = line === undefined ? null : payloadLine(line, payload);
    if (words === null || edit === undefined) return [];
    return [{ plantedClass: payload.form, edits: [{ at: edit.at, to: [words, ...edit.to] }] }];
  });
  return plantings(soil, "injection", both);
}

function defectsIn({ files, isTest }: Soil): Defect[] {
  return codeLines(files, isTest).flatMap((line) =>
    Object.entries(line.isTest ? testDefects : codeDefects).flatMap(([plantedClass, mutate]) =>
      mutate(line).map((to) => ({ plantedClass, edits: [{ at: line, to }] })),
    ),
  );
}

/** A hunk of code that is left out, where the change has another. */
function droppedHunks({ files, isTest }: Soil): Defect[] {
  const code = files.flatMap(({ newPath, oldPath, hunks }, file) => {
    const isCode = newPath !== null && oldPath !== null && languageOf(newPath) !== null && !isTest(newPath);
    return isCode ? hunks.map((_, hunk) => ({ file, hunk })) : [];
  });
  return code.length < 2
    ? []
    : code.map(({ file, hunk }) => ({
        plantedClass: "hunk-dropped",
        edits: [{ at: { file, hunk, line: -1 }, to: [] }],
      }));
}

function plantings(soil: Soil, planted: PlantedKind, defects: readonly Defect[]): Planting[] {
  const classes = Map.groupBy(defects, ({ plantedClass }) => plantedClass);
  return [...classes].flatMap(([plantedClass, all]) =>
    spread(all).map(({ edits }) => ({ planted, plantedClass, patch: () => plantedPatch(soil, edits) })),
  );
}

function spread<T>(list: readonly T[]): readonly T[] {
  if (list.length <= placesOfClassMax) return list;
  const step = list.length / placesOfClassMax;
  return list.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step));
}

function plantedPatch(soil: Soil, edits: readonly Edit[]): string | null {
  const touched = new Set(edits.map(({ at }) => at.file));
  const files: PatchedFile[] = [];
  for (const [index, file] of soil.files.entries()) {
    if (!touched.has(index)) {
      files.push(file);
      continue;
    }
    const hunks = editedHunks(
      file.hunks,
      edits.filter(({ at }) => at.file === index),
    );
    const newText = newTextOf(soil, file, hunks);
    if (newText === null) return null;
    if (hunks.length > 0) files.push(withNewId({ ...file, hunks }, newText));
  }
  return files.length === 0 ? null : printHunks(files);
}

/** Line -1 is the whole hunk. A hunk without a change left is none. */
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

function newTextOf({ oldTexts }: Soil, { oldPath }: PatchedFile, hunks: readonly Hunk[]): string | null {
  const old = oldPath === null ? "" : oldTexts.get(oldPath);
  return old === undefined ? null : applyHunks(old, hunks);
}
