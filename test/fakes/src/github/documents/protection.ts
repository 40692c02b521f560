/** A branch's protection in the form of GitHub's documents: embedded in a branch, as the classic protection, and as rules of a ruleset. */
import { requiredChecksOf } from "../state/protection.ts";
import type { Protection, RepositoryRecord } from "../state/records.ts";
import type { GitHubSite } from "./site.ts";

function protectionUrl({ api }: GitHubSite, { fullName }: RepositoryRecord, branch: string): string {
  return `${api}/repos/${fullName}/branches/${branch}/protection`;
}

/** `protected`, `protection` and `protection_url` of a branch. A ruleset protects a branch without a classic protection. */
export function branchProtection(site: GitHubSite, repository: RepositoryRecord, branch: string) {
  const protection = repository.protections.get(branch);
  const isClassic = protection !== undefined && protection.source !== "ruleset";
  const checks = isClassic ? requiredChecksOf(protection) : [];
  const level = protection?.enforceAdmins === true ? "everyone" : "non_admins";
  return {
    protected: protection !== undefined,
    protection: {
      enabled: isClassic,
      required_status_checks: {
        enforcement_level: checks.length === 0 ? "off" : level,
        contexts: checks.map(({ context }) => context),
        checks: checks.map(({ context, appId }) => ({ context, app_id: appId ?? null })),
      },
    },
    protection_url: protectionUrl(site, repository, branch),
  };
}

/** `GET …/branches/{branch}/protection`. */
export function classicProtectionDocument(
  site: GitHubSite,
  repository: RepositoryRecord,
  { branch, protection }: { branch: string; protection: Protection },
) {
  const url = protectionUrl(site, repository, branch);
  const checks = requiredChecksOf(protection);
  const disabled = { enabled: false };
  return {
    url,
    ...(checks.length === 0
      ? {}
      : {
          required_status_checks: {
            url: `${url}/required_status_checks`,
            strict: protection.strict ?? false,
            contexts: checks.map(({ context }) => context),
            contexts_url: `${url}/required_status_checks/contexts`,
            checks: checks.map(({ context, appId }) => ({ context, app_id: appId ?? null })),
          },
        }),
    ...(protection.requiredReviews === undefined
      ? {}
      : {
          required_pull_request_reviews: {
            url: `${url}/required_pull_request_reviews`,
            dismiss_stale_reviews: protection.dismissStaleReviews ?? false,
            require_code_owner_reviews: false,
            require_last_push_approval: false,
            required_approving_review_count: protection.requiredReviews,
          },
        }),
    required_signatures: { url: `${url}/required_signatures`, enabled: false },
    enforce_admins: { url: `${url}/enforce_admins`, enabled: protection.enforceAdmins ?? false },
    required_linear_history: disabled,
    allow_force_pushes: { enabled: protection.allowForcePushes ?? false },
    allow_deletions: { enabled: protection.allowDeletions ?? false },
    block_creations: disabled,
    required_conversation_resolution: disabled,
    lock_branch: disabled,
    allow_fork_syncing: disabled,
  };
}

/** `GET …/rules/branches/{branch}`: rules of rulesets only. */
export function branchRules({ fullName, id }: RepositoryRecord, protection: Protection | undefined): object[] {
  if (protection?.source !== "ruleset") return [];
  const origin = { ruleset_source_type: "Repository", ruleset_source: fullName, ruleset_id: id };
  const checks = requiredChecksOf(protection);
  const rules: object[] = [];
  if (protection.allowDeletions !== true) rules.push({ type: "deletion" });
  if (protection.allowForcePushes !== true) rules.push({ type: "non_fast_forward" });
  if (protection.requiredReviews !== undefined)
    rules.push({
      type: "pull_request",
      parameters: {
        required_approving_review_count: protection.requiredReviews,
        dismiss_stale_reviews_on_push: protection.dismissStaleReviews ?? false,
        require_code_owner_review: false,
        require_last_push_approval: false,
        required_review_thread_resolution: false,
        allowed_merge_methods: ["merge", "squash", "rebase"],
      },
    });
  if (checks.length > 0)
    rules.push({
      type: "required_status_checks",
      parameters: {
        strict_required_status_checks_policy: protection.strict ?? false,
        do_not_enforce_on_create: false,
        required_status_checks: checks.map(({ context, appId }) =>
          appId === undefined ? { context } : { context, integration_id: appId },
        ),
      },
    });
  if (protection.mergeQueue === true)
    rules.push({
      type: "merge_queue",
      parameters: {
        check_response_timeout_minutes: 60,
        grouping_strategy: "ALLGREEN",
        max_entries_to_build: 5,
        max_entries_to_merge: 5,
        merge_method: "MERGE",
        min_entries_to_merge: 1,
        min_entries_to_merge_wait_minutes: 5,
      },
    });
  return rules.map((rule) => ({ ...rule, ...origin }));
}
