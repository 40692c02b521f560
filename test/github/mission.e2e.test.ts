/** A mission from `repo add owner/name` to a merged pull request, by command line alone, at the fake GitHub; the daemon is killed while it waits. */
import { join } from "node:path";
import { type FakeGitHub, startFakeGitHub } from "@aedev/fakes/github/server";
import { afterAll, beforeAll, expect, it } from "vitest";
import { processTree } from "../support/credential-search.ts";
import { fixTurns, Laboratory, smallProject } from "../support/laboratory.ts";

const token = "ghp_aTokenOfThisTestThatIsSearchedFor00000";
let laboratory: Laboratory;
let gitHub: FakeGitHub;

beforeAll(async () => {
  laboratory = await Laboratory.open({ configuration: "github:\n  poll: 1s\n" });
  laboratory.models.coder = { "": fixTurns };
  const bare = await laboratory.remote("small", smallProject);
  gitHub = await startFakeGitHub({
    folder: join(laboratory.folder, "github"),
    repositories: [{ fullName: "acme/small", from: bare }],
    accounts: [{ login: "operator", token, kind: "user", permissions: { "acme/small": "write" } }],
  });
  Object.assign(laboratory.environment, { AEDEV_GITHUB_URL: gitHub.origin, AEDEV_GITHUB_API_URL: gitHub.apiUrl });
  await laboratory.setSecret("AEDEV_GITHUB_TOKEN", token);
  await laboratory.must("daemon", "start");
});
afterAll(async () => {
  await laboratory[Symbol.asyncDispose]();
  await gitHub.close();
});

it("a mission opens a pull request, waits for its check through a killed daemon, and merges the judged change; the token is nowhere", async () => {
  const repository = gitHub.repository("acme/small");
  repository.protect("main", { requiredChecks: ["test"], requiredReviews: 0 });
  const settings = ["--verify", "node --test", "--tests", "test/**", "--no-try", "--profile", "balanced"];
  await laboratory.must("repo", "add", "acme/small", "--allow-writes", ...settings);
  const id = await laboratory.submit("small", "Make add() right for negative numbers in lib/add.js");

  const waiting = async () => {
    const { tasks } = await laboratory.mission(id);
    const shown = await laboratory.must("task", "show", tasks[0]?.task_id ?? "", "--json");
    const { pull_request, landed_commit, hold_detail } = shown.json<{
      pull_request: { number: number; waits_for: string[] } | null;
      landed_commit: string | null;
      hold_detail: string | null;
    }>();
    expect({ landed_commit, hold_detail }).toEqual({ landed_commit: null, hold_detail: null });
    return pull_request !== null && pull_request.waits_for.length > 0 && pull_request;
  };
  const { number, waits_for } = await laboratory.until(waiting);
  expect(waits_for).toEqual(["the required check test, which has not reported"]);
  const pull = await repository.issue(number);
  expect(pull.title).toBe("Make add() right for negative numbers in lib/add.js");
  expect(pull.body).toContain("adds negative numbers");
  expect(pull.body).not.toContain("Fixed the sign");
  for (const [process_, text] of processTree(laboratory.daemonPid()))
    expect(text.includes(token), `the token in process ${process_}`).toBe(false);

  process.kill(laboratory.daemonPid(), "SIGKILL");
  await laboratory.must("daemon", "start");
  const head = (await repository.tip(`aedev/${id}/${(await laboratory.mission(id)).tasks[0]?.task_id}`)) ?? "";
  await repository.as("ci").status({ sha: head, context: "test", state: "success" } as never);
  const { exitCode, task } = await laboratory.wait(id);
  expect({ exitCode, detail: task.hold_detail }).toEqual({ exitCode: 0, detail: null });
  expect(task.landed_commit).toBe(await repository.tip("main"));
  expect(await laboratory.git(repository.gitDir, "show", "main:lib/add.js")).toContain("a + b");
  const writes = gitHub.journal.mutating().filter(({ acted }) => acted);
  const of = (method: string, path: RegExp) =>
    writes.filter((one) => one.method === method && path.test(one.path)).length;
  expect([of("POST", /\/pulls$/), of("POST", /\/statuses\//), of("PUT", /\/merge$/)]).toEqual([1, 1, 1]);
  // One push of the commit, and one that removes its branch.
  expect(of("POST", /\/git-receive-pack$/)).toBe(2);
  expect(await repository.tip(`aedev/${id}/${task.task_id}`)).toBeNull();

  const secrets = join(laboratory.home, "secrets");
  const having = [...laboratory.filesOfHome()].filter(({ bytes }) => bytes.includes(token)).map(({ path }) => path);
  // The control: the search finds the token where it is kept.
  expect(having).toEqual([join(secrets, "control.env")]);
  expect((await laboratory.must("events", "export")).stdout).not.toContain(token);
});
