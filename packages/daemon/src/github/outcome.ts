/**
 * Decides what an answer of GitHub means for the request, as a table by effect and status. GitHub's texts are shown, never interpreted. docs/GITHUB.md has the
 * table.
 */
import { escapeLine } from "@aedev/contracts";
import { z } from "zod";
import type { GitHubAnswer } from "./client.ts";

type Headers = Extract<GitHubAnswer, { status: number }>["headers"];

/** What a request is for. `peek` reads something that the credential may not be allowed to read. */
export type Effect = "read" | "peek" | "open" | "update" | "comment" | "report" | "merge" | "graphql";

/**
 * `done`: it happened. `absent`: the thing does not exist. `unknown`: it may have happened, so look before a retry. `changed`: GitHub's state is not what the
 * request assumed; look, then decide again. `rate-limited`: wait until `atMs` (milliseconds since the epoch). `refused`: finally, for GitHub's reason.
 */
export type RequestOutcome =
  | { readonly kind: "done"; readonly data: unknown }
  | { readonly kind: "absent" }
  | { readonly kind: "rate-limited"; readonly atMs: number; readonly why: string }
  | { readonly kind: "unknown" | "changed" | "refused"; readonly why: string };

type Plain = "absent" | "unknown" | "changed" | "refused";

/** Outcomes by status; an effect's own row comes before the row `any`. A status in no row is refused below 500, else unknown. */
export const outcomes: Readonly<Record<Effect | "any", Readonly<Record<number, Plain>>>> = {
  any: {
    401: "refused",
    403: "refused",
    404: "refused",
    408: "unknown",
    410: "refused",
    422: "refused",
    451: "refused",
  },
  // 422: GitHub doesn't see a commit that was just pushed.
  read: { 404: "absent", 410: "absent", 422: "changed" },
  peek: { 403: "absent", 404: "absent", 410: "absent", 422: "changed" },
  // 422: one is open already (the next look finds it), there is nothing to merge, or GitHub doesn't see the branch yet.
  open: { 409: "changed", 422: "changed" },
  update: { 409: "changed" },
  comment: { 409: "changed" },
  report: { 409: "changed" },
  // 405: not mergeable now (the base moved, a rule), 409: the head moved.
  merge: { 405: "changed", 409: "changed" },
  graphql: {},
};

/** Outcomes of GraphQL errors, which come with status 200, by their type. A type in no row is unknown. */
export const graphqlOutcomes: Readonly<Record<string, Exclude<Plain, "absent"> | "rate-limited">> = {
  NOT_FOUND: "refused",
  FORBIDDEN: "refused",
  INSUFFICIENT_SCOPES: "refused",
  // The request assumed another state: it is no draft, it is queued already, or its head moved.
  UNPROCESSABLE: "changed",
  STALE_DATA: "changed",
  RATE_LIMITED: "rate-limited",
  RATE_LIMIT: "rate-limited",
};
/** The server does not understand the request, such as an older GitHub Enterprise Server without a field. The error has a code, no type. */
const misunderstood = "refused";

const graphqlErrorsSchema = z.object({
  errors: z
    .array(
      z.object({
        message: z.string(),
        type: z.string().optional(),
        extensions: z.object({ code: z.string() }).optional().catch(undefined),
      }),
    )
    .min(1),
});
const graphqlDataSchema = z.object({ data: z.unknown() });

/** The outcome of a GraphQL answer. Of several errors the most cautious meaning counts. */
export function graphqlOutcome(answer: GitHubAnswer, nowMs: number): RequestOutcome {
  const outcome = requestOutcome("graphql", answer, nowMs);
  if (outcome.kind !== "done") return outcome;
  const failed = graphqlErrorsSchema.safeParse(outcome.data);
  if (!failed.success) {
    const { success, data } = graphqlDataSchema.safeParse(outcome.data);
    const isPlain = success && !Object.hasOwn(outcome.data as object, "errors");
    return isPlain ? { kind: "done", data: data.data } : { kind: "unknown", why: "an answer that is no GraphQL" };
  }
  const { errors } = failed.data;
  const kinds = new Set(errors.map(({ type, extensions }) => graphqlErrorKind(type, extensions?.code)));
  const why = escapeLine(
    errors.map(({ type = "", message }) => `${type} ${message}`.trim()).join("; "),
    whyCharactersMax,
  );
  const kind = (["unknown", "rate-limited", "changed"] as const).find((one) => kinds.has(one)) ?? "refused";
  const { headers = {} } = answer.status === null ? {} : answer;
  return kind === "rate-limited" ? { kind, atMs: nowMs + pauseFor(headers, nowMs), why } : { kind, why };
}

function graphqlErrorKind(type: string | undefined, code: string | undefined) {
  if (type !== undefined) return Object.hasOwn(graphqlOutcomes, type) ? graphqlOutcomes[type] : "unknown";
  return code === undefined ? "unknown" : misunderstood;
}

const whyCharactersMax = 300;
/** The pause if a rate limit names no time. GitHub's documentation asks for at least a minute. */
const pauseMs = 60_000;
/** GitHub's windows last an hour, so aedev looks again after that, whatever a header says. */
const pauseMsMax = 3_600_000;

/** The outcome of an answer. `nowMs`: milliseconds since the epoch. */
export function requestOutcome(effect: Effect, answer: GitHubAnswer, nowMs: number): RequestOutcome {
  if (answer.status === null) return { kind: "unknown", why: escapeLine(answer.cause, whyCharactersMax) };
  const { status, headers, data } = answer;
  if (status >= 200 && status < 300) return { kind: "done", data };
  const why = `${status} ${messageIn(data)}`.trim();
  if (isLimited(status, headers)) return { kind: "rate-limited", atMs: nowMs + pauseFor(headers, nowMs), why };
  const kind = outcomes[effect][status] ?? outcomes.any[status] ?? (status < 500 ? "refused" : "unknown");
  return kind === "absent" ? { kind } : { kind, why };
}

/** At the primary limit no requests remain; a secondary limit says when to come back (docs.github.com, "Rate limits for the REST API"). */
function isLimited(status: number, headers: Headers): boolean {
  if (status === 429) return true;
  return status === 403 && (headers["retry-after"] !== undefined || String(headers["x-ratelimit-remaining"]) === "0");
}

function pauseFor(headers: Headers, nowMs: number): number {
  const seconds = Number(headers["retry-after"] ?? Number.NaN);
  const reset = Number(headers["x-ratelimit-reset"] ?? Number.NaN) * 1000 - nowMs;
  const asked = Number.isFinite(seconds) ? seconds * 1000 : Number.isFinite(reset) ? reset : pauseMs;
  return Math.min(Math.max(asked, 1_000), pauseMsMax);
}

const errorSchema = z.object({
  message: z.string(),
  errors: z
    .array(z.union([z.string(), z.object({ message: z.string().optional() })]))
    .optional()
    .catch(undefined),
});

/** GitHub's message, with the messages in its list of errors. */
function messageIn(data: unknown): string {
  const parsed = errorSchema.safeParse(data);
  if (!parsed.success) return "";
  const details = (parsed.data.errors ?? []).flatMap((one) => (typeof one === "string" ? one : (one.message ?? [])));
  return escapeLine([parsed.data.message, ...details].join("; "), whyCharactersMax);
}
