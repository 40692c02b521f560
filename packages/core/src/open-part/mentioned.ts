/** Lists the entities that a command concerns, so that the log can load those that have ended before `decide` runs. Pure; it loads nothing. */
import type { CommandBody } from "../model/command.ts";
import { entityOf } from "../model/state.ts";

/** Ids of entities that the state must contain if they exist. A mission comes with its tasks, its approvals, its predecessors, and all parts of its plan; a task or an approval comes with its mission. */
export interface Mentioned {
  readonly missions?: readonly string[];
  readonly tasks?: readonly string[];
  readonly approvals?: readonly string[];
  readonly canaries?: readonly string[];
  readonly audits?: readonly string[];
  /** Ids of runs, to load the tasks whose last run has one of them. */
  readonly runs?: readonly string[];
  /** Tasks to load together with all tasks whose judges answered about the same change. */
  readonly judgedAlike?: readonly string[];
  /** Change digests, to load all tasks whose judges answered about one of them. */
  readonly changes?: readonly string[];
  /** Digests of texts in a repository, to load its missions with one of these texts that did not end without a change. */
  readonly texts?: readonly { readonly repository: string; readonly digest: string }[];
  /** Tasks to load together with all landed tasks that have the same change as one of them. */
  readonly sameChange?: readonly string[];
  /** Digests of bundles, to load canaries that are one of them or accompany one. */
  readonly bundles?: readonly string[];
}

function ofReplacement({ mission_id, parts }: Extract<CommandBody, { kind: "ReplacePlan" }>): Mentioned {
  const submitted = parts.flatMap(({ mission }) => (mission === undefined ? [] : [mentionedBy(mission)]));
  return submitted.reduce(both, { missions: [mission_id] });
}

/** The ids that `decide` reads for this command. */
export function mentionedBy(command: CommandBody): Mentioned {
  switch (command.kind) {
    case "SubmitMission":
      return {
        missions: [command.mission_id, ...command.after],
        ...(command.text_digest === undefined
          ? {}
          : { texts: [{ repository: command.repository, digest: command.text_digest }] }),
      };
    case "SubmitPlan":
      return command.parts.map(({ mission }) => mentionedBy(mission)).reduce(both, mentionedBy(command.mission));
    case "ReplacePlan":
      return ofReplacement(command);
    case "RequestDraft":
    case "EndDraft":
    case "AcceptDraft":
    case "AnswerMission":
    case "UpdateMission":
    case "SendBackMission":
    case "ApproveMission":
    case "RejectMission":
    case "CancelMission":
    case "RecordIssueComment":
    case "RefuseIssueAnswer":
      return { missions: [command.mission_id] };
    case "OrderMissions":
      return { missions: command.missions };
    case "SubmitByLink":
    case "AcceptProposal":
      return mentionedBy(command.mission);
    case "RequestApproval":
      return { approvals: [command.approval_id], missions: [command.subject.mission_id] };
    case "UseApproval":
      return both({ approvals: [command.approval_id] }, mentionedBy(command.decision));
    case "RecordPush":
      return ofStream(command.stream);
    case "RequestAudit":
      return { audits: [command.audit_id] };
    case "PlantCanary": {
      const { canary_id, audit_id, bundle, beside } = command;
      const audits = audit_id === null ? [] : [audit_id];
      return { canaries: [canary_id], audits, bundles: beside === null ? [bundle.digest] : [bundle.digest, beside] };
    }
    case "RecordCanaryVerdict":
      return { canaries: [command.canary_id] };
    case "RevertTask":
      return { tasks: [command.task_id], missions: [command.mission_id] };
    case "RecordOutcomes":
      return { tasks: [...command.outcomes, ...(command.passed ?? [])].map(({ task_id }) => task_id) };
    case "StartLanding":
      return { sameChange: [command.task_id] };
    case "RecordVerdict":
      return { judgedAlike: [command.task_id] };
    case "SealEvidence":
      return { tasks: [command.task_id], bundles: [command.bundle.digest] };
    default:
      // A held task is open, so its hold is always in the state.
      return "task_id" in command ? { tasks: [command.task_id] } : {};
  }
}

function ofStream(stream: string): Mentioned {
  if (!/^(?:mission|task|approval)\//.test(stream)) return {};
  const { kind, id } = entityOf(stream);
  return { [kind]: [id] };
}

function both(one: Mentioned, other: Mentioned): Mentioned {
  const kinds = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof Mentioned>;
  return Object.fromEntries([...kinds].map((kind) => [kind, [...(one[kind] ?? []), ...(other[kind] ?? [])]]));
}
