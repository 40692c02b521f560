/** Pausing and resuming all work over HTTP. */
import { pausedRepositories } from "@aedev/core";
import { newId } from "../../control/control.ts";
import type { Commands, Records } from "../../control/parts.ts";
import { answer, type Handlers } from "./handler.ts";

/** Runs that may start between the count and the command. */
const startingMax = 100;

export function pauseRoutes(control: Records & Commands) {
  /** Call it before the command; it returns the function that answers afterwards. */
  const answerAfter = () => {
    const was_paused = control.log.state.system.pause !== undefined;
    return () => document(was_paused);
  };
  const document = (was_paused: boolean) => {
    const { system, tasks } = control.log.state;
    const stopped = Object.values(tasks).filter(({ hold }) => hold?.code === "HOLD-STOPPED");
    return {
      was_paused,
      paused: system.pause ?? null,
      stopped: stopped.map(({ task_id }) => task_id as string),
      paused_repositories: pausedRepositories(control.log.state),
    };
  };
  const holdIds = () => {
    const running = Object.values(control.log.state.tasks).filter(({ status }) => status === "running");
    return Array.from({ length: running.length + startingMax }, () => newId("h"));
  };
  return {
    pauseWork: ({ body: { stop_runs = false }, caller }) =>
      answer({ control, caller }, { kind: "PauseWork", ...(stop_runs ? { hold_ids: holdIds() } : {}) }, answerAfter()),
    resumeWork: ({ caller }) => answer({ control, caller }, { kind: "ResumeWork" }, answerAfter()),
  } satisfies Partial<Handlers>;
}
