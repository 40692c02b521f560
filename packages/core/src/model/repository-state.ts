/** What the state knows of a registered repository. Plain data; only `evolve` creates new ones. */
import type { EventData } from "@aedev/contracts/events";

/** A registered repository. */
export type RepositoryState = EventData<"RepositoryConfigured"> & {
  readonly paused: boolean;
  /** Absent: landings are not paused by themselves. */
  readonly landings_paused?: true;
  /** Landings whose outcome is watched, oldest first; absent: none was. */
  readonly watched?: readonly WatchedLanding[];
  /** The newest labels at GitHub that made no mission, by the ids of their events; absent: none. */
  readonly refused_labels?: readonly number[];
};

/** A landed change whose branch and checks are watched. `red`: a check of its commit failed, and no person has called it good since. */
export type WatchedLanding = EventData<"LandingWatched"> & { readonly red?: boolean };
