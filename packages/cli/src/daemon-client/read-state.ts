/** Reads the home's state, the same way with the daemon up and down: read-only, from the saved views. */
import type { Mentioned, MissionState, State, TaskState } from "@aedev/core";
import { type Refused, refused } from "../command-line/answer.ts";
import type { OfflineReader } from "../terminal/entries.ts";
import type { Session } from "../terminal/session.ts";
import { requireHome } from "./home.ts";

/** Opens the home for `use` and always closes it afterwards. */
export async function withHome<T>(session: Session, use: (home: OfflineReader) => T | Promise<T>): Promise<T> {
  requireHome(session.home);
  const daemon = await session.entries.daemon();
  const opened = await daemon.openOffline({ home: session.home });
  try {
    return await use(opened);
  } finally {
    await opened.close();
  }
}

/** The open part of the state, and these entities also if they have ended. */
export function readState(session: Session, mentioned: Mentioned = {}): Promise<State> {
  return withHome(session, (home) => home.state(mentioned));
}

/** The mission of an id, or the refusal that names the list. */
export function missionOf(state: State, id: string): MissionState | Refused {
  return own(state.missions, id) ?? refused("unknown-mission", `there is no mission ${id}`, "aedev mission list");
}

export function taskOf(state: State, id: string): TaskState | Refused {
  return own(state.tasks, id) ?? refused("unknown-task", `there is no task ${id}`, "aedev task list");
}

/** True if one of the above found nothing. */
export function isRefused(found: object): found is Refused {
  return "kind" in found && found.kind === "refused";
}

function own<T>(record: Readonly<Record<string, T>>, id: string): T | undefined {
  return Object.hasOwn(record, id) ? record[id] : undefined;
}
