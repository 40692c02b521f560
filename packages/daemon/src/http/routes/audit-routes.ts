/** Measuring the judges over HTTP: an audit is asked for, and how far it is. The record itself is read from the log (`aedev judges show`). */
import { auditPlan, auditPlanted, type CanaryState, entityById, newestAudit, type State } from "@aedev/core";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { CanaryDesk } from "../../canary/canary-desk.ts";
import { judgeSetup } from "../../canary/judge-setup.ts";
import { type Control, newId } from "../../loop/control.ts";
import { answer, notFound } from "../answer.ts";

/** `n`: planted defects; twins and injections come on top. */
const auditBody = z.strictObject({ n: z.int().min(1).max(10_000) });
const idParameter = z.strictObject({ id: z.string().max(100) });

export function auditRoutes(
  server: FastifyInstance,
  { control, canaries }: { control: Control; canaries: Pick<CanaryDesk, "stalled"> },
): void {
  const api = server.withTypeProvider<ZodTypeProvider>();
  const documentOf = (state: State, id: string) => auditDocument(state, id, { control, canaries });

  /** What an audit would ask of the judges; it changes nothing. */
  api.post("/api/judges/audits/estimate", { schema: { body: auditBody } }, async (request) => {
    const { estimateAudit } = await import("../../canary/audit-estimate.ts");
    return estimateAudit(request.body.n, control);
  });
  api.post("/api/judges/audits", { schema: { body: auditBody } }, async (request, reply) => {
    const audit_id = newId("u");
    return answer(reply, control, { kind: "RequestAudit", audit_id, n: request.body.n }, (state) =>
      documentOf(state, audit_id),
    );
  });
  api.get("/api/judges/audits/:id", { schema: { params: idParameter } }, async (request, reply) => {
    const { id } = request.params;
    return documentOf(control.log.state, id) ?? notFound(reply, "audit", id, "aedev judges audit");
  });
}

function auditDocument(
  state: State,
  id: string,
  { control, canaries }: { control: Control; canaries: Pick<CanaryDesk, "stalled"> },
) {
  const audit = entityById(state.audits, id);
  if (audit === undefined) return undefined;
  const own = Object.values(state.canaries).filter(({ audit_id }) => audit_id === id);
  const wanted = auditPlan(audit.n);
  const planted = auditPlanted(state, id);
  const stalled = canaries.stalled(id);
  const isPlanted = (["known-bad", "known-good", "injection"] as const).every(
    (kind) => planted[kind] >= wanted[kind] || stalled[kind] !== undefined,
  );
  const open = own.filter((canary) => isOpen(canary, control)).length;
  const superseded = newestAudit(state.audits)?.audit_id !== id;
  return {
    audit_id: id,
    n: audit.n,
    requested_at: audit.requested_at,
    wanted,
    planted,
    judged: own.length - open,
    open,
    stalled,
    superseded,
    done: open === 0 && (isPlanted || superseded),
  };
}

function isOpen({ verdict_nonces, verdicts }: CanaryState, control: Control): boolean {
  const { models } = judgeSetup(control, control.policy());
  return Object.keys(models).some(
    (family) => family in verdict_nonces && !verdicts.some((verdict) => verdict.family === family),
  );
}
