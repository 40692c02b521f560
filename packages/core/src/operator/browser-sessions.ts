/** Browsers in which a person is signed in: decides about their start and end, and applies both. This file sees digests of tokens, never a token. */
import type { OperatorRole } from "@aedev/contracts";
import { type CommandOf, deciderOf, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import type { FoldedEvent } from "../model/event.ts";
import type { BrowserSessionState } from "../model/person-state.ts";
import type { State, SystemState } from "../model/state.ts";
import { refuseRemoved, roleOfActor } from "./operators.ts";

type SessionCommand = CommandOf<"StartBrowserSession" | "EndBrowserSession">;
type SessionEvent = Extract<FoldedEvent, { type: "BrowserSessionStarted" | "BrowserSessionEnded" }>;
type WithSystem = Pick<State, "system">;

const stream = "system";
/** The most browsers that are signed in at a time: each of them has a secret. */
const sessionsMax = 50;

export function decideBrowserSession(command: SessionCommand, state: State): Decision {
  if (command.kind === "EndBrowserSession") {
    const session = (state.system.browser_sessions ?? []).find(({ session_id }) => session_id === command.session_id);
    if (session === undefined)
      return refuse(
        "unknown-browser-session",
        `there is no signed-in browser ${command.session_id}`,
        "aedev browser list",
      );
    return events({
      stream,
      type: "BrowserSessionEnded",
      data: { ...deciderOf(command), session_id: session.session_id },
    });
  }
  const open = browserSessions(state, command.at);
  if (open.length >= sessionsMax)
    return refuse(
      "too-many-browsers",
      `${open.length} browsers are signed in, which is the limit`,
      `aedev browser sign-out ${open[0]?.session_id}`,
    );
  const { session_id, token_digest, view_only, expires_at, reach } = command;
  return events({
    stream,
    type: "BrowserSessionStarted",
    data: {
      ...deciderOf(command),
      session_id: session_id as BrowserSessionState["session_id"],
      ...{ token_digest, view_only, expires_at, ...(reach === undefined ? {} : { reach }) },
      epoch: state.system.epoch,
    },
  });
}

/** The sessions that work at `now` (ISO 8601 UTC), oldest first. A session ends with the operator who started it. */
export function browserSessions({ system }: WithSystem, now: string): BrowserSessionState[] {
  return (system.browser_sessions ?? []).filter(
    ({ expires_at, epoch, by }) =>
      expires_at > now && epoch === system.epoch && refuseRemoved({ actor: by }, { system }) === null,
  );
}

/** The role with which a session acts: its person's, or a viewer's. Through a proxy nobody changes what aedev may do. */
export function roleOfSession(state: WithSystem, { by, view_only, reach }: BrowserSessionState): OperatorRole {
  const role = view_only ? "viewer" : roleOfActor(state, by);
  return reach === "proxy" && role === "admin" ? "operator" : role;
}

/** The system after one of these events. Expired sessions are dropped when a new one starts. */
export function evolveBrowserSessions(system: SystemState, event: SessionEvent): SystemState {
  const sessions = system.browser_sessions ?? [];
  if (event.type === "BrowserSessionEnded")
    return { ...system, browser_sessions: sessions.filter(({ session_id }) => session_id !== event.data.session_id) };
  const kept = sessions.filter(({ expires_at }) => expires_at > event.recorded_at);
  return { ...system, browser_sessions: [...kept, { ...event.data, started_at: event.recorded_at }] };
}
