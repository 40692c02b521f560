/** The allowed outcomes of a chaos run's missions once nothing is hit any more. Pure. */
import type { HoldCode } from "@aedev/contracts";

/** A mission as the log has it; `holds`: why its tasks are held, and whether each continues without a person. */
export interface MissionRow {
  readonly mission_id: string;
  readonly title: string;
  readonly status: string;
  readonly holds: readonly { readonly code: HoldCode; readonly detail: string | null; readonly resumes: boolean }[];
}

/** Holds that the kills explain. Any other is a violation. */
const allowedHolds: ReadonlySet<HoldCode> = new Set<HoldCode>([
  // Its sandboxes were killed so often that a person has to look.
  "HOLD-DOCKER-UNAVAILABLE",
  // Containers of its checks were killed, so a report or a sentinel is missing.
  "HOLD-EVIDENCE-INCOMPLETE",
]);
/** The share of missions that must land; the others may have lost their containers again and again. */
const landedShareMin = 0.5;

/** A hold that ends without a person is still open. */
export function isOpen({ status, holds }: MissionRow): boolean {
  if (status === "held") return holds.some(({ resumes }) => resumes);
  return !["landed", "asked", "rejected", "cancelled"].includes(status);
}

/** Lists what is wrong with the missions' outcomes. */
export function wrongOutcomes(missions: readonly MissionRow[]): string[] {
  const held = missions.filter(({ status }) => status === "held");
  const wrong = held.flatMap(({ mission_id, holds }) => {
    const blamed = holds.filter(({ code }) => !allowedHolds.has(code));
    if (holds.length === 0) return [`${mission_id} is held without a reason`];
    return blamed.map(
      ({ code, detail }) => `${mission_id} is held, but nothing that was hit explains ${code}: ${detail}`,
    );
  });
  const landed = missions.filter(({ status }) => status === "landed").length;
  if (landed < missions.length * landedShareMin) wrong.push(`only ${landed} of ${missions.length} missions landed`);
  return wrong;
}
