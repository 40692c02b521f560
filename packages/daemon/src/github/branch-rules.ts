/** Reads what a branch requires of a pull request, from rulesets and classic protection, as far as the credential may see them. */
import { z } from "zod";
import { type GitHubConnection, readOne } from "./connection.ts";
import { evidenceCheckName } from "./evidence-check.ts";
import { type MergeMethod, mergeMethods } from "./pull-requests.ts";

/** `checks`: required ones except aedev's own. `codeOwners`: must approve. `queue`: only a queue merges; `maybe`: a classic protection doesn't tell. */
export interface BranchRules {
  readonly checks: readonly string[];
  readonly approvals: number;
  readonly codeOwners: boolean;
  readonly methods: readonly MergeMethod[];
  readonly queue: "yes" | "maybe" | "no";
}

const rulesSchema = z.array(
  z.object({
    type: z.string(),
    parameters: z
      .object({
        required_status_checks: z.array(z.object({ context: z.string() })).optional(),
        required_approving_review_count: z.int().nonnegative().optional(),
        require_code_owner_review: z.boolean().optional(),
        allowed_merge_methods: z.array(z.string()).optional(),
      })
      .optional(),
  }),
);
const branchSchema = z.object({
  protection: z
    .object({
      enabled: z.boolean().optional(),
      required_status_checks: z.object({ contexts: z.array(z.string()) }).nullish(),
    })
    .optional(),
});

/** A rule that can't be read is missing from the result; GitHub then calls the pull request blocked. */
export async function readBranchRules(gitHub: GitHubConnection, branch: string): Promise<BranchRules> {
  // Private repositories on the free plan answer 403 to questions about rulesets.
  const rules =
    (await readOne(gitHub, {
      effect: "peek",
      route: "GET /repos/{owner}/{repo}/rules/branches/{branch}",
      parameters: { branch, per_page: 100 },
      schema: rulesSchema,
    })) ?? [];
  const protection = await readOne(gitHub, {
    effect: "peek",
    route: "GET /repos/{owner}/{repo}/branches/{branch}",
    parameters: { branch },
    schema: branchSchema,
  });
  const parameters = rules.flatMap((rule) => rule.parameters ?? []);
  const ofRules = parameters.flatMap(({ required_status_checks = [] }) => required_status_checks);
  const classic = protection?.protection?.required_status_checks?.contexts ?? [];
  const checks = [...ofRules.map(({ context }) => context), ...classic].filter((name) => name !== evidenceCheckName);
  const has = (type: string) => rules.some((rule) => rule.type === type);
  const lists = parameters.flatMap(({ allowed_merge_methods: allowed }) => (allowed === undefined ? [] : [allowed]));
  return {
    checks: [...new Set(checks)],
    approvals: Math.max(0, ...parameters.map(({ required_approving_review_count: count = 0 }) => count)),
    codeOwners: parameters.some(({ require_code_owner_review: required }) => required === true),
    methods: mergeMethods.filter(
      (method) =>
        lists.every((allowed) => allowed.includes(method)) && !(method === "merge" && has("required_linear_history")),
    ),
    queue: has("merge_queue") ? "yes" : protection?.protection?.enabled === true ? "maybe" : "no",
  };
}
