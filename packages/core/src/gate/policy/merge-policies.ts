/** Merges the shipped policy with the overlay in the home, or lists the problems of either. The overlay can change any value, but it can't switch off a hard gate or shorten the list of T7. */
import { alwaysAskedPaths, lackingPaths } from "./always-asked-paths.ts";
import { isRecord, overlayDocuments } from "./overlay-documents.ts";
import { type Policy, policySourceSchema } from "./policy-schema.ts";
import { type PolicyProblem, problemsOf } from "./problem.ts";
import { removalOf } from "./removed-keys.ts";

export type MergedPolicy =
  | { readonly kind: "policy"; readonly policy: Policy }
  | { readonly kind: "problems"; readonly layer: "shipped" | "operator"; readonly problems: readonly PolicyProblem[] };

/** Takes parsed YAML documents; an absent or empty overlay is null. A repository tightens the result later (`tightenPolicy`). */
export function mergePolicies(shipped: unknown, operator: unknown): MergedPolicy {
  const parsed = policySourceSchema.safeParse(shipped);
  if (!parsed.success) return { kind: "problems", layer: "shipped", problems: problemsOf(parsed.error) };
  return mergeOperator(shipped, operator ?? {});
}

function mergeOperator(shipped: unknown, overlay: unknown): MergedPolicy {
  const refused = (problems: PolicyProblem[]): MergedPolicy => ({ kind: "problems", layer: "operator", problems });
  if (!isRecord(overlay)) return refused([{ path: "", message: "must be a mapping of sections" }]);
  const shortened = shorteningOf(overlay);
  if (shortened !== null) return refused([shortened]);
  const parsed = policySourceSchema.safeParse(overlayDocuments(shipped, withFullList(shipped, overlay)));
  if (parsed.success) return { kind: "policy", policy: parsed.data };
  const problems = problemsOf(parsed.error);
  return refused(problems.map(({ path, message }) => ({ path, message: removalOf(path) ?? message })));
}

/** Finds a list of T7 that the overlay would shorten: an empty list, or a list with only some of its entries. The operator's own entries extend the list. */
function shorteningOf(overlay: Record<string, unknown>): PolicyProblem | null {
  const globs = neverByItself(overlay);
  if (!Array.isArray(globs)) return null;
  const { lacking, message } = lackingPaths(globs);
  const shortens = globs.length === 0 || (lacking.length > 0 && lacking.length < alwaysAskedPaths.length);
  return shortens ? { path: "paths.never_by_itself", message } : null;
}

function withFullList(shipped: unknown, overlay: Record<string, unknown>): unknown {
  const [base, added] = [neverByItself(shipped), neverByItself(overlay)];
  if (!Array.isArray(base) || !Array.isArray(added)) return overlay;
  return overlayDocuments(overlay, { paths: { never_by_itself: [...new Set([...base, ...added])] } });
}

function neverByItself(document: unknown): unknown {
  return isRecord(document) && isRecord(document.paths) ? document.paths.never_by_itself : undefined;
}
