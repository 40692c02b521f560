/** What a protected branch still requires of a push or a pull request, in GitHub's words. */
import { requiredCheckState } from "./check-results.ts";
import type {
  AccountRecord,
  Protection,
  PullRecord,
  RepositoryRecord,
  RequiredCheck,
  ReviewRecord,
} from "./records.ts";
import { hasRole, roleOf } from "./world.ts";

export function requiredChecksOf(protection: Protection): RequiredCheck[] {
  return (protection.requiredChecks ?? []).map((check) => (typeof check === "string" ? { context: check } : check));
}

/** Administrators are exempt from a classic protection that does not include them; apps and rulesets have no such exemption. */
export function mayBypass(repository: RepositoryRecord, protection: Protection, actor: AccountRecord): boolean {
  if (protection.source === "ruleset" || protection.enforceAdmins === true || actor.type === "Bot") return false;
  return hasRole(roleOf(repository, actor), "admin");
}

/** Sentences on what a push of this commit to a protected branch lacks. */
export function unmetByPush(repository: RepositoryRecord, protection: Protection, sha: string): string[] {
  const review = protection.requiredReviews === undefined ? [] : ["Changes must be made through a pull request."];
  return [...review, ...unmetChecks(repository, requiredChecksOf(protection), sha)];
}

/** Sentences on what this pull request lacks to merge. `isBehind`: its head does not contain the base. */
export function unmetByPull(
  repository: RepositoryRecord,
  protection: Protection,
  { pull, author, isBehind }: { pull: PullRecord; author: AccountRecord; isBehind: boolean },
): string[] {
  const checks = requiredChecksOf(protection);
  const stale = isBehind && protection.strict === true && checks.length > 0;
  return [
    ...unmetReviews(repository, protection, { pull, author }),
    // On a head without the base's newest commits, checks count as not reported.
    ...(stale
      ? [
          wordsOf(
            checks,
            checks.map(() => "expected"),
          ),
        ]
      : unmetChecks(repository, checks, pull.headSha)),
  ];
}

/** The reviews that count: each reviewer's last decision, if they have write access and are not the author. */
function decidingReviews(
  repository: RepositoryRecord,
  { pull, author }: { pull: PullRecord; author: AccountRecord },
): ReviewRecord[] {
  const last = new Map<number, ReviewRecord>();
  for (const review of pull.reviews) {
    if (review.author.id === author.id || review.state === "COMMENTED" || review.state === "PENDING") continue;
    if (hasRole(roleOf(repository, review.author), "write")) last.set(review.author.id, review);
  }
  return [...last.values()].filter(({ state }) => state !== "DISMISSED");
}

function unmetReviews(
  repository: RepositoryRecord,
  { requiredReviews = 0 }: Protection,
  options: { pull: PullRecord; author: AccountRecord },
): string[] {
  if (requiredReviews === 0) return [];
  const deciding = decidingReviews(repository, options);
  const approvals = deciding.filter(({ state }) => state === "APPROVED").length;
  if (approvals === deciding.length && approvals >= requiredReviews) return [];
  const noun = requiredReviews === 1 ? "review is" : "reviews are";
  return [`At least ${requiredReviews} approving ${noun} required by reviewers with write access.`];
}

function unmetChecks(repository: RepositoryRecord, checks: readonly RequiredCheck[], sha: string): string[] {
  const states = checks.map((check) => requiredCheckState(repository, sha, check));
  return states.every((state) => state === "success") ? [] : [wordsOf(checks, states)];
}

function wordsOf(checks: readonly RequiredCheck[], states: readonly string[]): string {
  const unmet = checks.flatMap(({ context }, index) => {
    const state = states[index] ?? "expected";
    return state === "success" ? [] : [{ context, state }];
  });
  const kinds = [...Map.groupBy(unmet, ({ state }) => state)].map(([state, found]) => ({ state, count: found.length }));
  const [first, second] = unmet;
  if (first !== undefined && second === undefined) return `Required status check "${first.context}" is ${first.state}.`;
  const share = `${unmet.length} of ${checks.length} required status checks`;
  if (kinds.length === 1) return `${share} are ${kinds[0]?.state ?? ""}.`;
  return `${share} have not succeeded: ${kinds.map(({ state, count }) => `${count} ${state}`).join(", ")}.`;
}
