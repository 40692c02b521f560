/**
 * Conditional requests: an answer is kept with its ETag, and GitHub is asked whether it still holds. It always is asked, so nothing here is ever older
 * than GitHub's own answer; a 304 does not count against the rate limit.
 */
import { canonicalJson } from "@aedev/contracts";
import type { GitHubAnswer, GitHubClient } from "./client.ts";

type Full = Extract<GitHubAnswer, { status: number }>;
/** Answers that are kept, the one used least recently first. */
export type KnownAnswers = Map<string, { readonly etag: string; readonly answer: Full }>;

/** Answers, and characters of one as JSON: some 25 MB in the worst case. */
const answersMax = 200;
const answerCharactersMax = 128 * 1024;
const etagCharactersMax = 300;
/** GitHub computes whether a pull request can be merged on its own time, so that is always read whole. */
const neverKept = "GET /repos/{owner}/{repo}/pulls/{pull_number}";

/** `request` that asks conditionally for what is known, and gives the known answer if it still holds. */
export function conditionalRequest(request: GitHubClient["request"], known: KnownAnswers): GitHubClient["request"] {
  return async (route, parameters = {}) => {
    // Whoever asks conditionally keeps the answer.
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
