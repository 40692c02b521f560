/** Policy keys that were removed. An overlay that still sets one gets an error that explains why; a stored policy is read without it. */
import { isRecord } from "./overlay-documents.ts";

const ownPaths = "removed: name such paths under paths.never_by_itself in the repository's .aedev.yaml";

/** The dotted path of each removed key, and what to do instead. */
const removedKeys: ReadonlyMap<string, string> = new Map([
  ["risk.factors.orchestrator_core_change", ownPaths],
  ["risk.factors.runner_sandbox_change", ownPaths],
  ["risk.factors.validator_change", ownPaths],
]);

/** The error for a removed key; undefined for any other key. */
export function removalOf(path: string): string | undefined {
  return removedKeys.get(path);
}

/** `low_test_coverage` had only a weight when nothing measured coverage; the present factor has more keys. */
const constantFactor = "risk.factors.low_test_coverage";
const isConstant = (factor: unknown) => isRecord(factor) && Object.keys(factor).join() === "weight";

/** The points that an earlier version's `low_test_coverage` added to every score. This version's scores lack them, so the bands of a task that keeps that policy must be lowered by them. */
export function removedConstantPoints(stored: unknown): number {
  const factor = constantFactor
    .split(".")
    .reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), stored);
  return isRecord(factor) && isConstant(factor) && typeof factor.weight === "number" ? factor.weight : 0;
}

/** The document without the keys that this version no longer has; everything else is unchanged. */
export function withoutRemovedKeys(document: unknown, prefix = ""): unknown {
  if (!isRecord(document)) return document;
  const kept = Object.entries(document).filter(
    ([key, value]) => !removedKeys.has(prefix + key) && !(prefix + key === constantFactor && isConstant(value)),
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutRemovedKeys(value, `${prefix}${key}.`)]));
}
