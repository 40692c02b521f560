/**
 * Hands the loop's canary work to the planter and the judges, loading both with the first item. It remembers for clients why an audit can't continue.
 * Folder: planting canaries and having them judged.
 */
import type { CommandBody, JudgeWork, PlantedKind, State } from "@aedev/core";
import type { Blobs, Home, Judges, Mirrors, Records } from "../control/parts.ts";
import type { Planes } from "../planes/planes.ts";
import type { Planter } from "./planter.ts";

export interface CanaryWorker {
  perform(work: JudgeWork, state: State, planes: Planes): Promise<CommandBody>;
  /** Why kinds of defects of an audit can't continue, since this daemon started. */
  stalled(auditId: string): Readonly<Partial<Record<PlantedKind, string>>>;
}

export function openCanaryWorker(control: Home & Blobs & Mirrors & Records & Judges): CanaryWorker {
  let planter: Promise<Planter> | undefined;
  const problems = new Map<string, Partial<Record<PlantedKind, string>>>();

  async function plant(work: Extract<JudgeWork, { kind: "PlantCanary" }>): Promise<CommandBody> {
    planter ??= import("./planter.ts").then(({ createPlanter }) => createPlanter(control));
    try {
      return await (await planter).plant(work);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (work.audit_id !== null) problems.set(work.audit_id, { ...problems.get(work.audit_id), [work.planted]: why });
      throw error;
    }
  }

  return {
    async perform(work, state, planes) {
      if (work.kind === "PlantCanary") return plant(work);
      const { judgeCanary } = await import("./judge-canary.ts");
      return judgeCanary(work, state, { control, planes });
    },
    stalled: (auditId) => problems.get(auditId) ?? {},
  };
}
