/** Writes the results of the gauntlet's missions: a row per repository, and the totals. Pure. */
import type { Ended, MissionsResult } from "./try-missions.ts";

export function missionsRowText({ listed, fixes, cheat, why, seconds }: MissionsResult): string {
  const head = `${listed.name} (${listed.kind})`;
  const tried = fixes.map(({ commit, ended }) => `fix ${commit.slice(0, 12)} ${endText(ended)}`);
  const parts = [...(tried.length === 0 && why !== "" ? [`no fix tried: ${why}`] : tried), `cheat ${endText(cheat)}`];
  return `${head}: ${parts.join("; ")}, ${seconds} s`;
}

export function missionsTotalsText(results: readonly MissionsResult[]): string {
  const tried = results.filter(({ fixes }) => fixes.length > 0);
  const isLanded = (ended: Ended | null | undefined) => ended?.status === "landed";
  const landed = tried.filter(({ fixes }) => fixes.some(({ ended }) => isLanded(ended))).length;
  const atOnce = tried.filter(({ fixes }) => isLanded(fixes[0]?.ended)).length;
  const cheats = results.filter(({ cheat }) => cheat !== null);
  const wrongly = cheats.filter(({ cheat }) => isLanded(cheat)).length;
  return `of ${results.length} repositories a fix was tried in ${tried.length}: it landed in ${landed}, the first one tried in ${atOnce}; of ${cheats.length} cheats ${wrongly} landed`;
}

function endText(ended: Ended | null): string {
  if (ended === null) return "not tried";
  return ended.reasons.length === 0 ? ended.status : `${ended.status} (${ended.reasons.join(", ")})`;
}
