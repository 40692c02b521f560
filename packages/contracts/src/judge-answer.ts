/** A judge's raw text: parsed as an answer, and stored for people as one document with one text per view. Nothing here trusts it. */
import { z } from "zod";
import { type JudgeAnswer, judgeAnswerSchema, type ViewName } from "./verdict.ts";

/** Reads a strict JSON document; `host` has the one reader, because this package has no parser of its own. */
type ReadJson = (
  text: string,
  bounds: { depthMax: number },
) => { readonly kind: "value"; readonly value: unknown } | { readonly kind: "refused" };

/** The answer's own depth is five. */
const answerBounds = { depthMax: 16 };

/** The parsed answer, or null: the text must be exactly one JSON document of the schema, without a doubled key. */
export function parseJudgeAnswer(text: string, readJson: ReadJson): JudgeAnswer | null {
  const json = readJson(text, answerBounds);
  return json.kind === "value" ? (judgeAnswerSchema.safeParse(json.value).data ?? null) : null;
}

const keptSchema = z.strictObject({ plain: z.string().nullable(), blanked: z.string().nullable() });

/** One document with the answer for each view, at most `charactersMax` long; a longer text is truncated. Null if there is no answer. */
export function keepAnswers(said: Readonly<Record<ViewName, string | null>>, charactersMax: number): string | null {
  if (said.plain === null && said.blanked === null) return null;
  const each = Math.floor((charactersMax - 100) / 2);
  return JSON.stringify({ plain: fitted(said.plain, each), blanked: fitted(said.blanked, each) });
}

/** Halves the text until its JSON fits: one character can take up to six when escaped. */
function fitted(text: string | null, charactersMax: number): string | null {
  let kept = text?.toWellFormed().slice(0, charactersMax).toWellFormed() ?? null;
  while (kept !== null && JSON.stringify(kept).length > charactersMax)
    kept = kept.slice(0, Math.floor(kept.length / 2)).toWellFormed();
  return kept;
}

/** The answers in a stored document; those that can't be parsed are left out. */
export function keptAnswers(text: string, readJson: ReadJson): JudgeAnswer[] {
  const json = readJson(text, answerBounds);
  const kept = json.kind === "value" ? keptSchema.safeParse(json.value).data : undefined;
  const texts = kept === undefined ? [] : [kept.plain, kept.blanked];
  return texts.flatMap((said) => (said === null ? [] : (parseJudgeAnswer(said, readJson) ?? [])));
}
