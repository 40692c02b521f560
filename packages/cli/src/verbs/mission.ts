/** `aedev mission`: lists missions and decides about their specifications. */

import { counted, escapeLine, failureRules, localTime, nullOn, statusText } from "@aedev/contracts";
import { type MissionDocument, pageQuerySchema } from "@aedev/contracts/api";
import type { MissionReading } from "@aedev/daemon";
import { type Answer, type Done, done, refusalOf, refused, usageFault } from "../command-line/answer.ts";
import { isNarrowed, nextPageText, pageOptions, pageQueryOf } from "../command-line/page-options.ts";
import { priorityOf } from "../command-line/priority-option.ts";
import type { Verb } from "../command-line/verb.ts";
import { change, changeVerb } from "../daemon-client/changes.ts";
import { call } from "../daemon-client/daemon-link.ts";
import { requireHome } from "../daemon-client/home.ts";
import { readHome } from "../daemon-client/read-home.ts";
import { clarifyAtTerminal, intendedAnswer } from "../intake/dialogue.ts";
import { acceptAsDrafted } from "../intake/draft.ts";
import { clarityAnswer } from "../intake/mission-clarity.ts";
import { planFileOf } from "../intake/plan-file.ts";
import { yamlText } from "../intake/yaml-text.ts";
import { columns } from "../render/columns.ts";
import { criterionLine, missionText, notCheckedLines, notInBaseLines } from "../render/mission-text.ts";
import { planLines } from "../render/plan-text.ts";
import { canAsk, type Session } from "../terminal/session.ts";
import { isYes } from "../terminal/yes.ts";

import { reportVerb } from "./mission-report.ts";
import { waitVerb } from "./mission-wait.ts";

const listVerb: Verb = {
  summary: "List the newest missions, the newest last; --after goes back in time.",
  options: pageOptions,
  examples: ["aedev mission list", "aedev mission list --status held --repo shop --limit 200 --json"],
  async run(session, input) {
    const query = pageQueryOf(input, "mission list");
    const { missions, next } = await readHome(session, (home) => home.missions(query));
    const rows = missions.map(({ document, repository }) => [
      document.mission_id,
      statusText(document.status),
      repository,
      document.waits_for?.join("; ") ?? "",
      `${document.title}${noteText(document)}`,
    ]);
    return done(
      { missions: missions.map(({ document }) => document), next },
      columns(
        ["MISSION", "STATUS", "REPOSITORY", "WAITS FOR", "TITLE"],
        rows,
        isNarrowed(query) ? "no mission matches" : 'no missions yet: aedev intake "…" --repo NAME --criterion "…"',
      ) + nextPageText("mission list", next),
    );
  },
};

/** What a title in a list does not say. */
function noteText({ origin, plan, part_of }: MissionDocument): string {
  if (plan !== undefined) {
    const landed = plan.parts.filter(({ status }) => status === "landed").length;
    return ` (${landed} of ${counted(plan.parts.length, "part")} landed)`;
  }
  if (part_of !== undefined) return ` (part of ${part_of})`;
  return origin === undefined ? "" : ` (issue #${origin.issue})`;
}

const showVerb: Verb = {
  summary: "Show a mission with its criteria and tasks.",
  arguments: [{ name: "<mission>", summary: "its id" }],
  options: [
    {
      flags: "--at <position>",
      summary: "as it was when the log ended at this position; positions: aedev events",
    },
    { flags: "--tree", summary: "only its parts, in waves, with their states" },
    { flags: "--yaml", summary: "only the plan that a coder proposed, as a file to edit (docs/PLANS.md)" },
  ],
  examples: [
    "aedev mission show m-0123456789abcdef",
    "aedev mission show m-0123456789abcdef --json",
    "aedev mission show m-0123456789abcdef --at 120",
    "aedev mission show m-0123456789abcdef --tree",
    "aedev mission show m-0123456789abcdef --yaml > plan.yaml",
  ],
  async run(session, input) {
    const [missionId, at] = [input.argument(0), input.text("at")];
    if (at === undefined) {
      const mission = await readHome(session, (home) => home.mission(missionId));
      if (input.flag("yaml") === true) return proposedFile(mission);
      return done(documentOf(mission), input.flag("tree") ? treeText(mission) : missionText(mission));
    }
    if (!/^[1-9][0-9]{0,14}$/.test(at))
      throw usageFault(
        `--at needs a position of the log, a whole number from 1, not "${at}"`,
        "aedev events --limit 20",
      );
    const { home, environment, entries } = session;
    requireHome(home);
    const { missionAt } = await entries.daemon();
    const { place, ...mission } = await missionAt({ home, environment, missionId, position: Number(at) });
    const head = `as it was at position ${place.position} of ${place.end}, recorded ${localTime(place.recorded_at)}`;
    return done({ ...documentOf(mission), place }, `${head}\n${missionText(mission)}`);
  },
};

function proposedFile({ draft, repository, document: { mission_id } }: MissionReading): Answer {
  if (draft?.plan === undefined)
    return refused(
      "no-draft",
      `no coder proposed a plan for mission ${mission_id}`,
      "aedev intake --plan TEXT --repo NAME",
    );
  const file = planFileOf(draft, draft.plan, repository);
  return done(file, yamlText(file));
}

/** A part shows the tree of its whole plan through the plan's mission. */
function treeText({ document }: MissionReading): string {
  const { mission_id, title, status, plan, part_of } = document;
  const head = `${mission_id}  ${statusText(status)}  ${escapeLine(title, 120)}`;
  if (plan !== undefined) return [head, ...planLines(plan)].join("\n");
  return [
    head,
    part_of === undefined ? "it has no parts" : `a part of ${part_of}: aedev mission show ${part_of} --tree`,
  ].join("\n");
}

function documentOf({ document, used }: MissionReading) {
  return { ...document, used };
}

const help = "aedev mission answer --help";

const answerVerb: Verb = {
  summary: "Answer the questions about a mission; exits 4 while any are still open.",
  arguments: [{ name: "<mission>", summary: "its id" }],
  options: [
    {
      flags: "--answer <id=text>",
      summary: "a question's id and its answer, or the number of a choice; repeat for more",
      repeat: true,
    },
    { flags: "--accept-draft <run>", summary: "accept the draft of this run as it stands" },
  ],
  examples: [
    "aedev mission answer m-0123456789abcdef",
    "aedev mission answer m-0123456789abcdef --answer criteria=1",
    "aedev mission answer m-0123456789abcdef --accept-draft r-0123456789abcdef",
    'aedev mission answer m-0123456789abcdef --answer target="lib/login.js" --answer criteria="a wrong password shows an error, in a new test"',
  ],
  async run(session, input) {
    const id = input.argument(0);
    const answers = input.texts("answer")?.map(parseAnswer);
    const draft = input.text("acceptDraft");
    if (draft !== undefined && answers !== undefined)
      throw usageFault("--accept-draft and --answer are two steps; give one of them", help);
    if (draft !== undefined) {
      return acceptAsDrafted(session, id, draft);
    }
    if (answers !== undefined) return send(session, id, await withChoices(session, id, answers));
    if (!canAsk(session)) throw usageFault("--answer <id=text> is missing, and there is no terminal to ask at", help);
    const mission = await call(session, "showMission", { params: { id } });
    if (mission.kind === "refused") return mission;
    const open = mission.document.questions.length > 0;
    // If no question is open, the daemon says why.
    return open ? clarifyAtTerminal(session, mission.document) : send(session, id, []);
  },
};

interface GivenAnswer {
  readonly id: string;
  readonly text: string;
}

/** A number selects its choice, as at a terminal. */
async function withChoices(
  session: Session,
  id: string,
  answers: readonly GivenAnswer[],
): Promise<readonly GivenAnswer[]> {
  const isNumber = ({ text }: GivenAnswer) => /^\s*\d\s*$/.test(text);
  if (!answers.some(isNumber)) return answers;
  const mission = await call(session, "showMission", { params: { id } });
  // Sent unchanged: the daemon reports what is wrong with the mission.
  if (mission.kind === "refused") return answers;
  const { questions } = mission.document;
  return answers.map((answer) => {
    const question = questions.find((asked) => asked.id === answer.id);
    return question === undefined || !isNumber(answer)
      ? answer
      : { id: answer.id, text: intendedAnswer(answer.text, question) };
  });
}

async function send(session: Session, id: string, answers: readonly GivenAnswer[]): Promise<Answer> {
  const answer = await call(session, "answerMission", { params: { id }, body: { answers: [...answers] } });
  return answer.kind === "refused" ? answer : clarityAnswer(answer.document);
}

function parseAnswer(given: string): GivenAnswer {
  const at = given.indexOf("=");
  if (at < 1) throw usageFault(`--answer is <question id>=<text>; not "${given}"`, help);
  return { id: given.slice(0, at).trim(), text: given.slice(at + 1) };
}

/** The most missions that one command approves, because a person must be able to read them. */
const atOnceMax = 50;

const approveVerb: Verb = {
  summary: "Approve a mission's specification, or several; work starts.",
  arguments: [{ name: "[mission...]", summary: "ids" }],
  options: [
    { flags: "--digest <digest>", summary: "approve only if the specification has this digest (one mission)" },
    {
      flags: "--all-clear",
      summary: "every mission without open questions that waits for your approval; shows them and asks",
    },
    { flags: "--yes", summary: "with --all-clear: ask nothing" },
  ],
  examples: ["aedev mission approve m-0123456789abcdef", "aedev mission approve --all-clear"],
  async run(session, input) {
    const ids = input.arguments();
    if (input.flag("allClear")) {
      if (ids.length > 0) throw usageFault("--all-clear names the missions itself; give no ids", approvalHelp);
      return approveAll(session, input.flag("yes"));
    }
    const [id, ...others] = ids;
    if (id === undefined) throw usageFault("missing required argument 'mission'", approvalHelp);
    const digest = input.text("digest");
    if (others.length === 0) return approveOne(session, id, digest);
    if (digest !== undefined) throw usageFault("--digest belongs to one mission", approvalHelp);
    return approveEach(
      session,
      ids.map((mission_id) => ({ mission_id, digest: undefined })),
    );
  },
};

const approvalHelp = "aedev mission approve --help";

async function approveOne(session: Session, id: string, digest: string | undefined): Promise<Answer> {
  const answer = await change(session, "approveMission", {
    input: { params: { id }, body: { digest } },
    text: (mission) =>
      [`${mission.mission_id} approved, specification ${mission.spec_digest}`, ...notInBaseLines(mission)].join("\n"),
  });
  if (answer.kind !== "done") return answer;
  const text = [answer.text, ...(await criteriaLines(session, id)), `next: aedev mission wait ${id}`].join("\n");
  return { ...answer, text };
}

/** Never throws: the mission is approved, and an unreadable criterion must not hide that. */
async function criteriaLines(session: Session, id: string): Promise<string[]> {
  try {
    const reading = await readMission(session, id);
    return reading === null ? [] : [...reading.criteria.map(criterionLine), ...notCheckedLines(reading.clarity)];
  } catch (error) {
    return [`its criteria can't be shown: ${refusalOf(error).reason}`];
  }
}

/** Approves exactly the specifications that were shown, each by its digest. */
async function approveAll(session: Session, unasked: boolean): Promise<Answer> {
  const query = pageQuerySchema.parse({ status: "awaiting_approval", limit: atOnceMax });
  const { missions, next } = await readHome(session, (home) => home.missions(query));
  // Parts are approved with their plan.
  const whole = missions.filter(({ document }) => document.part_of === undefined);
  if (whole.length === 0) return done({ missions: [] }, "no mission waits for your approval");
  const readings = await Promise.all(whole.map(({ document }) => readMission(session, document.mission_id)));
  const readable = readings.flatMap((reading) => (reading === null ? [] : [reading]));
  const more = next === null ? [] : [`More than ${atOnceMax} wait; these are the first. Ask again for the rest.`];
  const listed = await Promise.all(readable.map((reading) => wholeLines(session, reading)));
  session.terminal.complain(`${[...listed, ...more].join("\n\n")}\n\n`);
  if (!unasked) {
    const again = "aedev mission approve --all-clear --yes";
    if (!canAsk(session)) return refused("not-confirmed", "nothing was approved: this needs a yes", again);
    const answer = await session.terminal.ask(`Approve these ${readable.length} and start work? [y/N] `);
    if (!isYes(answer)) return refused("not-confirmed", "nothing was approved", again);
  }
  return approveEach(
    session,
    readable.map(({ document }) => ({ mission_id: document.mission_id, digest: document.spec_digest })),
  );
}

/** Continues after the daemon refuses one, and ends if the daemon no longer answers. The exit code tells that not all are approved. */
async function approveEach(
  session: Session,
  wanted: readonly { mission_id: string; digest: string | undefined }[],
): Promise<Answer> {
  const approved: Done[] = [];
  const failed: string[] = [];
  for (const [place, { mission_id, digest }] of wanted.entries()) {
    try {
      const answer = await approveOne(session, mission_id, digest);
      if (answer.kind === "done") approved.push(answer);
      else if (answer.kind === "refused") failed.push(`${mission_id}: ${answer.reason}`);
    } catch (error) {
      const { reason } = refusalOf(error);
      failed.push(
        `${mission_id}: it is not known whether it is approved (${reason}); aedev mission show ${mission_id}`,
      );
      failed.push(...wanted.slice(place + 1).map((left) => `${left.mission_id}: not tried`));
      break;
    }
  }
  const text = approved.map((answer) => answer.text).join("\n");
  const all = done({ missions: approved.map(({ document }) => document), refused: failed }, text);
  return failed.length === 0 ? all : { ...all, exit: 1, notice: failed.map((why) => `aedev: ${why}`).join("\n") };
}

/** A plan with the criteria of its parts, which are approved with it. */
async function wholeLines(session: Session, reading: MissionReading): Promise<string> {
  const { plan } = reading.document;
  if (plan === undefined) return missionLines(reading);
  const parts = await Promise.all(
    plan.parts.map(({ mission_id }) => readHome(session, (home) => home.mission(mission_id))),
  );
  return [missionLines(reading), ...parts.map(missionLines)].join("\n");
}

function missionLines({ document, repository, criteria, clarity }: MissionReading): string {
  const title = `${document.mission_id}  ${repository}  ${escapeLine(document.title, 200)}`;
  return [title, ...criteria.map(criterionLine), ...notCheckedLines(clarity)].join("\n");
}

/** Null if this home does not have the mission: it is approved anyway, so the verb must not fail. */
async function readMission(session: Session, id: string): Promise<MissionReading | null> {
  return readHome(session, (home) => home.mission(id)).catch(nullOn("unknown-mission"));
}

const sendBackVerb = changeVerb("sendBackMission", {
  summary: "Say what should change in a specification before work starts; it needs your approval again.",
  arguments: [{ name: "<mission>", summary: "its id" }],
  options: [
    { flags: "--reason <text>", summary: "what should change; it becomes part of the specification", required: true },
  ],
  examples: ['aedev mission send-back m-0123456789abcdef --reason "keep the exported names as they are"'],
  input: (input) => ({ params: { id: input.argument(0) }, body: { reason: input.text("reason") ?? "" } }),
  text: ({ mission_id, spec_digest, questions, part_of = mission_id }) =>
    `${mission_id} sent back, specification ${spec_digest}\nnext: aedev mission ${questions.length > 0 ? `answer ${mission_id}` : `approve ${part_of}`}`,
});

const rejectVerb = changeVerb("rejectMission", {
  summary: "Reject a mission's specification; nothing runs.",
  arguments: [{ name: "<mission>", summary: "its id" }],
  options: [{ flags: "--reason <text>", summary: "why, for the log" }],
  examples: ['aedev mission reject m-0123456789abcdef --reason "not this quarter"'],
  input: (input) => ({ params: { id: input.argument(0) }, body: { reason: input.text("reason") } }),
  text: ({ mission_id, status }) => `${mission_id} ${status}`,
});

const cancelVerb = changeVerb("cancelMission", {
  summary: "Cancel a mission and its open tasks.",
  arguments: [{ name: "<mission>", summary: "its id" }],
  examples: ["aedev mission cancel m-0123456789abcdef"],
  input: (input) => ({ params: { id: input.argument(0) }, body: {} }),
  text: ({ mission_id, status }) => `${mission_id} ${status}`,
});

const updateVerb = changeVerb("updateMission", {
  summary:
    "Change a mission's priority or labels, or its plan's rule about failures. New labels replace the earlier ones.",
  arguments: [{ name: "<mission>", summary: "its id" }],
  options: [
    { flags: "--priority <priority>", summary: "urgent, high, normal or low" },
    { flags: "--label <label>", summary: "a label; repeat for more", repeat: true },
    { flags: "--no-labels", summary: "remove all labels" },
    {
      flags: "--on-failure <rule>",
      summary:
        "what a plan does if a part fails: stop (no further part starts) or independent (those start that do not wait for it)",
    },
  ],
  examples: [
    "aedev mission update m-0123456789abcdef --priority urgent",
    "aedev mission update m-0123456789abcdef --label billing --label bug",
    "aedev mission update m-0123456789abcdef --on-failure independent",
  ],
  input(input) {
    const [given, priority] = [input.texts("label"), priorityOf(input.text("priority"), updateHelp)];
    const isNone = input.choice("labels") === false;
    if (isNone && given !== undefined) throw usageFault("give --label or --no-labels, not both", updateHelp);
    const labels = isNone ? [] : given;
    const rule = input.text("onFailure");
    const on_failure = failureRules.find((one) => one === rule);
    if (rule !== undefined && on_failure === undefined)
      throw usageFault(`--on-failure is ${failureRules.join(" or ")}; not "${rule}"`, updateHelp);
    if (priority === undefined && labels === undefined && on_failure === undefined)
      throw usageFault("give --priority, --label, --no-labels or --on-failure", updateHelp);
    const body = {
      ...(priority === undefined ? {} : { priority }),
      ...(labels === undefined ? {} : { labels: [...labels] }),
      ...(on_failure === undefined ? {} : { on_failure }),
    };
    return { params: { id: input.argument(0) }, body };
  },
  text: ({ mission_id, priority, labels, plan }) =>
    [
      `${mission_id}: priority ${priority}`,
      labels.length === 0 ? "no labels" : `labels ${escapeLine(labels.join(", "), 500)}`,
      ...(plan === undefined ? [] : [`on failure: ${plan.on_failure}`]),
    ].join(", "),
});
const updateHelp = "aedev mission update --help";

const orderVerb = changeVerb("orderMissions", {
  summary:
    "Say which missions start first, in this order; the rest follows by priority. It replaces the earlier order.",
  arguments: [{ name: "[mission...]", summary: "ids, in order" }],
  options: [{ flags: "--none", summary: "end the order: missions start by priority" }],
  examples: ["aedev mission order m-0123456789abcdef m-fedcba9876543210", "aedev mission order --none"],
  input(input) {
    const missions = [...input.arguments()];
    if ((missions.length === 0) !== input.flag("none"))
      throw usageFault("give the missions that start first, or --none", "aedev mission order --help");
    return { body: { missions } };
  },
  text: ({ missions }) =>
    missions.length === 0
      ? "no order: missions start by priority"
      : `these start first:\n${missions.map((id) => `  ${id}`).join("\n")}`,
});

export const verbs = {
  list: listVerb,
  show: showVerb,
  report: reportVerb,
  answer: answerVerb,
  approve: approveVerb,
  "send-back": sendBackVerb,
  reject: rejectVerb,
  update: updateVerb,
  order: orderVerb,
  cancel: cancelVerb,
  wait: waitVerb,
};
