/** Decides the commands of canaries: an audit is requested, a canary is planted once, and each family's verdict on it is recorded once. */
import type { AuditId } from "@aedev/contracts";
import type { EventData } from "@aedev/contracts/events";
import { type Command, type CommandOf, deciderOf, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import { entityById, type State } from "../model/state.ts";
import { auditPlan, auditPlanted } from "./pending-canaries.ts";

/** Contract: a canary's verdict changes only the canary; no event here is on a task's stream. */
export function decideCanary(
  command: CommandOf<"RequestAudit" | "PlantCanary" | "RecordCanaryVerdict">,
  state: State,
): Decision {
  switch (command.kind) {
    case "RequestAudit": {
      const audit_id = command.audit_id as AuditId;
      return events({
        stream: `audit/${audit_id}`,
        type: "AuditRequested",
        data: { audit_id, n: command.n, ...deciderOf(command) },
      });
    }
    case "PlantCanary": {
      const data = withoutEnvelope(command);
      if (entityById(state.canaries, data.canary_id) !== undefined)
        return refuse("planted", `canary ${data.canary_id} is already planted`);
      const why = whySuperfluous(data, state);
      if (why !== null) return refuse("not-owed", why);
      return events({ stream: `canary/${data.canary_id}`, type: "CanaryPlanted", data });
    }
    case "RecordCanaryVerdict": {
      const canary = entityById(state.canaries, command.canary_id);
      const { verdict } = command;
      if (canary === undefined) return refuse("unknown-canary", `there is no canary ${command.canary_id}`);
      const known = canary.verdicts.some(({ family }) => family === verdict.family);
      const isAsked = canary.verdict_nonces[verdict.family] !== undefined;
      if (known || !isAsked || verdict.bundle_digest !== canary.bundle.digest)
        return refuse("stale", `this is not an open verdict of canary ${canary.canary_id}`);
      const { canary_id } = canary;
      return events({ stream: `canary/${canary_id}`, type: "CanaryJudged", data: { canary_id, verdict } });
    }
  }
}

/** Why the canary is refused: the same bundle twice would count one question as two, an audit has its limits, and a live bundle has one canary. */
function whySuperfluous(data: EventData<"CanaryPlanted">, state: State): string | null {
  const canaries = Object.values(state.canaries);
  if (canaries.some(({ bundle }) => bundle.digest === data.bundle.digest)) return "this bundle is already planted";
  if (data.beside !== null && canaries.some(({ beside }) => beside === data.beside))
    return "this bundle already has a canary";
  if (data.audit_id === null) return null;
  const audit = entityById(state.audits, data.audit_id);
  if (audit === undefined) return `there is no audit ${data.audit_id}`;
  const isFull = auditPlanted(state, audit.audit_id)[data.planted] >= auditPlan(audit.n)[data.planted];
  return isFull ? "the audit has all canaries of this kind" : null;
}

function withoutEnvelope(command: Extract<Command, { kind: "PlantCanary" }>) {
  const { kind: _kind, command_id: _id, actor: _actor, at: _at, way: _way, ...data } = command;
  return data;
}
