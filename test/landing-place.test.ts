/** Every text about the place of a landing names the branch that is pushed to: message, page, terminal, explanation. */
import { landingPlaceText } from "@aedev/contracts";
import { expect, it } from "vitest";
import { explanationText } from "../packages/cli/src/render/explanation-text.ts";
import { onApproveText } from "../packages/cli/src/render/on-approve-text.ts";
import { taskText } from "../packages/cli/src/render/task-text.ts";
import { type CommandBody, initialState, type State, type TaskState, taskDetails } from "../packages/core/src/index.ts";
import { explainTask, taskHistory } from "../packages/core/src/reading.ts";
import { gated, ids, life, startLanding, stateAfter, stateAfterCommands } from "../packages/core/src/testing/index.ts";
import { landingPlace, plannedLanding } from "../packages/daemon/src/control/permitted-writes.ts";
import { composeMessage } from "../packages/daemon/src/phone/message/compose-message.ts";
import { renderApprovalPage } from "../packages/dashboard/src/approval/approval-page.ts";
import { landingPage } from "../packages/dashboard/test/approval/sample-pages.ts";

const own = `aedev/${ids.task}`;
const registered = life["registered"] as Extract<CommandBody, { kind: "ConfigureRepository" }>;
const subject = {
  kind: "landing" as const,
  mission_id: ids.mission as never,
  task_id: ids.task as never,
  ...{ change_digest: "d".repeat(64), bundle_digest: "e".repeat(64), policy_digest: "a".repeat(64) },
};
const approval_id = "a-aaaaaaaaaaaaaaaa";

function asked(change: Partial<typeof registered>): State {
  const state = stateAfter("gated", initialState, { gated: gated("ask"), registered: { ...registered, ...change } });
  return stateAfterCommands(state, [
    { kind: "RequestApproval", approval_id, subject, expires_at: "2026-02-01T00:00:00.000Z" },
  ]);
}

/** Lands as control does: according to `plannedLanding`, not to a text. */
function landed(state: State, change: Partial<typeof registered> = {}): State {
  const plan = plannedLanding(taskOf(state), control(state));
  const { head_ref } = plan;
  const ref = plan.ref ?? "";
  const commit = "9".repeat(40);
  return stateAfterCommands(state, [
    { kind: "ApproveLanding", task_id: ids.task, digest: null },
    { ...startLanding, ref, ...(head_ref === undefined ? {} : { head_ref }) } as CommandBody,
    // Settings that change later say nothing about a past landing.
    { ...registered, ...change },
    { kind: "RecordLanded", task_id: ids.task, commit, ref },
  ]);
}

const control = (state: State): Parameters<typeof landingPlace>[1] => ({
  configuration: { system: { allow_remote_writes: false }, landing: { without_permission: "ask" } },
  log: { state },
});

function taskOf(state: State): TaskState {
  const task = state.tasks[ids.task];
  if (task === undefined) throw new Error("the story has a task");
  return task;
}

/** Each text, by the client that shows it. */
function texts(state: State): Record<string, string> {
  const task = taskOf(state);
  const place = landingPlace(task, control(state));
  const title = "Close the hole";
  const about = task.status === "landed" ? { kind: "landed", task_id: ids.task } : { kind: "approval", approval_id };
  const details = { ...taskDetails(state, task, place), used: noUse, earlier_verdicts_used: noUse };
  const explained = explainTask(state, task, {
    ...{ now: "2026-01-01T00:00:00.000Z", schedule: null as never, holds: undefined },
    ...{ history: taskHistory([]), lands: place },
  });
  return {
    message: composeMessage(state, { about } as never, (one) => landingPlace(one, control(state)))?.text ?? "",
    page: renderApprovalPage({ ...landingPage("x"), commit: { title, ...place } }),
    terminal: onApproveText(ids.task, { title, ...place }),
    "task show": taskText({ ...details, verdicts: [], run_details: [] } as never),
    explain: explanationText(explained, undefined),
  };
}
const noUse = {
  ...{ runs: 0, requests: 0, unfinished_requests: 0, unknown: [], tokens: 0 },
  ...{ nano_usd: 0, subscription_nano_usd: 0, subscription_requests: 0 },
};

for (const { what, change, branch } of [
  { what: "no permission to push", change: { allow_writes: false }, branch: own },
  { what: "landing by branch", change: { landing: "branch" }, branch: own },
  { what: "a working copy without origin", change: { target: "task-branch" }, branch: own },
  { what: "permission to push", change: {}, branch: "main" },
  { what: "landing by pull request", change: { landing: "pull-request" }, branch: "main" },
] as const) {
  it(`with ${what}, each text names ${branch === own ? "the task's own branch" : "main"} before and after it landed`, () => {
    const before = asked(change);
    const after = landed(before, { allow_writes: true, landing: "push" });
    expect(taskOf(after)).toMatchObject({ status: "landed", landing: { ref: `refs/heads/${branch}` } });
    for (const state of [before, after])
      for (const [who, text] of Object.entries(texts(state))) {
        expect(text, who).toMatch(new RegExp(`\\b${branch} of `, "u"));
        expect(text, who).not.toContain("refs/heads/");
        const other = branch === own ? /\bmain of /u : new RegExp(`${own} of `, "u");
        expect(text, who).not.toMatch(other);
        expect(text.includes("through a pull request"), who).toBe(
          "landing" in change && change.landing === "pull-request",
        );
        // A branch that nothing merges comes with the command that merges it, after it landed or with the question whether it may.
        const isTold = state === after || who === "page" || who === "terminal";
        expect(/git (?:fetch|-C)|How to take it in: aedev task show/u.test(text), who).toBe(branch === own && isTold);
      }
  });
}

it("the command that merges a branch fetches it first, unless the person's own working copy has it", () => {
  const command = (change: Partial<typeof registered>) => {
    const state = asked(change);
    return landingPlace(taskOf(state), control(state)).take_in;
  };
  expect(command({ landing: "branch" })).toBe(`git fetch /r ${own} && git merge FETCH_HEAD`);
  expect(command({ target: "task-branch" })).toBe(`git -C /r merge ${own}`);
  expect(command({})).toBeNull();
  expect(landingPlaceText({ branch: null, way: "push" }, "repo")).toBe("the base branch of repo");
});
