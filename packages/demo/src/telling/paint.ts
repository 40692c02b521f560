/** Colours for a demo's output in a terminal; a file gets plain text. Pure. */
import { styleText } from "node:util";
import type { RecordedEvent } from "./recorded-event.ts";

export type Paint = Readonly<Record<"good" | "bad" | "asked" | "strong" | "faint", (text: string) => string>>;

const plain = (text: string) => text;
export const noPaint: Paint = { good: plain, bad: plain, asked: plain, strong: plain, faint: plain };

const colored =
  (format: Parameters<typeof styleText>[0]) =>
  (text: string): string =>
    styleText(format, text, { validateStream: false });

export const terminalPaint: Paint = {
  good: colored("green"),
  bad: colored("red"),
  asked: colored("yellow"),
  strong: colored("bold"),
  faint: colored("dim"),
};

export type Tone = "good" | "bad" | "asked";

/** The tone of an event; null if it is neither good nor bad nor a question. */
export function toneOf(event: RecordedEvent): Tone | null {
  switch (event.type) {
    case "ChangeLanded":
      return "good";
    case "VerdictRecorded":
      return event.data.verdict === "pass" ? "good" : null;
    case "GateDecided":
      return ({ merge: "good", ask: "asked", hold: "bad" } as const)[event.data.answer];
    case "TaskHeld":
    case "RepairStarted":
    case "ChangeRestored":
    case "BaseConflicted":
    case "RequestRefused":
      return "bad";
    case "ClarificationAnswered":
    case "ApprovalRequested":
    case "ApprovalUsed":
    case "LandingApproved":
      return "asked";
    default:
      return null;
  }
}

export function brushFor(tone: Tone | null, paint: Paint): (text: string) => string {
  return tone === null ? plain : paint[tone];
}
