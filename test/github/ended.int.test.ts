/** Pull requests of tasks that ended without landing, or that make another change: how they end at GitHub, whatever fails on the way. */

import type { FakeGitHub } from "@aedev/fakes/github/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CommandBody } from "../../packages/core/src/index.ts";
import { blob, ids } from "../../packages/core/src/testing/index.ts";
import { upkeepPullRequest } from "../../packages/daemon/src/work/pull-request-upkeep.ts";
import { isNight } from "../support/is-night.ts";
import { type Landing, openWaiting, startGitHub } from "./support/landing-at-github.ts";

let gitHub: FakeGitHub;
beforeAll(async () => {
  gitHub = await startGitHub();
});
afterAll(() => gitHub.close());

/** Calls the performer until nothing is left to do now, as the loop does; a result is lost `lost` times before it is recorded. */
async function settle(landing: Landing, lost = 0): Promise<"done" | "deferred"> {
  let left = lost;
  for (let steps = 0; steps < 20; steps += 1) {
    let body: Awaited<ReturnType<typeof upkeepPullRequest>>;
    try {
      body = await upkeepPullRequest(ids.task, { ...landing.home.control });
    } catch {
      continue;
    }
    if (body === null) return "done";
    if (body.kind === "Deferred") return "deferred";
    left -= 1;
    if (left < 0) await landing.home.submit(body);
  }
  throw new Error("it does not end");
}

const comments = async ({ repository }: Landing) => (await repository.issue(1)).comments.map(({ body }) => body);
/** The state of `aedev / evidence` on the pushed commit. */
async function evidence({ fullName, account }: Landing, commit: string): Promise<unknown> {
  const read = async (path: string) => {
    const answer = await fetch(`${gitHub.apiUrl}/repos/${fullName}/commits/${commit}/${path}`, {
      headers: { authorization: `Bearer ${account.token}` },
    });
    return (await answer.json()) as Record<string, Record<string, unknown>[]>;
  };
  const runs = ((await read("check-runs"))["check_runs"] ?? []).map((run) => run["conclusion"] ?? run["status"]);
  const statuses = ((await read("status"))["statuses"] ?? []).map((status) => status["state"]);
  return [...runs, ...statuses];
}
const cancel: CommandBody = { kind: "CancelTask", task_id: ids.task };

describe("a task that ends while its pull request is open", () => {
  const ends = [
    { when: "before", identity: "token", says: "failure" },
    { when: "lost", identity: "app", says: "cancelled" },
  ] as const;
  it.each(isNight ? ends : ends.slice(1))(
    "has it closed with one comment, its check taken back and its branch removed, although each step fails once ($when)",
    async ({ when, identity, says }) => {
      const landing = await openWaiting(gitHub, { identity });
      const commit = landing.task().landing?.commit ?? "";
      await landing.home.submit({
        kind: "HoldTask",
        task_id: ids.task,
        code: "HOLD-REMOTE-REFUSED",
        detail: null,
        hold_id: ids.hold,
      });
      const reason = "no `code`, @acme/team; closes #7\n<!-- x -->";
      await landing.home.submit({ kind: "RejectTask", task_id: ids.task, reason });
      expect(await evidence(landing, commit)).toEqual(["success"]);
      for (const [method, path] of [
        ["POST", /\/comments$/],
        ["PATCH", /\/pulls\/1$/],
        ["POST", /\/(?:statuses\/[0-9a-f]+|check-runs)$/],
        ["POST", /\/git-receive-pack$/],
      ] as const)
        gitHub.faults.add({ method, path, when });
      gitHub.journal.clear();
      expect(await settle(landing, 1)).toBe("done");
      expect(gitHub.faults.left).toBe(0);
      expect(gitHub.journal.mutating().filter(({ acted }) => acted)).toHaveLength(4);
      expect(await landing.repository.issue(1)).toMatchObject({ state: "closed" });
      expect(await comments(landing)).toEqual([
        expect.stringMatching(
          /^<!-- aedev task=\S+ closed -->\n\nThis change was rejected by ` \S+ `: `` no `code`, @acme\/team; closes #7 .* ``\n/,
        ),
      ]);
      expect(await evidence(landing, commit)).toEqual([says]);
      expect(await landing.repository.tip(landing.branch)).toBeNull();
      expect((await landing.eventTypes()).at(-1)).toBe("PullRequestClosed");
      expect(landing.task().status).toBe("rejected");
    },
  );

  it.runIf(isNight)(
    "has its check taken back and is closed although no comment may be written, and none is kept away by a copy of its first line",
    async () => {
      const mute = await openWaiting(gitHub);
      const commit = mute.task().landing?.commit ?? "";
      await mute.home.submit(cancel);
      gitHub.faults.add({ method: "POST", path: /\/comments$/, when: "before", status: 403, times: 3 });
      expect(await settle(mute)).toBe("done");
      gitHub.faults.clear();
      expect(await mute.repository.issue(1)).toMatchObject({ state: "closed" });
      expect([await comments(mute), await evidence(mute, commit)]).toEqual([[], ["failure"]]);

      const copied = await openWaiting(gitHub);
      await copied.repository.as("somebody").comment(1, `<!-- aedev task=${ids.task} closed -->\n\nnot yet`);
      await copied.home.submit(cancel);
      expect(await settle(copied)).toBe("done");
      expect(await comments(copied)).toEqual([
        expect.stringContaining("not yet"),
        expect.stringContaining("cancelled"),
      ]);
    },
  );

  it("counts as landed if a person merged it; otherwise a branch with more commits on it is kept", async () => {
    const merged = await openWaiting(gitHub);
    merged.repository.setRole("boss", "admin");
    await merged.home.submit(cancel);
    const commit = await merged.repository.as("boss").merge(1, "squash");
    expect(await settle(merged)).toBe("done");
    expect(merged.task()).toMatchObject({ status: "landed", landed_commit: commit });
    expect(merged.home.control.log.state.repositories.repo?.watched).toMatchObject([{ commit }]);
    expect(await comments(merged)).toEqual([]);

    const taken = await openWaiting(gitHub);
    await taken.home.submit(cancel);
    const theirs = await taken.repository.as("somebody").push({ branch: taken.branch, files: { "theirs.txt": "x\n" } });
    expect(await settle(taken)).toBe("done");
    expect(await taken.repository.tip(taken.branch)).toBe(theirs);
    expect(await taken.repository.issue(1)).toMatchObject({ state: "closed" });
  });

  it("sends nothing if aedev may not write, and is done once a person closed the pull request and removed the branch", async () => {
    const landing = await openWaiting(gitHub);
    await landing.home.submit(cancel);
    await landing.configure({ allow_writes: false });
    gitHub.journal.clear();
    expect(await settle(landing)).toBe("deferred");
    expect(gitHub.journal.mutating()).toEqual([]);
    const person = landing.repository.as("somebody");
    await person.close(1);
    expect(await settle(landing)).toBe("deferred");
    await person.deleteBranch(landing.branch);
    expect(await settle(landing)).toBe("done");
    expect((await landing.eventTypes()).at(-1)).toBe("PullRequestClosed");
  });
});

it.runIf(isNight)("keeps the pull request of a change that was sent back, whose check no longer passes", async () => {
  const landing = await openWaiting(gitHub);
  const commit = landing.task().landing?.commit ?? "";
  await landing.report("test", "failure");
  expect(await landing.drive()).toMatch(/^HOLD-REMOTE-REFUSED/);
  expect(await settle(landing)).toBe("done");
  expect(await evidence(landing, commit)).toEqual(expect.arrayContaining(["success"]));
  await landing.home.submit({
    kind: "RequestChange",
    task_id: ids.task,
    digest: null,
    words: "use the helper",
    specification: blob("6"),
  });
  expect(await settle(landing)).toBe("done");
  expect([...((await evidence(landing, commit)) as string[])].toSorted()).toEqual(["failure", "pending"]);
  expect(await landing.repository.issue(1)).toMatchObject({ state: "open", comments: [] });
  expect((await landing.eventTypes()).at(-1)).toBe("PullRequestSuspended");
});
