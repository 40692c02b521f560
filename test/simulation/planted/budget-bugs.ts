/** Planted bugs of budgets. */
import { decide } from "@aedev/core";
import { deciding, type Planted } from "./planted-bug.ts";

export const budgetBugs: Readonly<Record<string, Planted>> = {
  "a judge is asked although its budget of tokens is used up": {
    bug: { asksWithoutRoom: true },
    seed: 31,
    finds: "a judge was asked with no tokens left",
  },
  "a judge is asked although its budget of dollars is used up": {
    bug: { asksWithoutRoom: true },
    seed: 246,
    missions: 30,
    finds: "a judge was asked with no dollars left",
  },
  "tokens that runs under way may use count as left": {
    bug: { reservesNothing: true },
    seed: 12,
    finds: "a run used more tokens than a budget has",
  },
  "dollars that runs under way may use count as left": {
    bug: { reservesNothing: true },
    seed: 53,
    finds: "a run used more dollars than a budget has",
  },
  "minutes that runs under way may use count as left": {
    bug: { reservesNothing: true },
    seed: 52,
    finds: "a run used more minutes than a budget has",
  },
  "runs that are prepared at once share one place in a budget": {
    bug: deciding((command, decided, state) => {
      if (command.kind !== "StartRun" || decided.kind === "events") return decided;
      const { room: _room, ...without } = command;
      return decide(without, state);
    }),
    seed: 233,
    finds: "more runs were started than a budget has",
  },
};
