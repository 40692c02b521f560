/** Planted bugs of the loop, its performers and what they start. */
import { deciding, type Planted } from "./planted-bug.ts";

export const loopBugs: Readonly<Record<string, Planted>> = {
  "a performer never returns": {
    bug: { neverReturns: true },
    seed: 2,
    finds: "the loop remembers work that nobody waits for",
  },
  "a container is started beside the one that runs": {
    bug: { startsAgain: true },
    seed: 2,
    finds: "a container was started beside another of its run",
  },
  "containers stay after their run": { bug: { keepsContainers: true }, seed: 1, finds: "a container was left" },
  "one run too many is started": { bug: { moreRuns: 1 }, seed: 4, finds: "more runs at once than allowed" },
  "nobody ends a hold at its time": { bug: { neverResumes: true }, seed: 1, finds: "it does not come to rest" },
  "the loop is not told of events": {
    bug: { neverWakes: true },
    seed: 1,
    finds: "work is pending, and nobody does it",
  },
  "ending a hold at its time never returns": {
    bug: { resumesForEver: true },
    seed: 1,
    finds: "waits in a hold that ends automatically",
  },
  "nobody says when work becomes due": {
    bug: { nextDueAt: () => null },
    seed: 1,
    finds: "work becomes pending that was not announced",
  },
  "a pause counts as stale": {
    bug: deciding((command, decided) =>
      command.kind === "PauseWork" ? { kind: "refused", code: "stale", reason: "planted", hint: "none" } : decided,
    ),
    seed: 2,
    finds: "a pause was refused",
  },
};
