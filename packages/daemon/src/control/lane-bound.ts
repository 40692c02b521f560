/** Under which chance of harm a repository's profile merges, as the commands about outcomes carry it. */
import { effectiveProfile, mergeBound } from "@aedev/core";
import type { Records, Rules } from "./parts.ts";

/** Empty if the repository is not registered, or its profile merges nothing. */
export function laneBound(repository: string, { log, policy }: Records & Rules): { lane_bound?: number } {
  const known = log.state.repositories[repository];
  if (known === undefined) return {};
  const rules = policy();
  const bound = mergeBound(rules, effectiveProfile(rules, known.profile, {}));
  return bound === 0 ? {} : { lane_bound: bound };
}
