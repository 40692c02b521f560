/** What a person is told while a demo runs: one event, one plain sentence that names its mission, or nothing. */
import type { RecordedEvent } from "./recorded-event.ts";

/** A function that takes a log's events in order: missions are numbered as they were submitted. */
export function createProgress(): (event: RecordedEvent) => string | null {
  const missions = new Map<string, number>();
  const numbers = new Map<string, number>();
  return (event) => {
    const { stream } = event;
    if (event.type === "MissionSubmitted") {
      const id = stream.slice(stream.indexOf("/") + 1);
      missions.set(id, missions.size + 1);
      numbers.set(stream, missions.size);
    }
    if (event.type === "TaskPlanned") numbers.set(stream, missions.get(event.data.mission_id) ?? 0);
    const words = progressOf(event);
    const number = numbers.get(stream);
    return words === null || number === undefined ? words : `mission ${number}: ${words}`;
  };
}

function progressOf(event: RecordedEvent): string | null {
  switch (event.type) {
    case "ClarificationAnswered":
      return "its questions are answered";
    case "MissionApproved":
      return "approved: fetching the repository";
    case "RunStarted":
      return `run ${event.data.attempt}: the coder works in a sandbox without network or credential`;
    case "ChangeCaptured":
      return "the coder has ended; its files are captured; checks run: old and new tests on old and new code";
    case "EvidenceSealed":
      return event.data.judgeable
        ? `evidence sealed (checks ${event.data.checks_status}); the judges read it`
        : `evidence sealed (checks ${event.data.checks_status}); no judge may see it`;
    case "VerdictRecorded":
      return `${event.data.family} says ${event.data.verdict}${event.data.detail === null ? "" : ` (${event.data.detail})`}`;
    case "GateDecided":
      return `the gate answers ${event.data.answer}`;
    case "RepairStarted":
      return `red: one more run instead of the hold ${event.data.code}`;
    case "LandingApproved":
      return `a person approved the landing (${event.data.by})`;
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
