/** Pausing and resuming all work over HTTP. */
import { type Control, newId } from "../../control/control.ts";
import { answer, type Handlers } from "./handler.ts";

/** Runs that may start between the count and the command. */
const startingMax = 100;

export function pauseRoutes(control: Control) {
  const document = () => {
    const { system, tasks } = control.log.state;
    const stopped = Object.values(tasks).filter(({ hold }) => hold?.code === "HOLD-STOPPED");
    return { paused: system.pause ?? null, stopped: stopped.map(({ task_id }) => task_id as string) };
  };
  return {
    pauseWork: ({ body: { stop_runs = false }, caller }) => {
      const running = Object.values(control.log.state.tasks).filter(({ status }) => status === "running");
      const hold_ids = Array.from({ length: running.length + startingMax }, () => newId("h"));
      return answer({ control, caller }, { kind: "PauseWork", ...(stop_runs ? { hold_ids } : {}) }, document);
    },
    resumeWork: ({ caller }) => answer({ control, caller }, { kind: "ResumeWork" }, document),
  } satisfies Partial<Handlers>;
}
