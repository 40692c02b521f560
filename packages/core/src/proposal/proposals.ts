/**
 * Decides about proposed missions, and applies their events: a proposal is made, accepted or rejected by a person, or ended. A proposal is not a
 * mission, so it can't be approved or run. ADR 0031.
 *
 * Folder: proposed missions: found, accepted or rejected by a person, ended with their cause.
 */
import type { EventData, ProposalSource } from "@aedev/contracts/events";
import { type Command, type CommandOf, deciderOf, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import type { FoldedEvent, NewEvent } from "../model/event.ts";
import type { OpenProposal, ProposalState, RepositoryState } from "../model/repository-state.ts";
import { entityById, type State } from "../model/state.ts";
import { isSourcePaused, resumeSource, withDecision, withoutDecisions } from "./source-record.ts";

type ProposalCommand = CommandOf<"RecordProposals" | "AcceptProposal" | "RejectProposal" | "ResumeProposalSource">;
/** `decide` itself, passed in: accepting a proposal is the command that the person would have sent. */
type Decide = (command: Command, state: State) => Decision;

/** The most open proposals of one repository; further ones are made once these are decided. */
const openMax = 10;
/** The most decided proposals that are remembered, so that they don't come back. */
const decidedKeptMax = 1_000;
const dayMs = 24 * 3_600_000;
/** The most proposals of one repository in 24 hours, whatever is configured. */
const perDayMax = 100;

export function decideProposal(command: ProposalCommand, state: State, decide: Decide): Decision {
  if (command.kind === "RecordProposals") return recordProposals(command, state);
  if (command.kind === "ResumeProposalSource") return resumeSource(command, state);
  const found = findProposal(state, command.proposal_id);
  if (found === null)
    return refuse("unknown-proposal", `no proposal ${command.proposal_id} is open`, "aedev proposal list");
  const stream = `repository/${found.repository}`;
  const { proposal_id } = found.proposal;
  if (command.kind === "RejectProposal")
    return events({ stream, type: "ProposalRejected", data: { ...deciderOf(command), proposal_id } });
  const { command_id, actor, way, at, mission } = command;
  const envelope = { command_id, actor, at, ...(way === undefined ? {} : { way }) };
  const submitted = decide({ ...mission, proposed: true, repository: found.repository, ...envelope }, state);
  if (submitted.kind === "refused") return submitted;
  const mission_id = mission.mission_id as EventData<"ProposalAccepted">["mission_id"];
  const data = { ...deciderOf(command), proposal_id, mission_id };
  return events(...submitted.events, { stream, type: "ProposalAccepted", data });
}

function recordProposals(command: CommandOf<"RecordProposals">, state: State): Decision {
  const repository = entityById(state.repositories, command.repository);
  if (repository === undefined)
    return refuse("unknown-repository", `there is no repository named ${command.repository}`, "aedev repo list");
  const stream = `repository/${repository.name}`;
  const known = repository.proposals ?? [];
  const gone = new Set(command.gone);
  const ended = known.filter((proposal) => gone.has(proposal.key) && endsWithCause(proposal));
  const keys = new Set(known.map(({ key }) => key));
  const openRoom = openMax - known.filter((proposal) => isOpen(proposal) && !ended.includes(proposal)).length;
  const dayRoom = Math.min(command.per_day, perDayMax) - madeWithinDay(repository, command.at).length;
  const fresh = command.found.filter(({ key, source }, index) => {
    const isFirst = command.found.findIndex((other) => other.key === key) === index;
    return isFirst && !keys.has(key) && !gone.has(key) && !isSourcePaused(repository, source);
  });
  return events(
    ...ended.map(({ proposal_id }): NewEvent => ({ stream, type: "ProposalEnded", data: { proposal_id } })),
    ...fresh
      .slice(0, Math.max(0, Math.min(openRoom, dayRoom)))
      .map((data): NewEvent => ({ stream, type: "MissionProposed", data })),
  );
}

/** Sources whose causes can end and start again for another reason, such as a check that has passed in between. */
const renewed: ReadonlySet<ProposalSource> = new Set(["failing-check"]);

/** Whether the end of its cause ends the proposal. A rejected proposal stays rejected, unless its cause can start again for another reason. */
function endsWithCause(proposal: ProposalState): boolean {
  return proposal.status !== "rejected" || renewed.has(proposal.source);
}

/** When the repository's proposals of the last 24 hours were made. A day is no date, because core knows no time zone. */
function madeWithinDay({ proposed_at = [] }: RepositoryState, at: string): readonly string[] {
  const since = new Date(Date.parse(at) - dayMs).toISOString();
  return proposed_at.filter((instant) => instant > since);
}

function isOpen(proposal: ProposalState): proposal is OpenProposal {
  return proposal.status === "open";
}

/** The open proposals of all repositories, oldest first. */
export function openProposals({
  repositories,
}: Pick<State, "repositories">): { readonly repository: string; readonly proposal: OpenProposal }[] {
  const all = Object.values(repositories).flatMap(({ name, proposals = [] }) =>
    proposals.filter(isOpen).map((proposal) => ({ repository: name, proposal })),
  );
  return all.toSorted((left, right) => (left.proposal.proposed_at < right.proposal.proposed_at ? -1 : 1));
}

/** An open proposal by its id; null if none is open. */
export function findProposal(state: Pick<State, "repositories">, proposalId: string) {
  return openProposals(state).find(({ proposal }) => proposal.proposal_id === proposalId) ?? null;
}

type ProposalEvent = Extract<
  FoldedEvent,
  { type: "MissionProposed" | "ProposalAccepted" | "ProposalRejected" | "ProposalEnded" | "ProposalSourceResumed" }
>;

/** The repository after one of these events. Only the cause of a decided proposal is kept. */
export function evolveProposals(repository: RepositoryState, event: ProposalEvent): RepositoryState {
  if (event.type === "ProposalSourceResumed") return withoutDecisions(repository, event.data.source);
  const known = repository.proposals ?? [];
  if (event.type === "MissionProposed") {
    const { recorded_at: at } = event;
    const proposal = { ...event.data, status: "open" as const, proposed_at: at };
    const proposed_at = [...madeWithinDay(repository, at), at].slice(-perDayMax);
    return { ...repository, proposals: [...known, proposal], proposed_at };
  }
  const { proposal_id } = event.data;
  const rest = known.filter((proposal) => proposal.proposal_id !== proposal_id);
  const decided = known.find((proposal) => proposal.proposal_id === proposal_id);
  if (event.type === "ProposalEnded" || decided === undefined) return { ...repository, proposals: rest };
  const { source, key } = decided;
  const cause = { proposal_id, source, key };
  const last: ProposalState =
    event.type === "ProposalAccepted"
      ? { ...cause, status: "accepted", mission_id: event.data.mission_id }
      : { ...cause, status: "rejected" };
  const kept = [...rest.filter((proposal) => !isOpen(proposal)), last];
  const proposals = [...kept.slice(-decidedKeptMax), ...rest.filter(isOpen)];
  return withDecision({ ...repository, proposals }, source, last.status === "accepted");
}

/** What stays of the proposals when the repository is registered again. */
export function keptProposals(
  before: RepositoryState | undefined,
): Pick<RepositoryState, "proposals" | "proposed_at" | "proposal_decisions"> {
  const { proposals, proposed_at, proposal_decisions } = before ?? {};
  return {
    ...(proposals === undefined ? {} : { proposals }),
    ...(proposed_at === undefined ? {} : { proposed_at }),
    ...(proposal_decisions === undefined ? {} : { proposal_decisions }),
  };
}
