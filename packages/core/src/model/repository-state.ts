/** What the state keeps about a registered repository. Plain data; only `evolve` creates new values. */
import type { ClosedLane, LaneKind, Lesson, RuleId } from "@aedev/contracts";
import type { EventData, ProposalSource } from "@aedev/contracts/events";

/** A registered repository. */
export type RepositoryState = EventData<"RepositoryConfigured"> & {
  readonly paused: boolean;
  /** A person removed it. It is in no state; only its stream remains. */
  readonly removed?: true;
  /** Absent: landings are not paused on their own. */
  readonly landings_paused?: true;
  /** Landings whose outcome is watched, oldest first; absent: none was. */
  readonly watched?: readonly WatchedLanding[];
  /** Lanes that were closed or reopened; absent: none was. */
  readonly lanes?: Readonly<Partial<Record<LaneKind, LaneState>>>;
  /** The newest labels at GitHub that made no mission, by the ids of their events; absent: none. */
  readonly refused_labels?: readonly number[];
  /** Proposed missions that wait for a person, and the causes of the newest decided ones; absent: there were none. */
  readonly proposals?: readonly ProposalState[];
  /** Rules that every coder's prompt has, oldest first; absent: none. */
  readonly rules?: readonly RuleState[];
  /** The newest lessons that ended, then those in force; absent: none. */
  readonly lessons?: readonly LessonState[];
  /** When the newest proposals were made (ISO 8601 UTC), oldest first; absent: there were none. */
  readonly proposed_at?: readonly string[];
  /** The newest decisions about the proposals of each source, oldest first: whether a person accepted it; absent: there were none. */
  readonly proposal_decisions?: ProposalDecisions;
};

/** A rule of a person for every run. */
export interface RuleState {
  readonly rule_id: RuleId;
  readonly text: string;
  readonly by: string;
  readonly at: string;
}

/** A lesson that a person decided about. */
export type LessonState =
  | (Lesson & { readonly status: "active"; readonly by: string; readonly at: string })
  | { readonly lesson_id: Lesson["lesson_id"]; readonly status: "rejected" | "removed" | "expired" };

/** By source; one without decisions, or resumed since, is absent. */
export type ProposalDecisions = Readonly<Partial<Record<ProposalSource, readonly boolean[]>>>;

/** Whether changes of a kind may merge by themselves. `since`: when a person last opened the lane. `closed`: since when, and why, they may not. */
export interface LaneState {
  readonly since?: string;
  /** `told`: the push about it was sent. */
  readonly closed?: ClosedLane & { readonly at: string; readonly told?: true };
}

/** A proposed mission that waits for a person. */
export type OpenProposal = EventData<"MissionProposed"> & { readonly status: "open"; readonly proposed_at: string };
/** A proposed mission. */
export type ProposalState =
  | OpenProposal
  | (ProposalCause & { readonly status: "rejected" })
  /** `mission_id`: the mission that it became. */
  | (ProposalCause & { readonly status: "accepted"; readonly mission_id: string });
type ProposalCause = Pick<EventData<"MissionProposed">, "proposal_id" | "source" | "key">;

/** A landed change whose branch and checks are watched. `red`: a check of its commit failed, and no person has called the change good since. */
export type WatchedLanding = EventData<"LandingWatched"> & {
  readonly red?: boolean;
  /** Checks that were green before the landing and have not passed since, at least one, and since when (ISO 8601 UTC); absent: none. */
  readonly broke?: { readonly checks: readonly string[]; readonly since: string };
};
