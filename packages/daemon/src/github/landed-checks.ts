/** Reads the checks and statuses of one commit of the default branch, by one conditional request per list. */
import { escapeLine } from "@aedev/contracts";
import { z } from "zod";
import { isGreen } from "./check-conclusions.ts";
import { type ConditionalAnswer, type GitHubConnection, readIfChanged } from "./connection.ts";

/** Check runs come from apps such as GitHub Actions, statuses from others. */
export type CheckList = "runs" | "statuses";
export const checkLists: readonly CheckList[] = ["runs", "statuses"];

/** `undecided`: it ended neither green nor red, for example because somebody cancelled it. */
export interface CommitCheck {
  readonly name: string;
  readonly state: "passed" | "running" | "failed" | "undecided";
  readonly url: string | null;
}

const nameCharactersMax = 200;
const urlCharactersMax = 500;
const linkSchema = z.string().nullish();
const runsSchema = z.object({
  check_runs: z.array(
    z.object({ name: z.string(), status: z.string(), conclusion: z.string().nullable(), html_url: linkSchema }),
  ),
});
const statusesSchema = z.object({
  statuses: z.array(z.object({ context: z.string(), state: z.string(), target_url: linkSchema })),
});

/** The first 100 entries of a list; `tag` is the last answer's. Throws as `readIfChanged` does. */
export async function readChecks(
  gitHub: GitHubConnection,
  { commit: ref, list, tag }: { commit: string; list: CheckList; tag: string | null },
): Promise<ConditionalAnswer<readonly CommitCheck[]>> {
  const parameters = { ref, per_page: 100 };
  if (list === "runs") {
    const route = "GET /repos/{owner}/{repo}/commits/{ref}/check-runs";
    const answer = await readIfChanged(gitHub, { route, parameters, schema: runsSchema, tag });
    return answer.kind === "read" ? { ...answer, document: answer.document.check_runs.map(checkOfRun) } : answer;
  }
  const route = "GET /repos/{owner}/{repo}/commits/{ref}/status";
  const answer = await readIfChanged(gitHub, { route, parameters, schema: statusesSchema, tag });
  return answer.kind === "read" ? { ...answer, document: answer.document.statuses.map(checkOfStatus) } : answer;
}

const red: ReadonlySet<string | null> = new Set(["failure", "timed_out"]);

function checkOfRun({
  name,
  status,
  conclusion,
  html_url,
}: z.infer<typeof runsSchema>["check_runs"][number]): CommitCheck {
  const ended = isGreen(conclusion) ? "passed" : red.has(conclusion) ? "failed" : "undecided";
  return { name: nameOf(name), state: status === "completed" ? ended : "running", url: addressOf(html_url) };
}

function checkOfStatus({
  context,
  state,
  target_url,
}: z.infer<typeof statusesSchema>["statuses"][number]): CommitCheck {
  const states = { success: "passed", pending: "running", failure: "failed", error: "failed" } as const;
  const known = Object.hasOwn(states, state) ? states[state as keyof typeof states] : "undecided";
  return { name: nameOf(context), state: known, url: addressOf(target_url) };
}

function nameOf(text: string): string {
  return escapeLine(text, nameCharactersMax) || "(without a name)";
}

/** The address, if a person can open it. It is shown, never requested. */
function addressOf(text: string | null | undefined): string | null {
  if (text == null || text.length > urlCharactersMax || !/^https?:\/\//.test(text)) return null;
  return escapeLine(text, urlCharactersMax) === text ? text : null;
}
