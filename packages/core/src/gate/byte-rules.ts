/**
 * The rules for changed bytes that nobody edited, and for files that were not captured. Destroyed letters, another encoding and other line endings hold,
 * so that the next run corrects them. They ask instead if the mission mentions such changes, or if the change consists of nothing else.
 */
import { type ByteChange, type ByteChangeKind, bounded, type Fact, namedTests } from "@aedev/contracts";
import type { ChangeEvidence } from "./risk/change-evidence.ts";
import { type SpecificationText, specificationText } from "./test-rules.ts";

type ByteEvidence = Pick<ChangeEvidence, "pathReport" | "reverts"> & { readonly specification: SpecificationText };

const encodingWords =
  /utf-?8|utf-?16|encod|charset|character set|code ?page|\bgbk\b|gb ?18030|big5|shift.?jis|latin-?1|iso-?8859|windows-?12|koi8|unicode|kodierung|zeichensatz|codific|codage|编码|編碼|文字コード|кодировк|인코딩/iu;
const letterWords =
  /accent|umlaut|diacrit|ascii|normali[sz]|\bnf[cd]\b|escap|entit|quot|apostroph|dash|hyphen|ellips|emoji|translit|mojibake|garbled|letter|character|typograph|punctuat|space|translat/iu;
const endingWords =
  /line[- ]?(end|break|feed)|\bcrlf\b|\blf\b|newline|carriage|\beol\b|dos2unix|unix2dos|gitattributes|editorconfig|zeilenend|换行|改行|перевод строк/iu;
const markWords = /\bbom\b|byte[- ]order/iu;

/** Words in a mission that show that such byte changes are intended. */
const words: Partial<Record<ByteChangeKind, readonly RegExp[]>> = {
  "letters-destroyed": [encodingWords, letterWords],
  encoding: [encodingWords],
  "letters-rewritten": [encodingWords, letterWords],
  "byte-order-mark": [markWords, encodingWords],
  "line-endings": [endingWords],
};

/** Why this change is held, one cause for each file and kind. */
export function byteHolds(evidence: ByteEvidence): Fact[] {
  return changesOf(evidence)
    .filter((change) => isHeld(change, evidence))
    .map(factOf);
}

/** Why a person has to review the byte changes. */
export function byteAsks(evidence: ByteEvidence): Fact[] {
  return [
    ...changesOf(evidence)
      .filter((change) => !isHeld(change, evidence))
      .map(factOf),
    ...filesNotTaken(evidence),
  ];
}

/** The byte changes to check: none for a revert, whose change is computed and may restore any bytes. */
function changesOf({ pathReport, reverts }: ByteEvidence): readonly ByteChange[] {
  return reverts === undefined ? (pathReport?.byte_changes ?? []) : [];
}

function isHeld({ kind }: ByteChange, evidence: ByteEvidence): boolean {
  const wanted = words[kind];
  if (wanted === undefined || !hasOtherEdits(evidence)) return false;
  const text = specificationText(evidence.specification);
  return !wanted.some((expression) => expression.test(text));
}

function hasOtherEdits({ pathReport }: ByteEvidence): boolean {
  const changed = (pathReport?.files ?? []).reduce((sum, file) => sum + file.added_lines + file.deleted_lines, 0);
  const damaged = (pathReport?.byte_changes ?? []).reduce((sum, { lines }) => sum + 2 * lines, 0);
  return changed > damaged;
}

function factOf({ path, kind, lines, letters, from, to, examples }: ByteChange): Fact {
  const named = { path: bounded(path), change: kind, lines, letters, from: from ?? null, to: to ?? null };
  return { kind: "bytes-changed", ...named, example: examples[0] ?? null };
}

/** Files that were not captured although the change or the mission names them: without them the change may not work. */
function filesNotTaken({ pathReport, specification }: ByteEvidence): Fact[] {
  const named = new Set(pathReport?.not_taken_named);
  const text = specificationText(specification);
  const isNamed = (path: string) => named.has(path) || text.includes(path.slice(path.lastIndexOf("/") + 1));
  const { ignored, in_submodules } = pathReport?.capture_notes ?? {};
  return (
    [
      ["ignored-files", ignored?.paths],
      ["submodule-files", in_submodules?.paths],
    ] as const
  ).flatMap(([kind, paths = []]): Fact[] => {
    const found = paths.filter(isNamed);
    return found.length === 0 ? [] : [{ kind, ...namedTests(found) }];
  });
}
