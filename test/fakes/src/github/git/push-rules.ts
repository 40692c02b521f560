/** What the protection of branches says about a push's commands, before git gets them, and how git's hook learns it. */
import { z } from "zod";
import { mayBypass, unmetByPush } from "../state/protection.ts";
import type { AccountRecord, RepositoryRecord } from "../state/records.ts";
import type { RefCommand } from "./receive-commands.ts";

/** Variable of the hook's environment: a JSON text of this schema. */
export const pushRulesVariable = "FAKE_GITHUB_PUSH_RULES";
/** Rules by full ref. All other refs are left to git. */
export const pushRulesSchema = z.record(
  z.string(),
  z.object({
    isRuleset: z.boolean(),
    /** Sentences, any of which refuses the update. */
    refused: z.array(z.string()),
    /** Refuses an update that is not a fast-forward, which only git knows once it has the objects. */
    refusesForce: z.boolean(),
  }),
);
export type PushRules = z.infer<typeof pushRulesSchema>;

const noObject = "0".repeat(40);

export function pushRulesFor(
  repository: RepositoryRecord,
  { commands, actor }: { commands: readonly RefCommand[]; actor: AccountRecord },
): PushRules {
  const rules: PushRules = {};
  for (const { ref, from, to } of commands) {
    const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1] ?? "";
    const protection = repository.protections.get(branch);
    // A rule for a branch that does not exist so far does not prevent its creation.
    if (protection === undefined || from === noObject || mayBypass(repository, protection, actor)) continue;
    const isRuleset = protection.source === "ruleset";
    if (to === noObject) {
      const refused = protection.allowDeletions === true ? [] : ["Cannot delete this branch"];
      rules[ref] = { isRuleset, refused, refusesForce: false };
      continue;
    }
    const refused = unmetByPush(repository, protection, to);
    rules[ref] = { isRuleset, refused, refusesForce: protection.allowForcePushes !== true };
  }
  return rules;
}
