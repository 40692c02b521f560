/** Planted bugs of the log, on its disk and at its port. */
import { Fault } from "@aedev/contracts";
import { evolve, initialState, openPart } from "@aedev/core";
import { type SimulatedLog, withMethods } from "../memory-log.ts";
import { deciding, type Planted } from "./planted-bug.ts";

export const logBugs: Readonly<Record<string, Planted>> = {
  "a listener misses what is committed in one group": {
    bug: {
      log(log) {
        let commits = 0;
        const subscribe: SimulatedLog["subscribe"] = (listener) =>
          log.subscribe((events, state) => {
            commits += 1;
            if (commits !== 20) listener(events, state);
          });
        return withMethods(log, { subscribe });
      },
    },
    seed: 1,
    finds: "positions have a gap",
  },
  "a start counts the versions of streams anew": {
    bug: { start: ({ streams }) => streams.clear() },
    seed: 1,
    finds: "versions of a stream have a gap",
  },
  "a start reads a state that is one event old": {
    bug: {
      start(committed) {
        let state = initialState;
        for (const event of committed.events.slice(0, -1)) state = evolve(state, event);
        committed.state = openPart(state);
      },
    },
    seed: 17,
    finds: "the state is not the fold of the log",
  },
  "a page of the log begins one event too late": {
    bug: {
      log: (log) =>
        withMethods(log, { listEvents: ({ after = 0 } = {}) => log.listEvents({ after: Math.max(1, after) }) }),
    },
    seed: 1,
    finds: "an event is missing when the log is read",
  },
  "a decision throws": {
    bug: deciding((command, decided) => {
      if (command.kind === "CancelTask") throw new TypeError("planted");
      return decided;
    }),
    seed: 3,
    finds: "the log threw",
  },
  "a daemon does not notice that another wrote": {
    bug: { ignoresOthers: true },
    seed: 2,
    finds: "two daemons wrote to one log",
  },
  "a command is acknowledged before its commit": {
    bug: { answersEarly: true },
    seed: 1,
    finds: "an acknowledged command is not in the log",
  },
  "a command is acknowledged although the disk is full": {
    bug: {
      log: (log) =>
        withMethods(log, {
          submit: (command) =>
            log.submit(command).catch((error: unknown) => {
              if (!(error instanceof Fault) || error.code !== "log-failed") throw error;
              const event = { command_id: command.command_id, hash: "" } as never;
              return { kind: "done", events: [event], state: log.state };
            }),
        }),
    },
    seed: 2,
    finds: "an acknowledged command is not in the log",
  },
  "a column of a view is written wrongly": {
    bug: {
      connection: (database) =>
        database.exec(`CREATE TEMP TRIGGER planted AFTER INSERT ON main.view_missions
          BEGIN UPDATE view_missions SET title = 'planted' WHERE id = NEW.id; END`),
    },
    store: "sqlite",
    seed: 3,
    finds: "the file or its views are wrong",
  },
};
