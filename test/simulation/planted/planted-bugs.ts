/** Bugs that aedev does not have, each with the seed of a night that exposes it and the violated invariant. They show that each invariant can fail. */
import { budgetBugs } from "./budget-bugs.ts";
import { landingBugs } from "./landing-bugs.ts";
import { logBugs } from "./log-bugs.ts";
import { loopBugs } from "./loop-bugs.ts";
import { planBugs } from "./plan-bugs.ts";
import type { Planted } from "./planted-bug.ts";

/** Missions of each night. */
export const plantedMissions = 20;

export const plantedBugs: Readonly<Record<string, Planted>> = {
  ...logBugs,
  ...landingBugs,
  ...loopBugs,
  ...budgetBugs,
  ...planBugs,
};
