/**
 * Keeps each answer with its ETag and asks GitHub whether it still holds. It always asks, so it never gives an outdated answer; a 304 costs nothing of the rate
 * limit.
 */
import { canonicalJson } from "@aedev/contracts";
import type { GitHubAnswer, GitHubClient } from "./client.ts";

type Full = Extract<GitHubAnswer, { status: number }>;
/** The kept answers, least recently used first. */
export type KnownAnswers = Map<string, { readonly etag: string; readonly answer: Full }>;

/** How many answers are kept, and how long one may be as JSON: some 25 MB in the worst case. */
const answersMax = 200;
const answerCharactersMax = 128 * 1024;
const etagCharactersMax = 300;
/** Always read in full, because GitHub computes on its own time whether a pull request can be merged. */
const neverKept = "GET /repos/{owner}/{repo}/pulls/{pull_number}";

/** Wraps `request`: asks conditionally where an answer is known, and returns that answer if it still holds. */
export function conditionalRequest(request: GitHubClient["request"], known: KnownAnswers): GitHubClient["request"] {
  return async (route, parameters = {}) => {
    // A caller with its own condition keeps the answer itself.
    const isOwn = "headers" in parameters;
    if (!route.startsWith("GET ") || route === neverKept || isOwn) return request(route, parameters);
    const key = canonicalJson([route, parameters] as never);
    const kept = known.get(key);
    known.delete(key);
    const headers = kept === undefined ? {} : { headers: { "if-none-match": kept.etag } };
    const answer = await request(route, { ...parameters, ...headers });
    if (answer.status === 304 && kept !== undefined) {
      known.set(key, kept);
      return kept.answer;
    }
    const etag = answer.status === 200 ? answer.headers["etag"] : undefined;
    if (answer.status !== 200 || typeof etag !== "string" || etag.length > etagCharactersMax) return answer;
    if ((JSON.stringify(answer.data)?.length ?? 0) > answerCharactersMax) return answer;
    known.set(key, { etag, answer });
    for (const [oldest] of known) if (known.size > answersMax) known.delete(oldest);
    return answer;
  };
}
