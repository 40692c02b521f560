/** The entry for events: their schemas and the types in them. For control and readers of the log; the other planes don't load it. */
export { type ApprovalRules, approvalRulesSchema } from "./approval-events.ts";
export {
  type ApprovalAction,
  type ApprovalSubject,
  approvalSubjectSchema,
  subjectKey,
} from "./approval-subject.ts";
export {
  type Clarity,
  claritySchema,
  isClear,
  noQuestions,
  type Question,
  type SignalName,
  signalNames,
} from "./clarity.ts";
export {
  type DomainEvent,
  type EventData,
  type EventType,
  eventSchemas,
  eventTypes,
  type GateDecision,
  gateDecisionSchema,
  type Phase,
  type RiskShare,
  type Trial,
} from "./event.ts";
export { type ExportedEvent, exportedEventSchema } from "./exported-event.ts";
export { expiredBlobsMax, expiredBlobsSchema } from "./home-events.ts";
export {
  type AnswerRefusal,
  gitHubLoginSchema,
  type IssueCommentSlot,
  type IssueRefusal,
  type MissionOrigin,
} from "./issue-events.ts";
export { outcomeText } from "./outcome-text.ts";
export { type Profile, profileSchema } from "./profile.ts";
export { type ProposalSource, proposalSourceSchema, proposalTitleMax } from "./proposal-events.ts";
export type { RevertedChange } from "./revert-events.ts";
export { deliveryIdSchema, type WebhookRefusal } from "./webhook-events.ts";
