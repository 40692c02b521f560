/** The one shape of a domain test: given these events, when this command comes, then these events follow, or it is refused; or: these debts are owed. */

import type { Command } from "../log/command.ts";
import { decide } from "../log/decide.ts";
import type { NewEvent } from "../log/event.ts";
import { evolve } from "../log/evolve.ts";
import { pendingWork, type Work } from "../log/pending-work.ts";
import { initialState, type State } from "../log/state.ts";
import { assert } from "./assert.ts";

export interface Given {
  readonly state: State;
  when(command: Command): {
    then(...types: NewEvent["type"][]): Given;
    thenRefused(code: string): Given;
    /** The events themselves, for a test that looks closer. */
    readonly events: readonly NewEvent[];
  };
  /** The kinds of work that are owed at `now`. */
  owes(...kinds: Work["kind"][]): Given;
}

/** An instant for tests that do not care which. */
export const someInstant = "2026-01-02T03:04:05.678Z";

export function given(events: readonly NewEvent[], from: State = initialState): Given {
  const state = events.reduce((folded, event) => evolve(folded, { ...event, recorded_at: someInstant }), from);
  return {
    state,
    when(command) {
      const decision = decide(command, state);
      const produced = decision.kind === "events" ? decision.events : [];
      return {
        events: produced,
        // biome-ignore lint/suspicious/noThenProperty: given/when/then is the shape of a domain test; nothing awaits it.
        then(...types) {
          assert(decision.kind === "events", `refused: ${decision.kind === "refused" ? decision.reason : ""}`);
          const got = produced.map((event) => event.type);
          assert(
            got.join() === types.join(),
            `expected ${types.join() || "no events"}, got ${got.join() || "no events"}`,
          );
          return given(produced, state);
        },
        thenRefused(code) {
          assert(
            decision.kind === "refused",
            `expected a refusal ${code}, got ${produced.map((event) => event.type).join()}`,
          );
          assert(decision.code === code, `expected a refusal ${code}, got ${decision.code}`);
          return given([], state);
        },
      };
    },
    owes(...kinds) {
      const got = pendingWork(state, someInstant).map((work) => work.kind);
      assert(
        got.join() === kinds.join(),
        `expected to owe ${kinds.join() || "nothing"}, owes ${got.join() || "nothing"}`,
      );
      return given([], state);
    },
  };
}
