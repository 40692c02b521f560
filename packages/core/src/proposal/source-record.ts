/** How many proposals of each source people accept. A source that is mostly rejected pauses itself until a person resumes it. ADR 0031. */
import type { ProposalSourceDocument } from "@aedev/contracts/api";
import { type ProposalSource, proposalSourceSchema } from "@aedev/contracts/events";
import { type CommandOf, deciderOf, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import type { RepositoryState } from "../model/repository-state.ts";
import { entityById, type State } from "../model/state.ts";

/** How many of the newest decisions count. Fewer say too little to pause a source. */
const decisionsMax = 20;
/** With fewer accepted than this share of them, the source pauses itself. */
const acceptedShareMin = 0.2;

type Decided = Pick<RepositoryState, "proposal_decisions">;

/** Whether too few of the newest proposals were accepted. It follows from the decisions, so accepting what is still open can end it too. */
export function isSourcePaused(repository: Decided, source: ProposalSource): boolean {
  const { accepted, decided } = recordOf(repository, source);
  return decided >= decisionsMax && accepted < decided * acceptedShareMin;
}

function recordOf({ proposal_decisions = {} }: Decided, source: ProposalSource) {
  const decisions = proposal_decisions[source] ?? [];
  return { accepted: decisions.filter((isAccepted) => isAccepted).length, decided: decisions.length };
}

/** The repository after a decision about a proposal of the source. */
export function withDecision(repository: RepositoryState, source: ProposalSource, accepted: boolean): RepositoryState {
  const before = repository.proposal_decisions ?? {};
  const decisions = [...(before[source] ?? []), accepted].slice(-decisionsMax);
  return { ...repository, proposal_decisions: { ...before, [source]: decisions } };
}

/** The repository after a person resumed the source. */
export function withoutDecisions(repository: RepositoryState, source: ProposalSource): RepositoryState {
  const { [source]: _forgotten, ...proposal_decisions } = repository.proposal_decisions ?? {};
  return { ...repository, proposal_decisions };
}

/** Resumes a paused source; nothing happens if it is not paused. */
export function resumeSource(command: CommandOf<"ResumeProposalSource">, state: State): Decision {
  const { repository: name, source } = command;
  const repository = entityById(state.repositories, name);
  if (repository === undefined)
    return refuse("unknown-repository", `there is no repository named ${name}`, "aedev repo list");
  if (!isSourcePaused(repository, source)) return events();
  const stream = `repository/${repository.name}`;
  return events({ stream, type: "ProposalSourceResumed", data: { ...deciderOf(command), source } });
}

/** The records of all sources that are on in a repository or have been decided about. */
export function sourceRecords(
  { repositories }: Pick<State, "repositories">,
  isOn: (source: ProposalSource, repository: string) => boolean,
): ProposalSourceDocument[] {
  return Object.values(repositories).flatMap((repository) =>
    proposalSourceSchema.options.flatMap((source) => {
      const record = { ...recordOf(repository, source), on: isOn(source, repository.name) };
      if (!record.on && record.decided === 0) return [];
      return [{ repository: repository.name, source, ...record, paused: isSourcePaused(repository, source) }];
    }),
  );
}
