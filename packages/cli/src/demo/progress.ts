/** What a person is told while a demo runs: one event, one plain sentence, or nothing. Pure. */
import type { RecordedEvent } from "./recorded-event.ts";

export function progressOf(event: RecordedEvent): string | null {
  switch (event.type) {
    case "MissionApproved":
      return "approved: fetching the repository";
    case "RunStarted":
      return "preparing the repository's tools; then the coder works in a sandbox without network or credential";
    case "ChangeCaptured":
      return "the coder has ended; its files are captured, its container goes; checks run: old and new tests on old and new code";
    case "ChecksRan":
      return "the checks have run";
    case "EvidenceSealed":
      return event.data.judgeable
        ? `evidence sealed (checks ${event.data.checks_status}); the judges read it`
        : `evidence sealed (checks ${event.data.checks_status}); no judge may see it`;
    case "VerdictRecorded":
      return `${event.data.family} says ${event.data.verdict}${event.data.detail === null ? "" : ` (${event.data.detail})`}`;
    case "GateDecided":
      return `the gate answers ${event.data.answer}`;
    case "LandingStarted":
      return "landing";
    case "BaseMoved":
      return "the branch has moved: the change is checked on its new base";
    case "ChangeLanded":
      return `landed as ${event.data.commit.slice(0, 10)}`;
    case "TaskHeld":
      return `held: ${event.data.code}${event.data.detail === null ? "" : ` (${event.data.detail.slice(0, 200)})`}`;
    case "RequestRefused":
      return `refused: ${event.data.what.slice(0, 200)}`;
    default:
      return null;
  }
}
