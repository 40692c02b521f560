/** The status of a mission or task, in words and a colour. */
import type { MissionDocument } from "@aedev/contracts/api";
import { texts } from "../text/text.ts";

type Status = MissionDocument["status"];

const tones: Readonly<Partial<Record<Status, "good" | "warn" | "bad">>> = {
  landed: "good",
  asked: "warn",
  awaiting_approval: "warn",
  clarifying: "warn",
  held: "bad",
  failed: "bad",
};

export function StatusChip({ status }: { status: Status }) {
  return <span class={`chip ${tones[status] ?? ""}`}>{texts.value.status[status]}</span>;
}
