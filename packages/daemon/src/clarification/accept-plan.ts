/** What counts of a plan that a coder proposed once a person accepts it, edited or not. It submits nothing. */
import { nullOn, type PlanDraft } from "@aedev/contracts";
import type { PlanSubmission } from "@aedev/contracts/api";
import { entityById, type MissionState, type Refusal, refuse } from "@aedev/core";
import { gitFaults } from "@aedev/host/git/run-git";
import type { Mirrors, Records } from "../control/parts.ts";
import { fetchedPaths } from "../git/mirror.ts";

const namedMax = 5;

/** The mission that becomes the plan, and what the coder proposed for it. */
export interface AcceptedPlan {
  readonly mission: MissionState;
  readonly proposed: PlanDraft;
}

/** Null: the plan is a person's own. */
export function acceptedPlan(
  { log }: Records,
  { accepts, text, priority, labels, after }: PlanSubmission,
): AcceptedPlan | Refusal | null {
  if (accepts === undefined)
    return text === undefined
      ? refuse("bad-plan", "text: it is missing: what is the whole for?", "docs/PLANS.md describes the format")
      : null;
  const { mission: id, draft: run } = accepts;
  const mission = entityById(log.stateWith({ missions: [id] }).missions, id);
  if (mission === undefined) return refuse("unknown-mission", `there is no mission ${id}`, "aedev mission list");
  const result = mission.drafts?.find(({ run_id }) => run_id === run)?.ended?.result;
  if (result?.outcome !== "planned")
    return refuse("no-draft", `the run ${run} proposed no plan for mission ${id}`, `aedev mission show ${id}`);
  if (text !== undefined || priority !== "normal" || labels.length > 0 || after.length > 0)
    return refuse(
      "bad-plan",
      `mission ${id} has its own text, priority, labels and after; the file may not give them`,
      `aedev mission update ${id} --help`,
    );
  return { mission, proposed: result.plan };
}

/** Which words of a part are the coder's, wherever they now stand. */
export function draftedWords(
  { text, criteria }: Pick<PlanSubmission["tasks"][number], "text" | "criteria">,
  { parts }: PlanDraft,
): { readonly text: boolean; readonly criteria: readonly string[] } {
  const proposed = new Set(parts.flatMap((part) => part.criteria));
  return { text: parts.some((part) => part.text === text), criteria: criteria.filter((one) => proposed.has(one)) };
}

interface PartWithFiles {
  readonly name: string;
  readonly repository: string;
  /** Files that it changes and does not create. */
  readonly known: readonly string[];
  readonly creates: readonly string[];
}

/** Refuses files that nobody has and no part creates: a coder may have made them up. `parts`: in their order. A repository that was never fetched refuses none. */
export async function refuseUnknownFiles(control: Mirrors, parts: readonly PartWithFiles[]): Promise<Refusal | null> {
  const trees = new Map<string, Set<string> | null>();
  const unknown: string[] = [];
  for (const { name, repository, known, creates } of parts) {
    if (!trees.has(repository)) {
      const paths = await fetchedPaths(control.mirror(repository)).catch(nullOn(...gitFaults));
      trees.set(repository, paths === null ? null : new Set(paths.flatMap(withFolders)));
    }
    const there = trees.get(repository);
    for (const path of creates) for (const one of withFolders(bare(path))) there?.add(one);
    const missing = there == null ? [] : known.filter((path) => !there.has(bare(path)));
    unknown.push(...missing.map((path) => `${name}: files: ${path} is not in ${repository}`));
  }
  if (unknown.length === 0) return null;
  const more = unknown.length > namedMax ? `; and ${unknown.length - namedMax} more` : "";
  return refuse(
    "bad-plan",
    `${unknown.slice(0, namedMax).join("; ")}${more}`,
    "name the right file, or put a new file in creates of its part (docs/PLANS.md)",
  );
}

/** A path and all folders that it is in. */
function withFolders(path: string): string[] {
  const names = path.split("/");
  return names.map((_name, at) => names.slice(0, at + 1).join("/"));
}

function bare(path: string): string {
  return path.replace(/\/+$/, "");
}
