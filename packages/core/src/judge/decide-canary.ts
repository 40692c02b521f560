/** What may happen to canaries: an audit is asked for, a canary is planted once, each family's word on it is taken once. */
import { type Command, type CommandOf, refuse } from "../log/command.ts";
import { type Decision, events } from "../log/decision.ts";
import type { EventData } from "../log/event.ts";
import { entityById, type State } from "../log/state.ts";
import type { AuditId } from "../wire/index.ts";
import { auditPlan, auditPlanted } from "./owed-canaries.ts";

/** Contract: a canary's verdict changes nothing but the canary; no event here is on a task's stream. */
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
        data: { audit_id, n: command.n, by: command.actor },
      });
    }
    case "PlantCanary": {
      const data = withoutEnvelope(command);
      if (entityById(state.canaries, data.canary_id) !== undefined)
        return refuse("planted", `canary ${data.canary_id} is planted already`);
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

/** The same bundle twice would be one question counted as two; an audit has its measure, and a live bundle one companion. */
function whySuperfluous(data: EventData<"CanaryPlanted">, state: State): string | null {
  const canaries = Object.values(state.canaries);
  if (canaries.some(({ bundle }) => bundle.digest === data.bundle.digest)) return "this very bundle is planted already";
  if (data.beside !== null && canaries.some(({ beside }) => beside === data.beside))
    return "one rides along with this bundle already";
  if (data.audit_id === null) return null;
  const audit = entityById(state.audits, data.audit_id);
  if (audit === undefined) return `there is no audit ${data.audit_id}`;
  const isFull = auditPlanted(state, audit.audit_id)[data.planted] >= auditPlan(audit.n)[data.planted];
  return isFull ? "the audit has as many of these as it wants" : null;
}

function withoutEnvelope(command: Extract<Command, { kind: "PlantCanary" }>) {
  const { kind: _kind, command_id: _id, actor: _actor, at: _at, ...data } = command;
  return data;
}
