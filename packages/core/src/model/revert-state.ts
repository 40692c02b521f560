/** What the state keeps about taking a landed change back. */
import type { EventData } from "@aedev/contracts/events";

/** A request to take a landed change back, with the mission and task that do so. */
export type RevertRequestState = EventData<"RevertRequested"> & { readonly at: string };
