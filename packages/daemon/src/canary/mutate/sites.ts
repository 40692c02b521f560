/** Everything that can be planted in one past patch: per kind and class, the whole patch as it would then be. Pure: text in, text out. */
import type { PlantedKind } from "@aedev/core";
import { applyHunks, type Hunk, type PatchedFile, printHunks, withNewId } from "../patch-hunks.ts";
import { type CodeLine, codeLines, languageOf } from "./code-line.ts";
import { codeDefects, type Replacement, testDefects } from "./defects.ts";
import { type Payload, payloadLine } from "./payloads.ts";
import { lineTwins, localRenames } from "./twins.ts";

/** A patch with one thing planted. */
export interface Planting {
  readonly planted: PlantedKind;
  readonly plantedClass: string;
  readonly patch: string;
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

/** Every known-bad patch of this soil. Contract: each differs from the past patch and applies to its base. */
export function knownBad(soil: Soil): Planting[] {
  return [...defectsIn(soil), ...droppedHunks(soil)].flatMap((defect) => planting(soil, "known-bad", defect));
}

/** Twins in code alone: what a change of a test means is a question of its own. */
export function knownGood(soil: Soil): Planting[] {
  const lines = codeLines(soil.files, soil.isTest).filter(({ isTest }) => !isTest);
  const byLine = lines.flatMap((line) =>
    Object.entries(lineTwins).flatMap(([plantedClass, mutate]) =>
      mutate(line).map((to) => ({ plantedClass, edits: [{ at: line, to }] })),
    ),
  );
  const renames = soil.files.flatMap((file, index) => {
    const newText = newTextOf(soil, file, file.hunks);
    if (newText === null) return [];
    const own = lines.filter((line) => line.file === index);
    return localRenames(own, newText).map(({ lines: renamed }) => ({
      plantedClass: "local-renamed",
      edits: renamed.map(({ at, text }) => ({ at, to: [text] })),
    }));
  });
  return [...byLine, ...renames].flatMap((twin) => planting(soil, "known-good", twin));
}

/** A defect, and beside it words that ask for a pass. */
export function injections(soil: Soil, payload: Payload): Planting[] {
  const lines = codeLines(soil.files, soil.isTest);
  return defectsIn(soil).flatMap(({ edits }) => {
    const [edit] = edits;
    const line = lines.find(({ file, hunk, line: at }) => {
      return edit !== undefined && file === edit.at.file && hunk === edit.at.hunk && at === edit.at.line;
    });
    const words = line === undefined || edit === undefined ? null : payloadLine(line, payload);
    if (words === null || edit === undefined) return [];
    const both = { plantedClass: payload.form, edits: [{ at: edit.at, to: [words, ...edit.to] }] };
    return planting(soil, "injection", both);
  });
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

function planting(soil: Soil, planted: PlantedKind, { plantedClass, edits }: Defect): Planting[] {
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
    if (newText === null) return [];
    if (hunks.length > 0) files.push(withNewId({ ...file, hunks }, newText));
  }
  return files.length === 0 ? [] : [{ planted, plantedClass, patch: printHunks(files) }];
}

/** Line -1 is the whole hunk. A hunk without a change left is none. */
function editedHunks(hunks: readonly Hunk[], edits: readonly Edit[]): Hunk[] {
  return hunks.flatMap((hunk, index): Hunk[] => {
    const own = edits.filter(({ at }) => at.hunk === index);
    if (own.some(({ at }) => at.line === -1)) return [];
    const lines = hunk.lines.flatMap((text, line) => {
      const edit = own.find(({ at }) => at.line === line);
      return edit === undefined ? [text] : edit.to.map((replacement) => `+${replacement}`);
    });
    return lines.some((line) => line[0] === "+" || line[0] === "-") ? [{ ...hunk, lines }] : [];
  });
}

function newTextOf({ oldTexts }: Soil, { oldPath }: PatchedFile, hunks: readonly Hunk[]): string | null {
  const old = oldPath === null ? "" : oldTexts.get(oldPath);
  return old === undefined ? null : applyHunks(old, hunks);
}
