/**
 * A day without a terminal, at the fake GitHub: an issue gets its label, its question is answered in a comment, the specification is approved on the phone, a
 * reviewer asks for a change of the draft, the landing is approved on the phone, and exactly the judged change is merged, once.
 */
import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { type FakeGitHub, startFakeGitHub } from "@aedev/fakes/github/server";
import { openPhone, type Phone } from "@aedev/fakes/ntfy/phone";
import type { NtfyServer } from "@aedev/fakes/ntfy/server";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fixTurns, Laboratory, smallProject } from "../support/laboratory.ts";
import type { CoderTurn } from "../support/model-server.ts";
import { credential, openClosedNtfy, replyTopic, topic } from "../support/phone.ts";

const fullName = "acme/small";
const requested = "Say in README.md that add() takes negative numbers.";
const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
let laboratory: Laboratory;
let gitHub: FakeGitHub;
let ntfy: NtfyServer;
let phone: Phone;

beforeAll(async () => {
  ntfy = await openClosedNtfy();
  laboratory = await Laboratory.open();
  gitHub = await startFakeGitHub({
    folder: join(laboratory.folder, "github"),
    repositories: [{ fullName, from: await laboratory.remote("small", smallProject) }],
  });
  gitHub.addAccount({
    login: "aedev-acme",
    token: "ghs_unused",
    kind: "app",
    permissions: { [fullName]: "write" },
    publicKey: keys.publicKey.export({ type: "spki", format: "pem" }).toString(),
  });
  await laboratory.configure(
    [
      `github: { poll: 1s, app_id: ${gitHub.app("aedev-acme").appId}, labels: [aedev] }`,
      "intake: { github: { enabled: true, poll: 1s } }",
      "landing: { draft: after-judging }",
      "notifications: { mission_delay: 500ms }\n",
    ].join("\n"),
  );
  Object.assign(laboratory.environment, {
    AEDEV_GITHUB_URL: gitHub.origin,
    AEDEV_GITHUB_API_URL: gitHub.apiUrl,
    AEDEV_NTFY_URL: ntfy.address,
    AEDEV_NTFY_TOPIC: topic,
    AEDEV_NTFY_REPLY_TOPIC: replyTopic,
    AEDEV_NTFY_TOKEN: credential,
  });
  const key = keys.privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  await laboratory.setSecret("AEDEV_GITHUB_APP_KEY", key);
  laboratory.models.coder = { "takes negative numbers": withReadme(fixTurns), "": fixTurns };
  await laboratory.must("daemon", "start");
  phone = await openPhone({ server: ntfy.address, topic, token: credential });
  const settings = ["--verify", "node --test", "--tests", "test/**", "--no-try", "--profile", "safe"];
  await laboratory.must("repo", "add", fullName, "--allow-writes", ...settings);
});
afterAll(async () => {
  await phone?.close();
  await laboratory[Symbol.asyncDispose]();
  await gitHub?.close();
  await ntfy?.close();
});

it("a day goes from a label to the merge of the judged change, with one pull request, one check per head and one progress comment", async () => {
  const repository = gitHub.repository(fullName);
  repository.setRole("ann", "write");
  repository.setRole("boss", "write");
  const [ann, boss] = [repository.as("ann"), repository.as("boss")];
  const comments = async (of: number) =>
    (await repository.issue(of)).comments.filter(({ author }) => author.login === "aedev-acme[bot]");

  const issue = await repository.as("stranger").openIssue({ title: "add() in lib/add.js", body: "make it better" });
  await ann.label(issue, "aedev");
  const questions = await laboratory.until(async () =>
    (await comments(issue)).find(({ body }) => body.includes("comment=questions-1")),
  );
  const ids = [...questions.body.matchAll(/\*\*([a-z-]+)\*\*/g)].map(([, id]) => id);
  expect(ids.length).toBeGreaterThan(0);
  const answer = "add(-1, 2) in lib/add.js returns 1, shown by a new test that fails before the change";
  await ann.comment(issue, `/aedev\n${ids.map((id) => `${id}: ${answer}`).join("\n")}`);

  const specification = await phone.next(({ title }) => title.startsWith("Start? "), 120_000);
  expect((await phone.tap(specification, "Approve")).status).toBe(200);

  const first = await phone.next(({ title }) => title.startsWith("Land? "), 240_000);
  const draft = await laboratory.until(async () => {
    const found = await repository.issue(issue + 1).catch(() => undefined);
    return found?.pull != null && found;
  });
  expect([draft.pull?.draft, draft.state]).toEqual([true, "open"]);
  const branch = draft.pull?.headRef ?? "";
  const head = await repository.tip(branch);
  await boss.review(draft.number, { event: "REQUEST_CHANGES", body: requested });

  const second = await phone.next((push) => push.title.startsWith("Land? ") && push !== first, 240_000);
  const newHead = await laboratory.until(async () => {
    const tip = await repository.tip(branch);
    return tip !== null && tip !== head && tip;
  });
  await boss.review(draft.number, { event: "APPROVE", body: "Thanks." });
  expect((await phone.tap(first, "Approve")).status).not.toBe(500);
  expect(await repository.tip("main")).not.toBe(newHead);
  expect((await phone.tap(second, "Approve")).status).toBe(200);

  await phone.next(({ title }) => title.startsWith("Landed: "), 120_000);
  const merged = await repository.issue(draft.number);
  expect(merged.pull?.mergedAt).not.toBeNull();
  const git = (...args: string[]) => laboratory.git(repository.gitDir, ...args);
  expect(await git("show", "main:README.md")).toContain(requested.slice(0, 20));
  // The merged tree is the judged one, and the merged head the approved one.
  expect(await git("rev-parse", "main^2")).toBe(newHead);
  expect(await git("rev-parse", "main^{tree}")).toBe(await git("rev-parse", `${newHead}^{tree}`));
  const { mission_id } = (await laboratory.must("mission", "list", "--json")).json<{
    missions: { mission_id: string }[];
  }>().missions[0] ?? { mission_id: "" };
  const { tasks } = await laboratory.mission(mission_id);
  const shown = await laboratory.must("evidence", "show", tasks[0]?.task_id ?? "", "--json");
  expect(shown.stdout).toContain(await git("rev-parse", "main^{tree}"));

  const acted = gitHub.journal.mutating().filter((one) => one.acted);
  const count = (method: string, path: RegExp) =>
    acted.filter((one) => one.method === method && path.test(one.path)).length;
  expect([count("POST", /\/pulls$/), count("PUT", /\/merge$/)]).toEqual([1, 1]);
  const runs = acted.filter(({ method, path }) => method === "POST" && path.endsWith("/check-runs"));
  expect(runs.map(({ body }) => (body as { head_sha: string }).head_sha)).toEqual([head, newHead]);
  const progress = await laboratory.until(async () => {
    const written = await comments(issue);
    return written.at(-1)?.body.includes("**Landed**") && written;
  });
  expect(progress.map(({ body }) => /comment=([a-z0-9-]+)/.exec(body)?.[1])).toEqual(["questions-1", "progress"]);
  expect(await repository.tip(branch)).toBeNull();
  expect((await laboratory.run("events", "verify")).exitCode).toBe(0);
});

/** The same fix, with the change that the reviewer asks for. */
function withReadme(turns: readonly CoderTurn[]): CoderTurn[] {
  const content = `# small\n\n${requested}\n`;
  const write = { tool: "Write" as const, input: { file_path: "/workspace/repo/README.md", content } };
  return [{ calls: [write] }, ...turns];
}
