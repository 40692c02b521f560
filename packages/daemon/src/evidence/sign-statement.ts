/** Signs sealed evidence and gate decisions with the home's evidence key. It signs only a task's own bundle, never a planted one (SECURITY T22). */
import type { KeyObject } from "node:crypto";
import { type Blob, type BundleManifest, canonicalJson, environmentSchema, Fault, reasonText } from "@aedev/contracts";
import type { EventData } from "@aedev/contracts/events";
import { runOfChange, type State, type TaskState } from "@aedev/core";
import type { Blobs, Home, Records } from "../control/parts.ts";
import { readDocument } from "../control/read-blobs.ts";
import { envelopeMediaType, sealEnvelope } from "./envelope.ts";
import { evidenceKey } from "./evidence-key.ts";
import {
  type DecisionPredicate,
  decisionPredicateType,
  decisionStatementSchema,
  type EvidencePredicate,
  evidencePredicateType,
  evidenceStatementSchema,
  type JudgeRate,
  statementType,
  subjectOf,
} from "./statement.ts";

type Signer = Home & Blobs & { readonly log: Pick<Records["log"], "stateWith" | "head"> };

export type SealedEvidence = Omit<EventData<"EvidenceSealed">, "statement" | "verdict_nonces" | "parent"> & {
  readonly manifest: BundleManifest;
};

/** Stores the first statement and returns its envelope's blob. Throws a Fault `signing-key` or `secrets-exposed`. */
export function signEvidence(task: TaskState, sealed: SealedEvidence, control: Signer): Blob {
  const { manifest, bundle, tree } = sealed;
  const { patch, environment } = manifest.entries;
  if (patch === undefined) throw new Error(`task ${task.task_id} has evidence without a patch`);
  const predicate = {
    ...aboutOf(task, sealed.change_digest),
    run_id: sealed.run_id,
    sealed_at: new Date().toISOString(),
    base: { commit: sealed.base_commit, ref: task.ref },
    specification: task.specification,
    content_digest: sealed.content_digest,
    manifest,
    environment: environment === undefined ? null : readDocument(control, environment.digest, environmentSchema),
    checks_status: sealed.checks_status,
    judgeable: sealed.judgeable,
    decided_on: sealed.inherits ? (task.gate?.bundle_digest ?? null) : null,
  };
  return storeSigned(control, bundle.digest, (key) =>
    sealEnvelope(
      evidenceStatementSchema.parse({
        _type: statementType,
        subject: subjectOf({ bundle: bundle.digest, tree, patch: patch.digest }),
        predicateType: evidencePredicateType,
        predicate: predicate satisfies Record<keyof EvidencePredicate, unknown>,
      }),
      key,
    ),
  );
}

/** `judges`: the records of the judges that gave a verdict. */
export type SignedDecision = Omit<EventData<"GateDecided">, "statement" | "shares"> & {
  readonly judges: readonly JudgeRate[];
};

/** Stores the second statement and returns its envelope's blob. Throws a Fault `signing-key` or `secrets-exposed`. */
export function signDecision(task: TaskState, decision: SignedDecision, control: Signer): Blob {
  const { evidence, patch } = task;
  const run = runOfChange(task);
  if (evidence === null || patch === null || run === undefined)
    throw new Error(`task ${task.task_id} has a decision without evidence`);
  const predicate = {
    ...aboutOf(task, decision.change_digest),
    run_id: evidence.run_id,
    decided_at: new Date().toISOString(),
    bundle_digest: decision.bundle_digest,
    profile: decision.profile,
    answer: decision.answer,
    hold_code: decision.hold_code,
    hold_detail: decision.hold_detail,
    reasons: decision.reasons.map((reason) => reasonText(reason)),
    risk: { score: decision.risk_score ?? 0, kind: decision.score_kind, level: decision.level ?? "unknown" },
    verdicts: task.verdicts.map(({ family, model, prompt_digest, verdict, detail, views, answer, reused_from }) => ({
      ...{ family, model, prompt_digest, verdict, detail, views, reused_from: reused_from ?? null },
      answer: answer?.digest ?? null,
    })),
    judges: decision.judges,
    log_head: { position: control.log.head.position, hash: control.log.head.hash },
  };
  return storeSigned(control, decision.bundle_digest, (key) =>
    sealEnvelope(
      decisionStatementSchema.parse({
        _type: statementType,
        subject: subjectOf({ bundle: decision.bundle_digest, tree: evidence.tree, patch: patch.digest }),
        predicateType: decisionPredicateType,
        predicate: predicate satisfies Record<keyof DecisionPredicate, unknown>,
      }),
      key,
    ),
  );
}

function aboutOf(task: TaskState, changeDigest: string) {
  if (task.policy === null) throw new Error(`task ${task.task_id} has evidence without a policy`);
  return {
    schema: 1,
    mission_id: task.mission_id,
    task_id: task.task_id,
    repository: task.repository,
    change_digest: changeDigest,
    policy_digest: task.policy.digest,
  };
}

function storeSigned(control: Signer, bundleDigest: string, seal: (key: KeyObject) => unknown): Blob {
  refusePlanted(control.log.stateWith({ bundles: [bundleDigest] }), bundleDigest);
  return control.blobs.put(canonicalJson(seal(evidenceKey(control.home))), envelopeMediaType);
}

function refusePlanted({ canaries }: Pick<State, "canaries">, bundleDigest: string): void {
  const planted = Object.values(canaries).find(({ bundle }) => bundle.digest === bundleDigest);
  if (planted !== undefined)
    throw new Fault("planted-bundle", `bundle ${bundleDigest} was planted as ${planted.canary_id}: it is never signed`);
}
