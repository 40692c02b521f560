/** What an audit would ask of the judges, before it is asked: calls for sure, tokens roughly. */
import { auditPlan, type PlantedKind } from "@aedev/core";
import { type EvidenceName, viewNames } from "@aedev/core/wire";
import type { Control } from "../loop/control.ts";
import { judgeSetup } from "./judge-setup.ts";
import { pastChanges } from "./past-changes.ts";
import { manifestOrNull } from "./spoiled-blobs.ts";

interface AuditEstimate {
  readonly n: number;
  readonly plan: Readonly<Record<PlantedKind, number>>;
  readonly bundles: number;
  readonly families: readonly string[];
  readonly calls: number;
  /** Past changes that something can be planted in; none: nothing will be asked. */
  readonly past_changes: number;
  readonly input_tokens: number;
}

/** Bytes that every question has beside its evidence. */
const promptBytes = 4_000;
/** Bytes to one token, roughly and for code. */
const tokenBytes = 4;
const sampleMax = 20;
const asked: readonly EvidenceName[] = [
  "specification",
  "patch",
  "checks",
  "test-matrix",
  "test-changes",
  "path-report",
];

/** Tokens by the mean size of this home's own past bundles. */
export function estimateAudit(n: number, control: Control): AuditEstimate {
  const plan = auditPlan(n);
  const bundles = Object.values(plan).reduce((sum, count) => sum + count, 0);
  const families = Object.keys(judgeSetup(control, control.policy()).models);
  const past = pastChanges(control.log.state);
  const sizes = past.slice(0, sampleMax).map(({ bundleDigest }) => askedBytes(bundleDigest, control));
  const mean = sizes.length === 0 ? 0 : sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  const calls = bundles * families.length * viewNames.length;
  const tokens = past.length === 0 ? 0 : Math.round((calls * (mean + promptBytes)) / tokenBytes);
  return { n, plan, bundles, families, calls, past_changes: past.length, input_tokens: tokens };
}

function askedBytes(bundleDigest: string, control: Control): number {
  const entries = manifestOrNull(bundleDigest, control)?.entries;
  return asked.reduce((sum, name) => sum + (entries?.[name]?.size_bytes ?? 0), 0);
}
