/** Parses a judge's raw text as an answer, and stores it for people as one document with one text per view. The text is not trusted. */
import { z } from "zod";
import { type JudgeAnswer, judgeAnswerSchema, type ViewName } from "./verdict.ts";

/** Reads a strict JSON document. `host` has the only reader, because this package has no parser. */
type ReadJson = (
  text: string,
  bounds: { depthMax: number },
) => { readonly kind: "value"; readonly value: unknown } | { readonly kind: "refused" };

/** An answer has a depth of five. */
const answerBounds = { depthMax: 16 };

/** The parsed answer; null unless the text is exactly one JSON document of the schema, without a repeated key. */
export function parseJudgeAnswer(text: string, readJson: ReadJson): JudgeAnswer | null {
  const json = readJson(text, answerBounds);
  return json.kind === "value" ? (judgeAnswerSchema.safeParse(json.value).data ?? null) : null;
}

const keptSchema = z.strictObject({ plain: z.string().nullable(), blanked: z.string().nullable() });

/** One document with the answer for each view, at most `charactersMax` long; a longer text is truncated. Null if there is no answer. */
export function keepAnswers(answers: Readonly<Record<ViewName, string | null>>, charactersMax: number): string | null {
  if (answers.plain === null && answers.blanked === null) return null;
  const each = Math.floor((charactersMax - 100) / 2);
  return JSON.stringify({ plain: fitted(answers.plain, each), blanked: fitted(answers.blanked, each) });
}

/** Halves the text until its JSON fits: an escaped character can take up to six characters. */
function fitted(text: string | null, charactersMax: number): string | null {
  let kept = text?.toWellFormed().slice(0, charactersMax).toWellFormed() ?? null;
  while (kept !== null && JSON.stringify(kept).length > charactersMax)
    kept = kept.slice(0, Math.floor(kept.length / 2)).toWellFormed();
  return kept;
}

/** The answers in a stored document; texts that can't be parsed are left out. */
export function keptAnswers(text: string, readJson: ReadJson): JudgeAnswer[] {
  const json = readJson(text, answerBounds);
  const kept = json.kind === "value" ? keptSchema.safeParse(json.value).data : undefined;
  const texts = kept === undefined ? [] : [kept.plain, kept.blanked];
  return texts.flatMap((answer) => (answer === null ? [] : (parseJudgeAnswer(answer, readJson) ?? [])));
}
