/** Intake with a real daemon: a webhook turns a label at GitHub into a mission in seconds; proposed missions are accepted by command line. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type FakeGitHub, startFakeGitHub } from "@aedev/fakes/github/server";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { Laboratory, smallProject } from "../support/laboratory.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const token = "ghp_aTokenOfThisTestThatIsSearchedFor00000";
const secret = "aSecretOfThisTestThatIsSearchedFor0000000";
let laboratory: Laboratory;
let gitHub: FakeGitHub;
/** In whole seconds, like GitHub's instants. */
let now = new Date("2026-03-01T10:00:00Z");

beforeAll(async () => {
  laboratory = await Laboratory.open();
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  const bare = await laboratory.remote("small", {
    ...smallProject,
    "lib/todo.js": "// TODO(aedev): return 0 for NaN\n",
  });
  gitHub = await startFakeGitHub({
    folder: join(laboratory.folder, "github"),
    repositories: [{ fullName: "acme/small", from: bare }],
    accounts: [{ login: "operator", token, kind: "user", permissions: { "acme/small": "write" } }],
    clock: () => now,
  });
  const places = `github: { url: "${gitHub.origin}", api_url: "${gitHub.apiUrl}", webhook_port: 0 }`;
  await laboratory.configure(
    `${places}\nintake: { github: { enabled: true, poll: 1d } }\nproposals: { sources: { todo: [small] } }\n`,
  );
  Object.assign(laboratory.environment, { AEDEV_GITHUB_TOKEN: token, AEDEV_GITHUB_WEBHOOK_SECRET: secret });
});
afterAll(async () => {
  await laboratory[Symbol.asyncDispose]();
  await gitHub.close();
});

const url = () => {
  const record = JSON.parse(readFileSync(join(laboratory.home, "run/daemon.json"), "utf8")) as { webhook_port: number };
  return `http://127.0.0.1:${record.webhook_port}/github/webhook`;
};

async function doctorRow(): Promise<{ ok: boolean; found: string }> {
  const { checks } = (await laboratory.run("doctor", "--json")).json<{
    checks: { name: string; ok: boolean; found: string }[];
  }>();
  const row = checks.find(({ name }) => name === "github webhook");
  if (row === undefined) throw new Error("doctor has no such row");
  return row;
}

it("a label becomes a mission by a delivery; a replay is refused and recorded; the secret is nowhere", async () => {
  await laboratory.must("daemon", "start");
  const settings = ["--verify", "node --test", "--tests", "test/**", "--no-try"];
  await laboratory.must("repo", "add", "acme/small", ...settings);
  const repository = gitHub.repository("acme/small");
  repository.setRole("ann", "write");
  const text = 'Add a `--json` flag to `lib/add.js`. `node lib/add.js --json` must print `{"ok":true}`.';
  const issue = await repository.as("eve").openIssue({ title: "A flag", body: text });
  now = new Date(now.getTime() + 10_000);
  const hook = await repository.addHook({ url: url(), secret });
  await repository.as("ann").label(issue, "aedev");
  const missions = async () =>
    (await laboratory.must("mission", "list", "--json")).json<{ missions: object[] }>().missions;
  const found = await laboratory.until(async () => {
    const all = await missions();
    return all.length > 0 && all;
  });
  expect(found).toMatchObject([{ status: "awaiting_approval" }]);
  await hook.settled();
  const [taken] = hook.deliveries.filter(({ event }) => event === "issues");
  if (taken === undefined) throw new Error("nothing was delivered");
  expect(taken.status).toBe(202);
  expect(await doctorRow()).toMatchObject({ ok: true, found: expect.stringContaining("the last one came at") });

  expect((await hook.redeliver(taken)).status).toBe(409);
  hook.remove();
  // The delivery is answered before it is recorded.
  const { exported, events } = await laboratory.until(async () => {
    const lines = (await laboratory.must("events", "export")).stdout.trim().split("\n");
    const parsed = lines.map((line) => JSON.parse(line) as { type: string; data: object });
    return parsed.some(({ type }) => type === "WebhookRefused") && { exported: lines, events: parsed };
  });
  expect(events.filter(({ type }) => type === "WebhookRefused")).toMatchObject([
    { data: { why: "replayed", count: 1, delivery: taken.id } },
  ]);
  expect(events.filter(({ type }) => type === "MissionSubmitted")).toHaveLength(1);
  expect(exported.join("")).not.toContain(secret);
  const having = (text: string) =>
    [...laboratory.filesOfHome()].filter(({ bytes }) => bytes.includes(text)).map(({ path }) => path);
  // The control: the search finds text that is kept.
  expect(having(taken.id)).toContain(join(laboratory.home, "run/deliveries.jsonl"));
  expect(having(secret)).toEqual([]);
});

it("a TODO is proposed; once a person accepts it, it waits for that person", async () => {
  const proposals = async () =>
    (await laboratory.must("proposal", "list", "--json")).json<{ proposals: { proposal_id: string; text: string }[] }>()
      .proposals;
  const [proposal] = await laboratory.until(async () => {
    const all = await proposals();
    return all.length > 0 && all;
  });
  expect(proposal?.text).toContain("return 0 for NaN");
  expect((await laboratory.must("status")).stdout).toContain("1 proposed mission\n    aedev proposal list");
  const accepted = await laboratory.run("proposal", "accept", proposal?.proposal_id ?? "", "--json");
  const { mission_id, status } = accepted.json<{ mission_id: string; status: string }>();
  expect(["clarifying", "awaiting_approval"]).toContain(status);
  expect(accepted.exitCode).toBe(status === "clarifying" ? 4 : 0);
  expect((await laboratory.mission(mission_id)).tasks).toEqual([]);
  const again = await laboratory.run("proposal", "reject", proposal?.proposal_id ?? "", "--json");
  expect([again.exitCode, again.stdout]).toEqual([1, expect.stringContaining("unknown-proposal")]);
});
