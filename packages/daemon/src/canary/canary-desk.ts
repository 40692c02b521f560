/** Where the loop brings work on planted bundles: planting, and asking the judges. Its parts are loaded when the first of it comes. It remembers why an audit goes no further, for whoever asks. */
import type { CommandBody, JudgeWork, PlantedKind, State } from "@aedev/core";
import type { Control } from "../loop/control.ts";
import type { Planes } from "../planes/planes.ts";
import type { Planter } from "./planter.ts";

export interface CanaryDesk {
  perform(work: JudgeWork, state: State, planes: Planes): Promise<CommandBody>;
  /** Why kinds of an audit go no further, in this daemon's life. */
  stalled(auditId: string): Readonly<Partial<Record<PlantedKind, string>>>;
}

export function openCanaryDesk(control: Control): CanaryDesk {
  let planter: Promise<Planter> | undefined;
  const problems = new Map<string, Partial<Record<PlantedKind, string>>>();

  async function plant(work: Extract<JudgeWork, { kind: "PlantCanary" }>, state: State): Promise<CommandBody> {
    planter ??= import("./planter.ts").then(({ createPlanter }) => createPlanter(control));
    try {
      return await (await planter).plant(work, state);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (work.audit_id !== null) problems.set(work.audit_id, { ...problems.get(work.audit_id), [work.planted]: why });
      throw error;
    }
  }

  return {
    async perform(work, state, planes) {
      if (work.kind === "PlantCanary") return plant(work, state);
      const { judgeCanary } = await import("./judge-canary.ts");
      return judgeCanary(work, state, { control, planes });
    },
    stalled: (auditId) => problems.get(auditId) ?? {},
  };
}
