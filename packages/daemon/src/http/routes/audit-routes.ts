/** The judges over HTTP: their record, and audits: starts one and shows its progress. */
import type { AuditDocument, JudgeReport } from "@aedev/contracts/api";
import {
  auditPlan,
  auditPlanted,
  type CanaryState,
  entityById,
  judgeOutages,
  judgeReport,
  newestAudit,
  type State,
} from "@aedev/core";
import type { CanaryWorker } from "../../canary/canary-worker.ts";
import { judgeSetup } from "../../canary/judge-setup.ts";
import { newId } from "../../control/control.ts";
import type { Blobs, Commands, Judges, Records } from "../../control/parts.ts";
import { answer, type Handlers, notFound, presentEntity } from "./handler.ts";

type Auditing<Parts> = { control: Parts; canaries: Pick<CanaryWorker, "stalled"> };

export function auditRoutes({ control, canaries }: Auditing<Blobs & Records & Commands & Judges>) {
  const documentOf = (state: State, id: string) => auditDocument(state, id, { control, canaries });
  const reportOf = judgeReports(control);
  return {
    async showJudges() {
      const report = reportOf();
      const outages = judgeOutages(control.log.state);
      return outages.length === 0 ? report : { ...report, outages };
    },
    async estimateAudit({ body }) {
      const { estimateAudit } = await import("../../canary/audit-estimate.ts");
      return estimateAudit(body.n, control);
    },
    async requestAudit({ body, caller }) {
      const audit_id = newId("u");
      return answer({ control, caller }, { kind: "RequestAudit", audit_id, n: body.n }, (state) =>
        presentEntity(documentOf(state, audit_id)),
      );
    },
    async showAudit({ params: { id } }) {
      return documentOf(control.log.stateWith({ audits: [id] }), id) ?? notFound("audit", id, "aedev judges audit");
    },
  } satisfies Partial<Handlers>;
}

/** The judges' record. It reads all planted bundles, so it is kept until one of them or the set-up changes. */
function judgeReports(control: Records & Judges): () => JudgeReport {
  let known: { readonly setup: string; readonly report: JudgeReport } | null = null;
  control.log.subscribe((events) => {
    if (events.some(({ stream }) => stream.startsWith("canary/"))) known = null;
  });
  return () => {
    const setup = judgeSetup(control, control.policy());
    const key = JSON.stringify(setup);
    if (known?.setup !== key) known = { setup: key, report: judgeReport(control.log.views.canaries(), setup) };
    return known.report;
  };
}

function auditDocument(state: State, id: string, { control, canaries }: Auditing<Judges>): AuditDocument | undefined {
  const audit = entityById(state.audits, id);
  if (audit === undefined) return undefined;
  const wanted = auditPlan(audit.n);
  const planted = auditPlanted(state, id);
  const stalled = canaries.stalled(id);
  const isPlanted = (["known-bad", "known-good", "injection"] as const).every(
    (kind) => planted[kind] >= wanted[kind] || stalled[kind] !== undefined,
  );
  // The state has only bundles that wait for an answer; the others are counted.
  const waiting = Object.values(state.canaries).filter(({ audit_id }) => audit_id === id);
  const open = waiting.filter((canary) => isOpen(canary, control)).length;
  const superseded = newestAudit(state.audits)?.audit_id !== id;
  return {
    audit_id: id,
    n: audit.n,
    requested_at: audit.requested_at,
    wanted,
    planted,
    judged: planted["known-bad"] + planted["known-good"] + planted.injection - open,
    open,
    stalled,
    superseded,
    done: open === 0 && (isPlanted || superseded),
  };
}

function isOpen({ verdict_nonces, verdicts }: CanaryState, control: Judges): boolean {
  const { models } = judgeSetup(control, control.policy());
  return Object.keys(models).some(
    (family) => family in verdict_nonces && !verdicts.some((verdict) => verdict.family === family),
  );
}
