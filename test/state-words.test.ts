/** One table of words for statuses: every client shows the same word for each. */
import { escapeLine, missionStatuses, statusText } from "@aedev/contracts";
import type { TaskDocument } from "@aedev/contracts/api";
import { expect, it } from "vitest";
import { missionText } from "../packages/cli/src/render/mission-text.ts";
import { plainStatus } from "../packages/cli/src/render/plain-status.ts";
import { taskLine } from "../packages/cli/src/render/task-text.ts";
import { initialState, missionDocument, type State, statusSummary, totalsOf } from "../packages/core/src/index.ts";
import { ids, sampleHeldReport, stateAfter, stateAfterCommands } from "../packages/core/src/testing/index.ts";
import { boardOf } from "../packages/daemon/test/board/sample-board.ts";
import { renderStatusBoard } from "../packages/dashboard/src/status-board/status-board.ts";

const now = "2026-01-01T00:00:00.000Z";

it.each(missionStatuses)(
  "a mission or task that is %s has the same word in terminal, text message and page",
  (status) => {
    const missions = Object.fromEntries(missionStatuses.map((one) => [one, one === status ? 1 : 0])) as never;
    const summary = { missions, waiting: [], holds: [], repositories: 1, undelivered: 0 };
    const empty = boardOf(initialState);
    const waiting = { ...{ mission_id: ids.mission, task_id: null, title: "Close", help: "aedev" }, status };
    const queue = { ...empty.queue, missions, waiting: { rows: [waiting], more: 0 } };
    const page = renderStatusBoard({ ...empty, queue }, { nonce: "n", language: "en" });
    const task = { task_id: ids.task, status, hold_code: null, hold_detail: null, landed_commit: null } as TaskDocument;
    const document = {
      mission_id: ids.mission,
      title: "Close",
      status,
      questions: [],
      tasks: [],
      labels: [],
    } as never;
    const reading = {
      ...{ document, repository: "repo", priority: "normal", after: [], submitted_at: now, author: "operator" },
      ...{ clarity: { stuck: false, score: 0 }, criteria: [], answers: [], help: [], used: { requests: 0 } },
    };
    const word = statusText(status);
    expect(plainStatus(summary, "running")).toContain(`1 ${word}`);
    expect(page).toContain(`>1 ${word}</li>`);
    expect(page).toContain(`>${word}</b>`);
    expect(taskLine(task)).toContain(word);
    expect(missionText(reading as never)).toMatch(new RegExp(`status: +${escapeLine(word, 100)}`, "u"));
  },
);

it("a coder's question waits for the person: its mission has questions and is not held, unlike with another hold", () => {
  const held = (code: "HOLD-QUESTION" | "HOLD-BUDGET", detail: string): State =>
    stateAfterCommands(stateAfter("started", initialState), [
      {
        kind: "RecordCoderResult",
        task_id: ids.task,
        run_id: ids.run,
        hold_id: ids.hold,
        result: sampleHeldReport(code, { detail }),
      } as never,
    ]);
  const asked = held("HOLD-QUESTION", "Which rounding?");
  expect(missionDocument(asked, ids.mission)).toMatchObject({
    status: "clarifying",
    tasks: [{ status: "clarifying" }],
  });
  const summary = statusSummary(asked, now, totalsOf(asked).missions);
  expect(summary).toMatchObject({
    holds: [],
    waiting: [{ status: "clarifying", help: `aedev mission answer ${ids.mission}` }],
  });
  expect(plainStatus(summary, "running")).toContain(`ANSWER ${ids.mission}`);
  const other = held("HOLD-BUDGET", "tokens");
  expect(missionDocument(other, ids.mission)).toMatchObject({ status: "held", tasks: [{ status: "held" }] });
  expect(statusSummary(other, now, totalsOf(other).missions).holds).toHaveLength(1);
});
