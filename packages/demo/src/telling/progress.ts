/** Renders the progress of a demo: one line, with the mission's number, for each event that matters to a person. */
import { pullRequestWaitText } from "@aedev/contracts";
import type { RecordedEvent } from "./recorded-event.ts";

/** Returns a function that takes a log's events in order; missions are numbered in the order of submission. */
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
      return "questions answered";
    case "MissionApproved":
      return "approved: fetching the repository";
    case "RunStarted":
      return `run ${event.data.attempt}: the coder works in a sandbox without network or credentials`;
    case "ChangeCaptured":
      return "the coder has finished and its files are captured; running old and new tests on old and new code";
    case "EvidenceSealed":
      return event.data.judgeable
        ? `evidence sealed (checks ${event.data.checks_status}); the judges are reading it`
        : `evidence sealed (checks ${event.data.checks_status}); it is not shown to the judges`;
    case "VerdictRecorded":
      return `judge ${event.data.family}: ${event.data.verdict}${event.data.detail === null ? "" : ` (${event.data.detail})`}`;
    case "GateDecided":
      return `decision: ${event.data.answer}`;
    case "RepairStarted":
      return `retrying after ${event.data.code}`;
    case "TestsRequested":
      return "a run adds the tests that the change lacks";
    case "ChangeRestored":
      return "the run that adds tests did not help";
    case "IndependentTestsRequested":
      return "another run writes tests from the mission alone";
    case "LandingApproved":
      return `landing approved by ${event.data.by}`;
    case "BaseMoved":
      return "the branch has moved; checking the change on its new base";
    case "PullRequestOpened":
      return `pull request #${event.data.number}: ${event.data.url}`;
    case "PullRequestWaits":
      return event.data.waits_for.length === 0
        ? "the pull request waits for nothing any more"
        : `the pull request waits for ${event.data.waits_for.map(pullRequestWaitText).join("; ")}`;
    case "PullRequestSuspended":
      return `the check of pull request #${event.data.number} no longer says that the change was accepted`;
    case "PullRequestClosed":
      return event.data.number === null ? "no pull request was open" : `pull request #${event.data.number} was closed`;
    case "LandedTreeDiffers":
      return "what was merged is not the tree that was judged";
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
