/** Where a card of the board may be moved: only where a command of the terminal does the same. */
import type { MissionDocument } from "@aedev/contracts/api";
import { texts } from "../text/text.ts";

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

export function laneOf({ status }: Pick<MissionDocument, "status">): Lane {
  return laneByStatus[status];
}

/** `retry`: the tasks that are tried again. `open`: the page on which a person decides. `refused`: why nothing happens. */
export type Move =
  | { readonly kind: "retry"; readonly tasks: readonly string[] }
  | { readonly kind: "open" }
  | { readonly kind: "refused"; readonly why: string };

/** What moving the card to a lane does. */
export function moveTo(mission: MissionDocument, to: Lane): Move {
  const { moveSame, moveEnd, moveNone, lanes: names } = texts.value;
  const from = laneOf(mission);
  if (from === to) return { kind: "refused", why: moveSame };
  if (from === "needs" || from === "questions") return { kind: "open" };
  if (from === "held" && (to === "ready" || to === "running")) {
    const held = mission.tasks.filter(({ hold_code }) => hold_code !== null);
    return { kind: "retry", tasks: held.map(({ task_id }) => task_id) };
  }
  if (to === "ended" && from !== "landed") return { kind: "refused", why: moveEnd };
  return { kind: "refused", why: moveNone(names[from], names[to]) };
}
