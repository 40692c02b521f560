/** Derives which canaries are to be planted and judged (SECURITY T22). None of this work affects a task. */

import type { Family } from "@aedev/contracts";
import {
  type AuditState,
  type CanaryState,
  entitiesOf,
  nothingPlanted,
  type State,
  type TaskState,
} from "../model/state.ts";
import { openFamilies } from "./canary-verdicts.ts";
import { isDown } from "./outage.ts";

/** What was planted: a defect, a harmless twin, or an injection. */
export type PlantedKind = CanaryState["planted"];

/** Work on a planted bundle. It belongs to no task and holds none. */
export type JudgeWork = { readonly work_id: string; readonly task_id: null } & (
  | {
      readonly kind: "PlantCanary";
      readonly plane: "control";
      readonly audit_id: string | null;
      readonly beside: string | null;
      readonly planted: PlantedKind;
    }
  | {
      readonly kind: "JudgeCanary";
      readonly plane: "judgement";
      readonly canary_id: string;
      readonly family: Family;
      readonly bundle_digest: string;
    }
);

/** From policy and configuration. */
export interface CanaryBounds {
  /** Canaries per hundred live judgements (`judges.canary_share`). */
  readonly sharePercent: number;
  /** The most open canaries of an audit. */
  readonly atOnce: number;
  readonly families: readonly Family[];
}
/** Bounds under which no canary is planted or judged. */
export const noCanaries: CanaryBounds = { sharePercent: 0, atOnce: 0, families: [] };

const plantedKinds = ["known-bad", "known-good", "injection"] as const;

/** The parts of an audit of `n`: `n` defects, a harmless twin for every three of them and an injection for every six. */
export function auditPlan(n: number): Readonly<Record<PlantedKind, number>> {
  return { "known-bad": n, "known-good": Math.ceil(n / 3), injection: Math.ceil(n / 6) };
}

/** What an audit has planted so far. */
export function auditPlanted(state: Pick<State, "past">, auditId: string): Readonly<Record<PlantedKind, number>> {
  return state.past.planted[auditId] ?? nothingPlanted;
}

/** The kind of canary that accompanies the judging of this bundle, or null. The digest alone decides, so that nobody can choose. */
export function besideKind(bundleDigest: string, sharePercent: number): PlantedKind | null {
  if (Number.parseInt(bundleDigest.slice(0, 8), 16) % 100 >= sharePercent) return null;
  const place = Number.parseInt(bundleDigest.slice(8, 16), 16) % 9;
  return place < 6 ? "known-bad" : place < 8 ? "known-good" : "injection";
}

/** The audit that still plants: a newer audit replaces an older one. */
export function newestAudit(audits: Readonly<Record<string, AuditState>>): AuditState | null {
  const order = (audit: AuditState) => `${audit.requested_at} ${audit.audit_id}`;
  return entitiesOf(audits).reduce<AuditState | null>(
    (newest, audit) => (newest === null || order(audit) > order(newest) ? audit : newest),
    null,
  );
}

export function pendingCanaries(state: State, bounds: CanaryBounds): JudgeWork[] {
  if (bounds.families.length === 0) return [];
  const canaries = entitiesOf(state.canaries);
  const judging = entitiesOf(state.tasks).filter(({ status }) => status === "judging");
  return [
    ...canaries.flatMap((canary) => judgements(canary, bounds)).filter(({ family }) => !isDown(state, family)),
    ...judging.flatMap((task) => besideTask(task, canaries, bounds)),
    ...(judging.length > 0 ? [] : forAudit(state, canaries, bounds)),
  ];
}

function judgements(canary: CanaryState, { families }: CanaryBounds): Extract<JudgeWork, { kind: "JudgeCanary" }>[] {
  return openFamilies(canary, families).map((family) => ({
    kind: "JudgeCanary",
    plane: "judgement",
    work_id: `JudgeCanary/${canary.canary_id}/${family}`,
    task_id: null,
    canary_id: canary.canary_id,
    family,
    bundle_digest: canary.bundle.digest,
  }));
}

function besideTask(task: TaskState, canaries: readonly CanaryState[], bounds: CanaryBounds): JudgeWork[] {
  const digest = task.evidence?.judgeable === true ? task.evidence.bundle.digest : null;
  if (digest === null || canaries.some(({ beside }) => beside === digest)) return [];
  const planted = besideKind(digest, bounds.sharePercent);
  if (planted === null) return [];
  const work_id = `PlantCanary/${digest}`;
  return [{ kind: "PlantCanary", plane: "control", work_id, task_id: null, audit_id: null, beside: digest, planted }];
}

/** The work for an audit. It waits for live judging, and few canaries are open at a time. All kinds are planted in parallel, so a kind that can't be planted does not block the others. */
function forAudit(state: State, canaries: readonly CanaryState[], bounds: CanaryBounds): JudgeWork[] {
  const audit = newestAudit(state.audits);
  if (audit === null) return [];
  const open = canaries.filter((canary) => openFamilies(canary, bounds.families).length > 0).length;
  const room = bounds.atOnce - open;
  const [wanted, planted] = [auditPlan(audit.n), auditPlanted(state, audit.audit_id)];
  return plantedKinds.flatMap((kind) =>
    Array.from(
      { length: Math.max(0, Math.min(room, wanted[kind] - planted[kind])) },
      (_, place): JudgeWork => ({
        kind: "PlantCanary",
        plane: "control",
        work_id: `PlantCanary/${audit.audit_id}/${kind}/${planted[kind] + place + 1}`,
        task_id: null,
        audit_id: audit.audit_id,
        beside: null,
        planted: kind,
      }),
    ),
  );
}
