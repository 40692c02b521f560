/** A remote refuses a judged change for its message, author or branch name; a person corrects a setting and releases the hold. Real git, hooks and log. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Fault, holdOf } from "@aedev/contracts";
import { ids } from "@aedev/core/testing";
import { expect, it } from "vitest";
import { bareRemote, git, gitText } from "../../../../test/support/git-repositories.ts";
import { newId } from "../../src/control/control.ts";
import { landChange } from "../../src/work/land-change.ts";
import { noGitHub } from "../control/no-github.ts";
import { openSignedHome, type SignedHome, type SignedRemote, signedBase } from "../evidence/signed-home.ts";

/** The judged and approved change, and a remote whose hook requires `pattern` in each pushed commit, as `format` shows it. */
async function refusedBy(pattern: string, { format = "%B", text = "Close it." } = {}) {
  const gitDir = bareRemote(signedBase);
  mkdirSync(join(gitDir, "hooks"), { recursive: true });
  const hook = join(gitDir, "hooks", "pre-receive");
  writeFileSync(
    hook,
    `#!/bin/sh\nwhile read old new ref; do\n  git log -1 --format='${format}' $new | grep -Eq '${pattern}' || { echo "each commit needs ${pattern}" >&2; exit 1; }\ndone\n`,
  );
  chmodSync(hook, 0o755);
  const at: SignedRemote = {
    ...{ gitDir, url: gitDir, configuration: "", github: () => noGitHub, registration: { allow_writes: true } },
    mission: { text, criterion: "a test shows it closed" },
  };
  const home = await openSignedHome(undefined, at);
  await home.seal();
  await home.decide();
  await home.submit({ kind: "ApproveLanding", task_id: ids.task, digest: null });
  return { home, gitDir };
}

/** Calls the performer as the loop does, and records its result. */
async function land(home: SignedHome): Promise<string> {
  const { control, submit } = home;
  try {
    const body = await landChange(ids.task, { ...control });
    if (body === null || body.kind === "Deferred") throw new Error("the landing gave nothing to record");
    await submit(body);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { code, detail } = holdOf(error, "HOLD-REMOTE-REFUSED");
    await submit({ kind: "HoldTask", task_id: ids.task, code, detail, hold_id: newId("h") });
  }
  const { status, hold } = taskOf(home);
  return hold === null ? status : `${hold.code}: ${hold.detail}`;
}

/** The task, even after it has landed. */
function taskOf({ control }: SignedHome) {
  const task = control.log.stateWith({ tasks: [ids.task] }).tasks[ids.task];
  if (task === undefined) throw new Error("the task is not in the log");
  return task;
}

async function configure({ state, submit }: SignedHome, change: Record<string, unknown>): Promise<void> {
  const {
    paused: _paused,
    watched: _watched,
    ...known
  } = state().repositories.repo as never as Record<string, unknown>;
  await submit({ kind: "ConfigureRepository", ...known, ...change } as never);
}
const release = ({ submit, task }: SignedHome) => submit({ kind: "ReleaseHold", hold_id: task().hold?.hold_id ?? "" });
const eventTypes = async ({ control }: SignedHome) =>
  (await control.log.listEvents({ stream: `task/${ids.task}` })).map(({ type }) => type);
const messageAt = (gitDir: string) => gitText(gitDir, ["log", "-1", "--format=%B", "main"]);

it("the judged tree lands with the footer of a template set after the refused push, without a run or a judge", async () => {
  const { home, gitDir } = await refusedBy("Refs #[0-9]+");
  expect(await land(home)).toMatch(/^HOLD-REMOTE-REFUSED: .*each commit needs Refs/su);
  // Nothing was changed, so the same commit is refused again.
  const first = home.task().landing?.commit;
  await release(home);
  expect(await land(home)).toMatch(/^HOLD-REMOTE-REFUSED/u);
  expect(home.task().landing?.commit).toBe(first);
  await configure(home, { commit_template: "Refs #12" });
  await release(home);
  expect(await land(home)).toBe("landed");
  const { landed_commit, evidence, runs, verdicts } = taskOf(home);
  expect(gitText(gitDir, ["rev-parse", "main"])).toBe(landed_commit);
  expect(landed_commit).not.toBe(first);
  expect(gitText(gitDir, ["rev-parse", "main^{tree}"])).toBe(evidence?.tree);
  expect(messageAt(gitDir)).toMatch(/^Close it\n[\s\S]*\n\nRefs #12\n\nAedev-Mission: /u);
  expect([runs.length, verdicts.length]).toEqual([1, 2]);
  const types = await eventTypes(home);
  expect(types.filter((type) => type === "RunStarted" || type === "EvidenceSealed")).toHaveLength(2);
  expect(types.filter((type) => type === "LandingStarted")).toHaveLength(2);
});

it("no other commit is recorded while the remote has the first one, because a push whose answer was lost has landed", async () => {
  const { home, gitDir } = await refusedBy("Refs #[0-9]+");
  expect(await land(home)).toMatch(/^HOLD-REMOTE-REFUSED/u);
  const first = home.task().landing?.commit;
  chmodSync(join(gitDir, "hooks", "pre-receive"), 0o644);
  await release(home);
  // The push arrives now, but the log does not learn of it.
  await landChange(ids.task, { ...home.control });
  expect(gitText(gitDir, ["rev-parse", "main"])).toBe(first);
  await configure(home, { commit_template: "Refs #12" });
  expect(await land(home)).toBe("landed");
  expect(taskOf(home).landed_commit).toBe(first);
  expect(gitText(gitDir, ["rev-parse", "main"])).toBe(first);
  expect((await eventTypes(home)).filter((type) => type === "LandingStarted")).toHaveLength(1);
});

it.each<[string, string, { text: string; template: string; format?: string }]>([
  [
    "a ticket before the subject",
    "^PROJ-7: Close it",
    { text: "Close it.\n\nTicket: PROJ-7", template: "{issue}: {subject}" },
  ],
  ["the mission's number as a footer", "^Refs #31$", { text: "Close it (#31).", template: "Refs #{issue}" }],
  [
    "a trailer that git reads as such",
    "^Ticket: PROJ-7$",
    { text: "Close it.", template: "Ticket: PROJ-7", format: "%(trailers)" },
  ],
])("a template is filled with %s", async (_, pattern, { text, template, format }) => {
  const { home, gitDir } = await refusedBy(pattern, { text, ...(format === undefined ? {} : { format }) });
  const held = await land(home);
  if (held === "landed") throw new Error("the hook should have refused it");
  await configure(home, { commit_template: template });
  await release(home);
  expect(await land(home)).toBe("landed");
  expect(messageAt(gitDir)).toContain("Aedev-Bundle: ");
});

it("the change lands with another author or sign-off that was configured after the refused push", async () => {
  const { home } = await refusedBy("ada@example.org.*Signed-off-by: Ada", {
    format: "%ae %(trailers:unfold,separator=%x20)",
  });
  expect(await land(home)).toMatch(/^HOLD-REMOTE-REFUSED/u);
  const { landing } = home.control.configuration;
  Object.assign(landing, {
    ...{ author_name: "Ada", author_email: "ada@example.org", trailers: ["Signed-off-by: Ada <ada@example.org>"] },
  });
  await release(home);
  expect(await land(home)).toBe("landed");
});

it("nothing is pushed while a template wants an issue that the mission does not name, and the hold says so", async () => {
  const { home, gitDir } = await refusedBy("");
  const before = gitText(gitDir, ["rev-parse", "main"]);
  await configure(home, { commit_template: "Refs #{issue}" });
  expect(await land(home)).toMatch(/^HOLD-REMOTE-REFUSED: .*\{issue\}.*names none/u);
  expect(gitText(gitDir, ["rev-parse", "main"])).toBe(before);
  await configure(home, { commit_template: "Refs #4" });
  await release(home);
  expect(await land(home)).toBe("landed");
});

it("no other commit is recorded for a hold that says nothing about the push", async () => {
  const { home } = await refusedBy("Refs #[0-9]+");
  expect(await land(home)).toMatch(/^HOLD-REMOTE-REFUSED/u);
  const first = home.task().landing?.commit;
  await release(home);
  await home.submit({
    ...{ kind: "HoldTask", task_id: ids.task, code: "HOLD-EXTERNAL-STATE-UNKNOWN", detail: "no answer" },
    hold_id: newId("h"),
  });
  await configure(home, { commit_template: "Refs #12" });
  await release(home);
  // The first push may still arrive, so only its own commit is looked for and pushed.
  await land(home);
  expect(home.task().landing?.commit).toBe(first);
});

it.each([
  ["aedev", undefined, "work"],
  ["bots", "bots/aedev", "bots-of/aedev"],
])(
  "a branch %s that keeps aedev from making its own is named, and the change is pushed below another prefix",
  async (blocking, before, after) => {
    const { home, gitDir } = await refusedBy("");
    git(gitDir, ["branch", blocking, "main"]);
    await configure(home, { landing: "branch", ...(before === undefined ? {} : { branch_prefix: before }) });
    expect(await land(home)).toMatch(/^HOLD-REMOTE-REFUSED: .*--branch-prefix NAME/u);
    expect(taskOf(home).hold?.detail).toContain(
      `has a branch ${blocking}, so none below ${before ?? "aedev"}/ can be made`,
    );
    await configure(home, { branch_prefix: after });
    await release(home);
    expect(await land(home)).toBe("landed");
    const { evidence, landing } = taskOf(home);
    expect(landing?.ref).toBe(`refs/heads/${after}/${ids.task}`);
    expect(gitText(gitDir, ["rev-parse", `${after}/${ids.task}^{tree}`])).toBe(evidence?.tree);
  },
);

it("no branch in the way is mentioned if the remote refuses its own branch for another reason", async () => {
  const { home } = await refusedBy("Refs #[0-9]+");
  await configure(home, { landing: "branch" });
  expect(await land(home)).toMatch(/each commit needs Refs/u);
  expect(taskOf(home).hold?.detail).not.toContain("--branch-prefix");
});
