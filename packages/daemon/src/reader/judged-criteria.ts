/** What a judge answered about each criterion, from its stored answer. Only ids, results and checked forms of citations are taken from it. */
import { isFault, type JudgeAnswer, keptAnswers, type Verdict } from "@aedev/contracts";
import type { BlobStore } from "@aedev/host/blob-store";
import { parseStrictJson } from "@aedev/host/strict-json";

export interface JudgedCriterion {
  readonly family: Verdict["family"];
  readonly id: string;
  readonly result: "met" | "not_met" | "unclear";
  /** The places that the judge names as its proof: `lib/age.js:3`, or an entry of the evidence. */
  readonly cited: readonly string[];
}

const severity: readonly JudgedCriterion["result"][] = ["met", "unclear", "not_met"];

/** Of two views of the evidence the worse result counts. Empty if the judge gave no answer, or its answer is no longer kept. */
export function judgedCriteria(
  { family, answer }: Pick<Verdict, "family" | "answer">,
  blobs: Pick<BlobStore, "get">,
): JudgedCriterion[] {
  const text = answer === null ? null : textOf(answer.digest, blobs);
  const answers = text === null ? [] : keptAnswers(text, parseStrictJson);
  const worst = new Map<string, JudgeAnswer["criteria"][number]>();
  for (const criterion of answers.flatMap(({ criteria }) => criteria)) {
    const known = worst.get(criterion.id);
    if (known === undefined || severity.indexOf(criterion.result) > severity.indexOf(known.result))
      worst.set(criterion.id, criterion);
  }
  return [...worst.values()].map(({ id, result, citations }) => ({
    ...{ family, id, result },
    cited: citations.map((place) => ("file" in place ? `${place.file}:${place.line}` : place.evidence)),
  }));
}

function textOf(digest: string, blobs: Pick<BlobStore, "get">): string | null {
  try {
    return Buffer.from(blobs.get(digest)).toString("utf8");
  } catch (error) {
    if (isFault(error, "blob-missing", "blob-corrupt", "blob-expired")) return null;
    throw error;
  }
}
