/** Estimates what an audit would ask of the judges: the exact number of calls and an approximate number of tokens. */

import { families, judgedEvidenceNames, viewNames } from "@aedev/contracts";
import type { AuditEstimate } from "@aedev/contracts/api";
import { auditPlan } from "@aedev/core";
import type { Blobs, Judges, Records } from "../control/parts.ts";
import { judgeSetup } from "./judge-setup.ts";
import { pastChanges } from "./past-changes.ts";
import { manifestOrNull } from "./spoiled-blobs.ts";

/** Bytes of a question besides its evidence. */
const promptBytes = 4_000;
/** Bytes of code per token, roughly. */
const tokenBytes = 4;
const sampleMax = 20;
/** Computed from the mean size of this home's past bundles. */
export function estimateAudit(n: number, control: Blobs & Records & Judges): AuditEstimate {
  const plan = auditPlan(n);
  const bundles = Object.values(plan).reduce((sum, count) => sum + count, 0);
  const { models } = judgeSetup(control, control.policy());
  const asked = families.filter((family) => family in models);
  const past = pastChanges(control.log.views);
  const sizes = past.slice(0, sampleMax).map(({ bundleDigest }) => askedBytes(bundleDigest, control));
  const mean = sizes.length === 0 ? 0 : sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  const calls = bundles * asked.length * viewNames.length;
  const tokens = past.length === 0 ? 0 : Math.round((calls * (mean + promptBytes)) / tokenBytes);
  return { n, plan, bundles, families: asked, calls, past_changes: past.length, input_tokens: tokens };
}

function askedBytes(bundleDigest: string, control: Blobs): number {
  const entries = manifestOrNull(bundleDigest, control)?.entries;
  return judgedEvidenceNames.reduce((sum, name) => sum + (entries?.[name]?.size_bytes ?? 0), 0);
}
