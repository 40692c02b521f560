/**
 * `aedev demo --github`: a day without a terminal at a fake GitHub. An issue gets its label, its questions are answered in a comment, a phone approves
 * the specification, a reviewer asks for a change of the draft, a phone approves the landing, and the merge is compared with the evidence.
 *
 * Folder: `aedev demo --github`: a day at the fake of GitHub.
 */
import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Fault } from "@aedev/contracts";
import { verificationSchema } from "@aedev/contracts/api";
import { type FakeGitHub, startFakeGitHub } from "@aedev/fakes/github/server";
import { homeLayout } from "@aedev/host/home-layout";
import { type DemoPhone, openDemoPhone } from "../missions/demo-phone.ts";
import { sayProgress } from "../missions/drive-missions.ts";
import { registerRepository } from "../missions/play-mission.ts";
import { treeInRemote } from "../setup/bare-remote.ts";
import { type DemoCaller, type DemoSetup, withDemoSetup } from "../setup/demo-setup.ts";
import { type DemoMission, readScripts } from "../setup/missions-file.ts";
import { recordedEvent } from "../telling/recorded-event.ts";
import { type DayDocument, dayText, isAsPromised } from "./day-text.ts";
import { actAsPeople, fullName, type People } from "./people.ts";

const answers =
  "SCRIPTED: the models' answers, the people, the phone and GitHub are fakes on loopback; git, containers, checks and the merge are real";
const folder = fileURLToPath(new URL("../../../../config/demo/github", import.meta.url));
const appSlug = "aedev-demo";
/** A demo does not wait half a minute for GitHub. */
const poll = "1s";
const policies = "judges: { canary_share: 0 }\nsecond_implementation: never\n";

/** 0 if exactly the evidence's tree was merged, once; otherwise 1. */
export async function runGitHubDay(options: DemoCaller): Promise<0 | 1> {
  const { environment, complain, paint, json, write } = options;
  const scripts = readScripts(folder);
  const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = keys.privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  const publicKey = keys.publicKey.export({ type: "spki", format: "pem" }).toString();
  const phone = await openDemoPhone();
  let gitHub: FakeGitHub | null = null;
  try {
    return await withDemoSetup(
      {
        ...{ environment, complain, paint, answers, scripts, policies, live: false, repo: undefined },
        // The variable takes precedence over a stored key; this key works only at the fake.
        extra: { ...phone.environment, AEDEV_GITHUB_APP_KEY: Buffer.from(key).toString("base64") },
        againHint: "aedev demo --github",
        adapt: async (own, { folder: scratch }) => {
          gitHub = await startFakeGitHub({ folder: join(scratch, "github") });
          return own;
        },
      },
      async (setup) => {
        if (gitHub === null) throw new Error("the fake of GitHub was not started");
        const people = await openRepository(setup, { gitHub, publicKey });
        const document = await playDay(setup, { people, phone, gitHub });
        write(json ? `${JSON.stringify(document, null, 2)}\n` : dayText(document, { answers, paint }));
        return isAsPromised(document) ? 0 : 1;
      },
    );
  } finally {
    await phone.close();
    await (gitHub as FakeGitHub | null)?.close();
  }
}

/** Creates the demo's remote as a repository at the fake, with aedev as an app, and starts the daemon. */
async function openRepository(
  setup: DemoSetup,
  { gitHub, publicKey }: { gitHub: FakeGitHub; publicKey: string },
): Promise<People> {
  const { home, remote, say } = setup;
  const repository = await gitHub.addRepository({ fullName, from: remote.remote });
  const permissions = { [fullName]: "write" } as const;
  gitHub.addAccount({ login: appSlug, token: "ghs_unused", kind: "app", permissions, publicKey });
  const configuration = {
    github: {
      url: gitHub.origin,
      api_url: gitHub.apiUrl,
      app_id: gitHub.app(appSlug).appId,
      labels: ["aedev"],
      poll,
    },
    intake: { github: { enabled: true, poll } },
    landing: { draft: "after-judging" },
    notifications: { mission_delay: poll },
  };
  // JSON is YAML.
  writeFileSync(homeLayout(home).configuration, `${JSON.stringify(configuration, null, 2)}\n`);
  await setup.startDaemon();
  say(`fake GitHub at ${gitHub.origin}, repository ${fullName}`);
  await registerRepository(setup, { source: fullName, profile: "safe" });
  return actAsPeople(repository, { own: `${appSlug}[bot]`, signal: setup.signal });
}

async function playDay(
  setup: DemoSetup,
  { people, phone, gitHub }: { people: People; phone: DemoPhone; gitHub: FakeGitHub },
): Promise<DayDocument> {
  const { scripts, lines, say } = setup;
  const [mission] = scripts.missions;
  if (mission?.review === undefined) throw new Fault("script-unreadable", "the day's mission has no review");
  const unfollow = sayProgress(setup);
  try {
    const tap = async (about: string, place: number) => {
      const push = await phone.answer(about, "Approve", place);
      for (const line of push.text.split("\n")) say(`phone: ${line}`, "asked");
      say(`phone: tapped Approve; answered ${push.answered}`, "asked");
    };
    const issue = await people.openIssue(mission.text);
    say(`GitHub: somebody opens issue #${issue}, and ann sets the label aedev`);
    const questions = await people.questionsOn(issue);
    for (const id of questions) say(`GitHub: aedev asks for "${id}"; ann answers: ${answerOf(mission, id)}`, "asked");
    await people.answer(issue, new Map(questions.map((id) => [id, answerOf(mission, id)])));
    const missionId = await people.missionOf(issue);
    await tap(missionId, 1);

    const draft = await people.draft();
    say(
      `GitHub: draft pull request #${draft.number} shows the change; boss requests changes: ${mission.review}`,
      "asked",
    );
    await people.requestChanges(draft.number, mission.review);
    const taskId = draft.branch.split("/").at(-1) ?? "";
    const head = await people.nextHead(draft);
    await people.approve(draft.number);
    // The first question was about the change that was sent back.
    await tap(taskId, 2);
    const merge = await people.merged(draft.number);
    await people.told(issue);
    const { problems } = await lines.document(["events", "verify"], verificationSchema, [0, 1]);
    const sealed = (await lines.events()).map(recordedEvent).filter((event) => event.type === "EvidenceSealed");
    const written = gitHub.journal.mutating().filter(({ acted }) => acted);
    const count = (method: string, path: RegExp) =>
      written.filter((one) => one.method === method && path.test(one.path)).length;
    return {
      mission_id: missionId,
      issue,
      pull_request: draft.number,
      heads: [draft.head, head],
      merge_commit: merge,
      merged_tree: await treeInRemote(merge, { ...setup.remote, remote: people.gitDir }),
      judged_tree: sealed.at(-1)?.data.tree ?? null,
      requests: {
        pull_requests: count("POST", /\/pulls$/),
        check_runs: count("POST", /\/check-runs$/),
        merges: count("PUT", /\/merge$/),
        comments: count("POST", /\/comments$/),
      },
      verify: problems.length === 0 ? "ok" : "failed",
      answers: "scripted",
      home: setup.home,
    };
  } finally {
    unfollow();
  }
}

function answerOf({ answers: given }: DemoMission, id: string): string {
  const answer = given[id];
  if (answer === undefined) throw new Fault("script-unreadable", `missions.yaml has no answer to the question ${id}`);
  return answer;
}
