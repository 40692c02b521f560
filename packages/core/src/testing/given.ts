/** The shape of every domain test: given these events, when this command comes, then these events follow or it is refused; or, this work is pending. */

import { decide } from "../decide.ts";
import { evolve } from "../evolve.ts";
import type { Command } from "../model/command.ts";
import type { NewEvent } from "../model/event.ts";
import { initialState, type State } from "../model/state.ts";
import { pendingWork, type Work } from "../pending-work.ts";
import { assert } from "./assert.ts";

export interface GivenEvents {
  readonly state: State;
  when(command: Command): {
    then(...types: NewEvent["type"][]): GivenEvents;
    thenRefused(code: string): GivenEvents;
    /** The events themselves, for a test that inspects them. */
    readonly events: readonly NewEvent[];
  };
  /** Asserts the kinds of pending work. */
  owes(...kinds: Work["kind"][]): GivenEvents;
}

/** A time for tests that don't care which. */
export const someInstant = "2026-01-02T03:04:05.678Z";

export function given(events: readonly NewEvent[], from: State = initialState): GivenEvents {
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
        `expected pending ${kinds.join() || "nothing"}, got ${got.join() || "nothing"}`,
      );
      return given([], state);
    },
  };
}
