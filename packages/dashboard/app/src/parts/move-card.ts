/** Where a card of the board may be moved: only where a command of the terminal does the same. */
import type { MissionDocument } from "@aedev/contracts/api";
import { computed } from "@preact/signals";
import { missionList, status } from "../api/live.ts";
import { texts } from "../text/text.ts";

/** The daemon takes no longer order. */
const orderedMax = 200;

const laneByStatus = {
  clarifying: "questions",
  awaiting_approval: "needs",
  approved: "ready",
  running: "running",
  judging: "checking",
  asked: "needs",
  held: "held",
  landed: "landed",
  failed: "ended",
  cancelled: "ended",
  rejected: "ended",
} as const satisfies Record<MissionDocument["status"], string>;

export const lanes = ["questions", "needs", "ready", "running", "checking", "held", "landed", "ended"] as const;
export type Lane = (typeof lanes)[number];

/** Whether the mission is a part that is decided with its plan. */
export function isWithPlan({ status, part_of }: Pick<MissionDocument, "status" | "part_of">): boolean {
  return status === "awaiting_approval" && part_of !== undefined;
}

export function laneOf({ status }: Pick<MissionDocument, "status">): Lane {
  return laneByStatus[status];
}

/** `order`: the missions that start first. `retry`: the tasks that are tried again. `open`: the page on which a person decides. `refused`: why nothing happens. */
export type Move =
  | { readonly kind: "order"; readonly missions: readonly string[] }
  | { readonly kind: "retry"; readonly tasks: readonly string[] }
  | { readonly kind: "open" }
  | { readonly kind: "refused"; readonly why: string };

/** A place in a lane. `before`: the card that comes next; null: it is the last of the lane. */
export interface Place {
  readonly lane: Lane;
  readonly before: string | null;
}

/** What moving the card to a place does. */
export function moveTo(mission: MissionDocument, { lane: to, before }: Place): Move {
  const { moveSame, moveEnd, moveNone, lanes: names } = texts.value;
  const from = laneOf(mission);
  if (from === "ready" && to === "ready") return { kind: "order", missions: orderWith(mission.mission_id, before) };
  if (from === to) return { kind: "refused", why: moveSame };
  if (from === "needs" || from === "questions") return { kind: "open" };
  // Its parts are tried again, each for itself.
  if (mission.plan !== undefined && from === "held") return { kind: "open" };
  if (from === "held" && (to === "ready" || to === "running")) {
    const held = mission.tasks.filter(({ hold_code }) => hold_code !== null);
    return { kind: "retry", tasks: held.map(({ task_id }) => task_id) };
  }
  if (to === "ended" && from !== "landed") return { kind: "refused", why: moveEnd };
  return { kind: "refused", why: moveNone(names[from], names[to]) };
}

/** Missions that wait for their start, in the daemon's order; what it does not name follows, the oldest first. */
export const readyList = computed(() => {
  const order = status.value?.ready ?? [];
  const placeOf = ({ mission_id }: MissionDocument) => {
    const place = order.indexOf(mission_id);
    return place < 0 ? order.length : place;
  };
  return missionList.value
    .filter((mission) => laneOf(mission) === "ready")
    .toSorted((one, other) => placeOf(one) - placeOf(other) || (one.submitted_at < other.submitted_at ? -1 : 1));
});

/** The order in which `moved` comes before another mission, whose predecessors get a place too; before none: it comes last. */
function orderWith(moved: string, before: string | null): string[] {
  const order = status.value?.start_order ?? [];
  const listed = readyList.value.map(({ mission_id }) => mission_id);
  const ready = listed.filter((id) => id !== moved);
  // Put before itself, it stays where it is.
  const at = before === null ? ready.length : (before === moved ? listed : ready).indexOf(before);
  const named = [...ready.slice(0, at), moved, ...ready.slice(at).filter((id) => order.includes(id))];
  // What is ordered and still awaits its approval keeps its place behind them.
  return [...named, ...order.filter((id) => !listed.includes(id))].slice(0, orderedMax);
}
