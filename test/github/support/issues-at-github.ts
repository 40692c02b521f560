/** A home whose repository is at the fake GitHub and takes missions from its issues: control's own functions on a real log. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Fault, noSettings } from "@aedev/contracts";
import { type CommandBody, decide, type IssueWork, type MissionState, pendingWork } from "@aedev/core";
import type { FakeGitHub } from "@aedev/fakes/github/server";
import { homeLayout } from "@aedev/host/home-layout";
import { loadConfiguration } from "../../../packages/daemon/src/configuration/load-configuration.ts";
import { loadPolicy } from "../../../packages/daemon/src/configuration/load-policy.ts";
import { loadPrices } from "../../../packages/daemon/src/configuration/load-prices.ts";
import { type Control, makeCommand, mirrorsOf } from "../../../packages/daemon/src/control/control.ts";
import { openGitHubAccess } from "../../../packages/daemon/src/github/credential.ts";
import { blobStore } from "../../../packages/daemon/src/home/blobs.ts";
import { commentOnIssue } from "../../../packages/daemon/src/issues/comment-on-issue.ts";
import { createIssuePoll } from "../../../packages/daemon/src/issues/poll-issues.ts";
import { openEventLog } from "../../../packages/daemon/src/log/event-log.ts";
import { initHome } from "../../../packages/daemon/src/process/initialize-home.ts";
import { trustedLog } from "../../../packages/daemon/test/control/trusted-log.ts";
import { temporaryFolder } from "../../support/git-repositories.ts";

let homes = 0;

export interface IssueHome {
  readonly control: Control;
  readonly repository: ReturnType<FakeGitHub["repository"]>;
  readonly fullName: string;
  /** The login of the account whose token aedev has. */
  readonly own: string;
  missions(): MissionState[];
  /** One look at GitHub. */
  poll(): Promise<void>;
  /** Ends the process, which forgets everything that is not stored. */
  restart(): void;
  /** Writes everything due, as the loop does: a fault counts as one try, at most 5. `loseRecords`: number of records that are lost with the process. */
  write(loseRecords?: number): Promise<void>;
  submit(body: CommandBody): Promise<void>;
  /** The events of issues of these types, oldest first, with their data. */
  events(...types: string[]): Promise<{ readonly type: string; readonly data: Record<string, unknown> }[]>;
  /** aedev's comments on an issue, as `[id, text]`. */
  comments(issue: number): Promise<[number, string][]>;
  close(): Promise<void>;
}

/** A home for `acme/issues-<n>`: `ann` and `bob` may write, `eve` may not. `webhook`: `github.webhook_port` is any free one. `sources`: the sources of proposals that are on, `perDay` of them in a day. */
export async function openIssueHome(
  gitHub: FakeGitHub,
  { allowWrites = true, poll: pause = "60s", webhook = false, sources = "", perDay = 100 } = {},
): Promise<IssueHome> {
  homes += 1;
  const fullName = `acme/issues-${homes}`;
  const own = `operator-${homes}`;
  const token = `ghp_ofIntakeThatIsSearchedFor00000000${homes}`;
  const repository = await gitHub.addRepository({ fullName });
  gitHub.addAccount({ login: own, token, kind: "user", permissions: { [fullName]: "write" } });
  repository.setRole("ann", "admin");
  repository.setRole("bob", "write");
  const home = temporaryFolder();
  await initHome(home);
  const port = webhook ? ", webhook_port: 0" : "";
  const on = sources.replace(/[a-z-]+/g, "$&: true");
  const overlay = `github: { url: "${gitHub.origin}", api_url: "${gitHub.apiUrl}"${port} }\nintake: { github: { enabled: true, poll: ${pause} } }\nproposals: { sources: { ${on} }, per_day: ${perDay} }\n`;
  writeFileSync(homeLayout(home).configuration, overlay);
  const configuration = loadConfiguration({ home, environment: {} });
  const { policy } = loadPolicy({ home });
  const log = await openEventLog({ path: homeLayout(home).log, decide });
  const github = openGitHubAccess({
    github: configuration.github,
    issues: true,
    secrets: () => ({ AEDEV_GITHUB_TOKEN: token }),
  });
  const control: Control = {
    home,
    configuration,
    log,
    blobs: blobStore(home),
    trust: trustedLog,
    policy: () => policy,
    budgets: () => ({ limits: configuration.budgets, prices: loadPrices({ home }) }),
    unreadFiles: async () => [],
    judgePromptDigest: "0".repeat(64),
    github,
    mirror: mirrorsOf({ home, configuration, github, log }),
    verify: () => ({ ok: true, position: 0, hash: "", warnings: [] }),
    signHead: () => undefined,
  };
  const submit = async (body: CommandBody) => {
    const answer = await log.submit(makeCommand(body, "operator"));
    if (answer.kind === "refused") throw new Error(`${body.kind}: ${answer.reason}`);
  };
  await submit({
    kind: "ConfigureRepository",
    name: "shop",
    url: repository.cloneUrl,
    target: "default-branch",
    settings: noSettings,
    profile: null,
    allow_writes: allowWrites,
    trial: "untried",
  } as never);
  let poll = createIssuePoll(control);

  async function write(loseRecords = 0): Promise<void> {
    let [lost, failed] = [0, 0];
    const waiting = new Set<string>();
    const due = () =>
      pendingWork(log.state, new Date().toISOString()).filter(
        (work): work is IssueWork => work.kind === "CommentIssue" && !waiting.has(work.work_id),
      );
    for (let [work] = due(); work !== undefined; [work] = due()) {
      const body = await commentOnIssue(work, { ...control }).catch((error: unknown) => {
        failed += 1;
        if (!(error instanceof Fault) || failed > 5) throw error;
        return "failed" as const;
      });
      if (body === "failed") continue;
      if (body === null || body.kind === "Deferred") waiting.add(work.work_id);
      else if (lost < loseRecords) lost += 1;
      else await submit(body);
    }
  }

  return {
    control,
    repository,
    fullName,
    own,
    missions: () => Object.values(log.state.missions),
    poll: () => poll(),
    restart: () => {
      poll = createIssuePoll(control);
    },
    write,
    submit,
    events: async (...types) => (await log.listEvents()).filter(({ type }) => types.includes(type)) as never,
    comments: async (issue) =>
      (await repository.issue(issue)).comments
        .filter(({ body }) => body.startsWith("<!-- aedev "))
        .map(({ id, body }) => [id, body]),
    close: () => log.close(),
  };
}

/** Makes a fake with its own clock, in whole seconds. */
export function issueFolder(): string {
  return join(temporaryFolder(), "github");
}
