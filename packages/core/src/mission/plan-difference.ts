/** What differs between two versions of a plan. Pure. */
import type { PlanDifference, PlannedPart } from "@aedev/contracts";
import type { EventData } from "@aedev/contracts/events";

type Plan = Pick<EventData<"MissionPlanned">, "on_failure" | "parts">;
/** What a person wrote of a part. */
export type WrittenOfPart = Pick<PlannedPart, "name" | "after" | "files" | "written">;

const changes = {
  request: (one, other) => one.written !== undefined && one.written === other.written,
  order: (one, other) => sameSet(one.after, other.after),
  files: (one, other) => sameSet(one.files, other.files),
} as const satisfies Record<string, (one: WrittenOfPart, other: WrittenOfPart) => boolean>;

/** What a person changed in a part; empty: nothing. A part whose written words are not known counts as changed. */
export function partChanges(before: WrittenOfPart, after: WrittenOfPart): (keyof typeof changes)[] {
  return (["request", "order", "files"] as const).filter((what) => !changes[what](before, after));
}

/** The parts that differ, by name, in the order of the newer version; the rule, if it differs. */
export function planDifference(before: Plan, after: Plan): PlanDifference {
  const old = new Map(before.parts.map((part) => [part.name, part]));
  const kept = new Set(after.parts.map(({ name }) => name));
  return {
    added: after.parts.filter(({ name }) => !old.has(name)).map(({ name }) => name),
    removed: before.parts.filter(({ name }) => !kept.has(name)).map(({ name }) => name),
    changed: after.parts.flatMap((part) => {
      const was = old.get(part.name);
      const what = was === undefined ? [] : partChanges(was, part);
      return what.length === 0 ? [] : [{ name: part.name, what }];
    }),
    ...(before.on_failure === after.on_failure ? {} : { on_failure: after.on_failure }),
  };
}

function sameSet(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((one) => others.includes(one));
}
