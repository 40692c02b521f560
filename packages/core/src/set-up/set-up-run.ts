/**
 * Decides about set-up runs and applies their events: a person asks for one, it is cancelled because nobody waits for it, it ends. ADR 0023.
 *
 * Folder: deciding about set-up runs, one at a time, and applying their events.
 */
import { type CommandOf, deciderOf, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import type { FoldedEvent } from "../model/event.ts";
import { openSetUpRun, type SetUpRunState, type State, type SystemState } from "../model/state.ts";

type SetUpCommand = CommandOf<"RequestSetUpRun" | "CancelSetUpRun" | "EndSetUpRun">;
type SetUpEvent = Extract<FoldedEvent, { type: "SetUpRunRequested" | "SetUpRunCancelled" | "SetUpRunEnded" }>;

const stream = "system";
const dayMs = 24 * 60 * 60 * 1000;

export function decideSetUpRun(command: SetUpCommand, state: State): Decision {
  const open = openSetUpRun(state);
  if (command.kind === "RequestSetUpRun") return request(command, open, state);
  if (open?.run_id !== command.run_id)
    return refuse("not-found", `no set-up run ${command.run_id} is under way`, "aedev repo add --help");
  const { run_id } = open;
  if (command.kind === "CancelSetUpRun")
    return open.cancelled
      ? events()
      : events({ stream, type: "SetUpRunCancelled", data: { ...deciderOf(command), run_id } });
  const { base_commit, usage, journal, result } = command;
  return events({ stream, type: "SetUpRunEnded", data: { run_id, base_commit, usage, journal, result } });
}

function request(command: CommandOf<"RequestSetUpRun">, open: SetUpRunState | undefined, state: State): Decision {
  if (open !== undefined)
    return refuse(
      "set-up-run-under-way",
      `a set-up run of ${open.repository} is ${open.cancelled ? "being stopped" : "under way"}`,
      open.cancelled ? "try again in a minute" : "wait until it ends, or stop its repo add with Ctrl-C",
    );
  const { run_id, repository, url, settings, prompt, tokens } = command;
  if (state.system.pause !== undefined)
    return refuse("work-paused", "all work is paused: no run starts", "aedev resume");
  if (tokens <= 0)
    return refuse("no-tokens", "the tokens of the day are used up or reserved for runs under way", "aedev status");
  return events({
    stream,
    type: "SetUpRunRequested",
    data: {
      ...deciderOf(command),
      run_id: run_id as SetUpRunState["run_id"],
      repository,
      url,
      settings,
      prompt,
      tokens,
      generation: state.system.generations.execution,
    },
  });
}

/** The system after one of these events. Runs that ended and are older than a day are dropped. */
export function evolveSetUpRuns(system: SystemState, event: SetUpEvent): SystemState {
  const runs = system.set_up_runs ?? [];
  if (event.type === "SetUpRunRequested") {
    const since = new Date(Date.parse(event.recorded_at) - dayMs).toISOString();
    const kept = runs.filter(({ ended, asked_at }) => ended === null || asked_at > since);
    const run = { ...event.data, asked_at: event.recorded_at, cancelled: false, ended: null };
    return { ...system, set_up_runs: [...kept, run] };
  }
  const change = event.type === "SetUpRunCancelled" ? { cancelled: true } : { ended: event.data };
  return {
    ...system,
    set_up_runs: runs.map((run) => (run.run_id === event.data.run_id ? { ...run, ...change } : run)),
  };
}
