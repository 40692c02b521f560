/** Finds checks that failed on the head of the default branch at GitHub, and those that no longer fail. A running or unreadable check decides nothing. */
import type { GitHubConnection } from "../github/connection.ts";
import { evidenceCheckName } from "../github/evidence-check.ts";
import { type CommitCheck, checkLists, readChecks } from "../github/landed-checks.ts";
import { type Cause, ifPlain, keyOf, makeCause, quoted } from "./cause.ts";
import { type CauseSource, gitHubOf, nothing } from "./source.ts";

/** `name` and `url` are foreign: one line each, without control characters. */
interface FailingCheck {
  readonly name: string;
  readonly commit: string;
  readonly url: string | null;
}

/** How many entries of a list are read. */
const listMax = 100;

/** The checks of one commit; `whole`: there are no others. */
export interface HeadChecks {
  readonly checks: readonly CommitCheck[];
  readonly whole: boolean;
}

/** Finds nothing in a repository elsewhere, or in one whose checks the credential can't read. */
export const failingCheckSource: CauseSource = {
  name: "failing-check",
  async inspect(place, control) {
    const gitHub = await gitHubOf(place, control);
    const head = gitHub === null ? null : await readHeadChecks(gitHub, place.commit);
    if (head === null) return nothing;
    const prefix = keyOf("failing-check", "");
    const gone = place.known.map(({ key }) => key).filter((key) => isRepaired(head, key.slice(prefix.length)));
    return { causes: failingChecks(head, place.commit).map(checkCause), gone };
  },
};

export function checkCause({ name, commit, url }: FailingCheck): Cause {
  const title = `Make the check${ifPlain(" ", name)} pass on the default branch`;
  const address = url === null ? [] : ["", "GitHub shows it at:", quoted(url)];
  const lines = [`This check failed on commit ${commit}:`, quoted(name), ...address];
  return makeCause("failing-check", { identity: name, title, lines });
}

/** Null: they can't be read. Throws as `readChecks` does. */
async function readHeadChecks(gitHub: GitHubConnection, commit: string): Promise<HeadChecks | null> {
  const lists: (readonly CommitCheck[])[] = [];
  for (const list of checkLists) {
    const answer = await readChecks(gitHub, { commit, list, tag: null });
    if (answer.kind !== "read") return null;
    lists.push(answer.document);
  }
  return { checks: lists.flat(), whole: lists.every(({ length }) => length < listMax) };
}

/** The checks that failed and are not running again. */
export function failingChecks({ checks }: HeadChecks, commit: string): FailingCheck[] {
  const failed = checks.filter(({ name, state }) => state === "failed" && name !== evidenceCheckName);
  const again = new Set(checks.filter(({ state }) => state === "running").map(({ name }) => name));
  const byName = new Map(failed.filter(({ name }) => !again.has(name)).map((check) => [check.name, check]));
  return [...byName.values()].map(({ name, url }) => ({ name, commit, url }));
}

/** Whether a failed check no longer fails: it passed, or all checks have ended without it. */
export function isRepaired({ checks, whole }: HeadChecks, name: string): boolean {
  const own = checks.filter((check) => check.name === name);
  if (own.some(({ state }) => state === "failed" || state === "running")) return false;
  if (own.length > 0) return own.some(({ state }) => state === "passed");
  return whole && checks.length > 0 && checks.every(({ state }) => state !== "running");
}
