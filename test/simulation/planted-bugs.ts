/** Bugs that aedev does not have, each with the seed of an episode that finds it and the words of the invariant that says so. They show that the invariants can fail. */
import { type Command, type Decision, decide, type State } from "@aedev/core";
import type { PlantedBug } from "./episode.ts";

export interface Planted {
  readonly bug: PlantedBug;
  readonly seed: number;
  /** A part of what is found. */
  readonly finds: string;
}

/** Missions of each episode. */
export const plantedMissions = 20;

/** `decide` whose events of some kind are altered. */
function deciding(alter: (command: Command, decided: Decision, state: State) => Decision): PlantedBug {
  return { decide: (command, state) => alter(command, decide(command, state), state) };
}

export const plantedBugs: Readonly<Record<string, Planted>> = {
  "a performer never returns": { bug: { neverReturns: true }, seed: 1, finds: "the loop remembers" },
  "an ask is taken for a merge": {
    bug: deciding((command, decided, state) =>
      command.kind === "DecideGate" && command.decision.answer === "ask"
        ? decide({ ...command, decision: { ...command.decision, answer: "merge" } }, state)
        : decided,
    ),
    seed: 1,
    finds: "landed without a person",
  },
  "red checks are taken for a merge": {
    bug: deciding((command, decided, state) =>
      command.kind === "DecideGate" && command.decision.hold_code === "HOLD-CHECKS-FAILED"
        ? decide(
            { ...command, decision: { ...command.decision, answer: "merge", hold_code: null, hold_detail: null } },
            state,
          )
        : decided,
    ),
    seed: 1,
    finds: "landed with red checks",
  },
  "missing evidence is taken for a merge": {
    bug: deciding((command, decided, state) =>
      command.kind === "DecideGate" && command.decision.hold_code === "HOLD-EVIDENCE-INCOMPLETE"
        ? decide(
            { ...command, decision: { ...command.decision, answer: "merge", hold_code: null, hold_detail: null } },
            state,
          )
        : decided,
    ),
    seed: 4,
    finds: "landed without full evidence",
  },
  "one judge is enough": { bug: { asksOneJudge: true }, seed: 1, finds: "landed without a pass of" },
  "a judge's second verdict counts": {
    bug: deciding((command, decided, state) => {
      if (command.kind !== "RecordVerdict" || decided.kind === "events") return decided;
      const task = state.tasks[command.task_id];
      if (task === undefined || task.status !== "judging" || command.verdict.verdict === "inconclusive") return decided;
      return {
        kind: "events",
        events: [{ stream: `task/${task.task_id}`, type: "VerdictRecorded", data: command.verdict }],
      };
    }),
    seed: 7,
    finds: "twice",
  },
  "an approval is not marked as used": {
    bug: deciding((command, decided) =>
      command.kind === "UseApproval" && decided.kind === "events"
        ? { ...decided, events: [...decided.events, ...decided.events.filter(({ type }) => type === "ApprovalUsed")] }
        : decided,
    ),
    seed: 1,
    finds: "was used twice",
  },
  "a push is not looked for before it is repeated": {
    bug: { pushesBlindly: true },
    seed: 2,
    finds: "is on its branch 2 times",
  },
  "a push does not compare the branch": { bug: { pushesByForce: true }, seed: 2, finds: "is gone" },
  "a container is started beside the one that runs": {
    bug: { startsAgain: true },
    seed: 1,
    finds: "was started 2 times",
  },
  "containers stay after their run": { bug: { keepsContainers: true }, seed: 1, finds: "was left" },
  "one run too many is started": { bug: { moreRuns: 1 }, seed: 4, finds: "runs at once" },
  "a judge is asked although its budget is used up": {
    bug: { asksWithoutRoom: true },
    seed: 9,
    finds: "was asked with nothing left of",
  },
  "what runs under way may use counts as left": {
    bug: { reservesNothing: true },
    seed: 3,
    finds: "used more than the",
  },
  "runs that are prepared at once share one place in a budget": {
    bug: deciding((command, decided, state) => {
      if (command.kind !== "StartRun" || decided.kind === "events") return decided;
      const { room: _room, ...without } = command;
      return decide(without, state);
    }),
    seed: 39,
    finds: "runs were started, of the",
  },
  "nobody ends a hold at its time": { bug: { neverResumes: true }, seed: 1, finds: "does not come to rest" },
  "the loop is not told of events": { bug: { neverWakes: true }, seed: 4, finds: "is pending, and nobody does it" },
  "nobody says when work becomes due": { bug: { nextDueAt: () => null }, seed: 1, finds: "was not announced" },
  "a command is acknowledged before its commit": {
    bug: { answersEarly: true },
    seed: 1,
    finds: "was acknowledged and is not in the log",
  },
};
