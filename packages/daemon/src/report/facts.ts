/** Reads what a mission's report is made of: state and events from one snapshot of the log, and entries of evidence only if the evidence verifies. */
import {
  type BundleManifest,
  changeKindsSchema,
  checksSchema,
  dependencyChangesSchema,
  dependencyRecordsSchema,
  type EvidenceName,
  environmentSchema,
  historySchema,
  independentTestsSchema,
  isFault,
  mutationSampleSchema,
  outsideReplaySchema,
  pathReportSchema,
  provennessSchema,
  secondImplementationSchema,
  secretReportSchema,
  testChangesSchema,
  testMatrixSchema,
  usageSchema,
} from "@aedev/contracts";
import type { HoldDocument, MissionDocument, UntrustedLog } from "@aedev/contracts/api";
import { entityById, type MissionState, missionDocument, openHolds, type TaskState } from "@aedev/core/reading";
import type { z } from "zod";
import { bundleOf } from "../control/read-blobs.ts";
import type { StoredEvent } from "../log/sqlite/stored-event.ts";
import { unknownEntity } from "../reader/home-reader.ts";
import { type JudgedCriterion, judgedCriteria } from "../reader/judged-criteria.ts";
import { type OfflineHome, openOffline } from "../reader/open-offline.ts";
import { verifyEvidenceTask } from "../reader/verify-evidence.ts";

const entrySchemas = {
  "change-kinds": changeKindsSchema,
  checks: checksSchema,
  "dependency-changes": dependencyChangesSchema,
  "dependency-records": dependencyRecordsSchema,
  environment: environmentSchema,
  history: historySchema,
  "independent-tests": independentTestsSchema,
  "mutation-sample": mutationSampleSchema,
  "path-report": pathReportSchema,
  provenness: provennessSchema,
  replay: outsideReplaySchema,
  "second-implementation": secondImplementationSchema,
  "secret-report": secretReportSchema,
  "test-changes": testChangesSchema,
  "test-matrix": testMatrixSchema,
  usage: usageSchema,
} as const satisfies Partial<Record<EvidenceName, z.ZodType>>;
/** The entries that a report reads, with their content. */
export type ReportEntries = { readonly [Name in keyof typeof entrySchemas]: z.infer<(typeof entrySchemas)[Name]> };

/** `unread`: why an entry that the bundle has can't be read, such as that its bytes have expired. */
export type EvidenceFacts =
  | { readonly kind: "none" }
  | { readonly kind: "unverified"; readonly why: string }
  | {
      readonly kind: "verified";
      readonly fingerprint: string;
      readonly manifest: BundleManifest;
      readonly entries: Partial<ReportEntries>;
      readonly unread: ReadonlyMap<EvidenceName, string>;
    };

export interface TaskFacts {
  readonly task: TaskState;
  readonly hold: HoldDocument | null;
  /** The events of its stream, in order. */
  readonly events: readonly StoredEvent[];
  readonly judged: readonly JudgedCriterion[];
  readonly evidence: EvidenceFacts;
}
export interface MissionFacts {
  /** Of the log's last event. */
  readonly position: number;
  readonly mission: MissionState;
  readonly document: MissionDocument;
  readonly events: readonly StoredEvent[];
  readonly untrusted: UntrustedLog | null;
  readonly tasks: readonly TaskFacts[];
}

/** Throws a Fault `no-home` or `unknown-mission`. */
export async function readFacts({ home, missionId }: { home: string; missionId: string }): Promise<MissionFacts> {
  using offline = openOffline(home);
  const { tasks, ...facts } = offline.atOnce(({ position }) => {
    const state = offline.state({ missions: [missionId] });
    const mission = entityById(state.missions, missionId) ?? unknownEntity("mission", missionId);
    const document = missionDocument(state, missionId) ?? unknownEntity("mission", missionId);
    const holds = openHolds(state);
    const tasksOfMission = mission.task_ids.map((id) => {
      const task = entityById(state.tasks, id) ?? unknownEntity("task", id);
      const hold = holds.find(({ task_id }) => task_id === id) ?? null;
      return { task, hold, events: offline.taskEvents(id) };
    });
    return { position, mission, document, events: offline.missionEvents(missionId), tasks: tasksOfMission };
  });
  const read: TaskFacts[] = [];
  for (const one of tasks) {
    const judged = one.task.verdicts.flatMap((verdict) => judgedCriteria(verdict, offline.blobs));
    read.push({ ...one, judged, evidence: await evidenceFacts(one.task, { home, offline }) });
  }
  return { ...facts, untrusted: offline.untrusted(), tasks: read };
}

async function evidenceFacts(
  { task_id, evidence }: TaskState,
  { home, offline }: { home: string; offline: OfflineHome },
): Promise<EvidenceFacts> {
  if (evidence === null) return { kind: "none" };
  const report = await verifyEvidenceTask(task_id, { home }).catch(whyUnread);
  if (typeof report === "string") return { kind: "unverified", why: report };
  const { problem, bundle_digest, evidence: signed, key } = report;
  if (problem !== null) return { kind: "unverified", why: `${problem.part}: ${problem.what}` };
  if (bundle_digest !== evidence.bundle.digest || signed === null)
    return { kind: "unverified", why: "other evidence was sealed while this report was made" };
  const { manifest } = signed;
  const bundle = bundleOf(offline, manifest);
  const entries: Record<string, unknown> = {};
  const unread = new Map<EvidenceName, string>();
  for (const [name, schema] of Object.entries(entrySchemas) as [EvidenceName, z.ZodType][]) {
    try {
      entries[name] = bundle.entry(name, schema) ?? undefined;
    } catch (error) {
      unread.set(name, whyUnread(error));
    }
  }
  return { kind: "verified", fingerprint: key?.fingerprint ?? "", manifest, entries, unread };
}

/** Why evidence can't be read; anything else is a bug. */
function whyUnread(error: unknown): string {
  if (isFault(error, "no-evidence", "blob-missing", "blob-corrupt", "blob-expired", "signing-key"))
    return error.message;
  throw error;
}
