/** The options of a list that grows with history, and the query that they form. An invalid value is a usage fault that names its option. */
import { missionStatuses, statusText } from "@aedev/contracts";
import { type OpenPageQuery, openPageQuerySchema, type PageQuery, pageQuerySchema } from "@aedev/contracts/api";
import type { z } from "zod";
import { usageFault } from "./answer.ts";
import type { VerbInput, VerbOption } from "./verb.ts";

const limit = { flags: "--limit <count>", summary: "rows of a page, 1 to 500 (default 50)" };
const after = { flags: "--after <cursor>", summary: "the next page: the `next` of the previous page" };
const repository = { flags: "--repo <name>", summary: "only from this repository" };
const text = { flags: "--text <text>", summary: "only if the mission's title contains this" };
const since = { flags: "--since <instant>", summary: "only from this UTC date or time on (2026-01-31)" };
const label = { flags: "--label <label>", summary: "only missions with this label" };
const status = { flags: "--status <status>", summary: "only with this status, such as running, held or landed" };

export const openPageOptions: readonly VerbOption[] = [limit, after, repository, text, since];
export const pageOptions: readonly VerbOption[] = [limit, after, status, repository, label, text, since];

/** Throws a usage fault. `verb`: the verb whose help the fault names. */
export function pageQueryOf(input: VerbInput, verb: string): PageQuery {
  const own = { status: statusOf(input.text("status")), label: input.text("label") };
  return checked(pageQuerySchema.safeParse({ ...givenFilters(input), ...own }), verb);
}

export function openPageQueryOf(input: VerbInput, verb: string): OpenPageQuery {
  return checked(openPageQuerySchema.safeParse(givenFilters(input)), verb);
}

/** The words that lists show for a status are accepted too. */
function statusOf(words: string | undefined): string | undefined {
  return missionStatuses.find((status) => statusText(status) === words) ?? words;
}

function givenFilters(input: VerbInput) {
  const names = { limit: "limit", after: "after", repository: "repo", text: "text", since: "since" } as const;
  return Object.fromEntries(Object.entries(names).map(([key, name]) => [key, input.text(name)]));
}

function checked<T>({ data, error }: z.ZodSafeParseResult<T>, verb: string): T {
  if (data !== undefined) return data;
  const [issue] = error?.issues ?? [];
  const option = String(issue?.path[0] ?? "limit");
  throw usageFault(`--${option === "repository" ? "repo" : option}: ${issue?.message}`, `aedev ${verb} --help`);
}

/** The line under a page that is not the last. */
export function nextPageText(verb: string, next: string | null): string {
  return next === null ? "" : `\nmore: aedev ${verb} --after ${next}`;
}

/** True if filters may leave the page empty although the list is not. */
export function isNarrowed({ limit: _limit, ...rest }: OpenPageQuery): boolean {
  return Object.values(rest).some((value) => value !== undefined);
}
