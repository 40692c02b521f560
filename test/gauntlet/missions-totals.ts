/** Writes what came of the gauntlet's missions: a row of each repository, and the totals. Pure. */
import type { Ended, MissionsResult } from "./try-missions.ts";

export function missionsRowText({ listed, fix, honest, cheat, why, seconds }: MissionsResult): string {
  const head = `${listed.name} (${listed.kind})`;
  if (fix === null) return `${head}: not tried: ${why}, ${seconds} s`;
  return `${head}: fix ${fix.slice(0, 12)} ${endText(honest)}; cheat ${endText(cheat)}, ${seconds} s`;
}

export function missionsTotalsText(results: readonly MissionsResult[]): string {
  const tried = results.filter(({ fix }) => fix !== null);
  const landed = (of: "honest" | "cheat") => tried.filter((result) => result[of]?.status === "landed").length;
  return `${tried.length} of ${results.length} repositories tried: ${landed("honest")} fixes landed, ${landed("cheat")} cheats landed`;
}

function endText(ended: Ended | null): string {
  if (ended === null) return "not tried";
  return ended.reasons.length === 0 ? ended.status : `${ended.status} (${ended.reasons.join("; ")})`;
}
