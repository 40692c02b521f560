/** The status board as text, as Markdown, and as one text message. Pure; the document's foreign texts are one visible line each already. */
import {
  ageText,
  counted,
  dollarsText,
  interruptionTexts,
  localTime,
  type MissionStatus,
  mergedAloneText,
  missionStatuses,
  statusCountText,
  statusText,
  tokensText,
  unmeasuredTexts,
} from "@aedev/contracts";
import type { BoardAlert, Capped, StatusBoardDocument, UnmeasuredReason } from "@aedev/contracts/api";
import { fitLines, fitWords } from "./plain-status.ts";
import { unitAmountText } from "./usage-text.ts";

const listedMax = 20;

/** A part of the board. `help`: the command that helps. */
interface Section {
  readonly title: string;
  readonly lines: readonly { readonly text: string; readonly help?: string | undefined }[];
}

/** For the terminal: commands stand on lines of their own. */
export function boardText(board: StatusBoardDocument): string {
  const body = sectionsOf(board).flatMap(({ title, lines }) => [
    `${title}:`,
    ...lines.flatMap(({ text, help }) => [`  ${text}`, ...(help === undefined ? [] : [`      ${help}`])]),
  ]);
  return [headline(board), ...body, `as of ${localTime(board.generated_at)}, log position ${board.position}`].join(
    "\n",
  );
}

/** As Markdown, in which no foreign text is markup. */
export function boardMarkdown(board: StatusBoardDocument): string {
  const body = sectionsOf(board).flatMap(({ title, lines }) => [
    "",
    `## ${title[0]?.toUpperCase()}${title.slice(1)}`,
    "",
    ...lines.map(
      ({ text, help }) => `- ${literal(text)}${help === undefined ? "" : `: \`${help.replaceAll("`", "'")}\``}`,
    ),
  ]);
  const end = `As of ${localTime(board.generated_at)}, log position ${board.position}.`;
  return [`# ${literal(headline(board))}`, ...body, "", end, ""].join("\n");
}

/** As one text message of at most 320 characters. */
export function boardPlain(board: StatusBoardDocument): string {
  const { queue, holds, pause, runtime_health: health, signals, soak, usage } = board;
  const counts = missionStatuses.filter((status) => queue.missions[status] > 0);
  const missions = counts.map((status) => statusCountText(queue.missions[status], status)).join(", ");
  const day = usage.nano_usd === null ? "money not measured" : `${dollarsText(usage.nano_usd)} today`;
  const lines = [
    `aedev ${health.daemon.status}: ${missions === "" ? "no missions" : missions}; ${day}`,
    ...health.alerts.rows.map(({ kind, text, help }) => (kind === "daemon-stopped" ? "" : `${text}: ${help}`)),
    ...signals.map(({ kind }) => `SIGNAL ${kind}`),
    ...(soak.result === null ? [] : [`soak ${soakTexts[soak.result]}, ${soak.progress_percent} % of a day`]),
    ...(pause.repositories.more === 0 ? [] : [`${pause.repositories.more} more repositories paused`]),
    ...queue.waiting.rows.map(({ mission_id, task_id, title }) => `${task_id ?? mission_id} ${fitWords(title, 40)}`),
    ...holds.rows.map(({ code, task_id }) => `${code} ${task_id}`),
  ];
  return fitLines(lines.filter((line) => line !== ""));
}

function headline({ runtime_health: { alerts, daemon }, signals, queue, ga_gates }: StatusBoardDocument): string {
  const troubles = alerts.rows.length + alerts.more + signals.length;
  const waiting = queue.waiting.rows.length + queue.waiting.more;
  return [
    `aedev ${daemon.status}`,
    troubles > 0
      ? `${counted(troubles, "thing needs", "things need")} attention`
      : ga_gates.recommendation === "no-go"
        ? "nothing needs attention, the release is a no-go"
        : "all is well",
    ...(waiting === 0 ? [] : [`${waiting} ${waiting === 1 ? "waits" : "wait"} for you`]),
  ].join(", ");
}

function sectionsOf(board: StatusBoardDocument): Section[] {
  const { runtime_health: health, signals, queue, task_state, holds } = board;
  const alerts = list(health.alerts, (alert) => ({ text: alertText(alert), help: alert.help }));
  const parts: Section[] = [
    { title: "attention", lines: [...alerts, ...signals.map(({ text, help }) => ({ text, help }))] },
    { title: "soak", lines: soakLines(board) },
    { title: "today", lines: todayLines(board) },
    { title: "health", lines: healthLines(board) },
    { title: "queue", lines: queueLines(board) },
    { title: "judges", lines: judgeLines(board) },
    { title: "merged without you", lines: laneLinesOf(board) },
    { title: "release", lines: releaseLines(board) },
    {
      title: "waiting for you",
      lines: list(queue.waiting, ({ status, task_id, mission_id, title, help }) => ({
        text: `${statusText(status)}  ${task_id ?? mission_id}  ${title}`,
        help,
      })),
    },
    {
      title: "held",
      lines: list(holds, ({ code, detail, task_id, title, help }) => ({
        text: `${code}${detail === null ? "" : ` (${detail})`}  ${task_id}  ${title}`,
        help,
      })),
    },
    ...(["running", "judging", "approved"] as const).map((status) => ({
      title: status,
      lines: list<(typeof task_state)["running" | "judging" | "approved"]["rows"][number]>(
        task_state[status],
        ({ task_id, repository, title, since }) => ({
          text: `${task_id}  ${repository}: ${title}, since ${localTime(since)}`,
        }),
      ),
    })),
    {
      title: "landed",
      lines: list(task_state.landed, ({ repository, commit, title, landed_at }) => ({
        text: `${repository} ${commit.slice(0, 12)}: ${title}, ${localTime(landed_at)}`,
      })),
    },
  ];
  return parts.filter(({ lines }) => lines.length > 0);
}

function alertText({ kind, text, since, by, detail }: BoardAlert): string {
  const from = kind.startsWith("daemon-") ? "last event" : "since";
  const details = [...(since === null ? [] : [`${from} ${localTime(since)}`]), ...(by === null ? [] : [`by ${by}`])];
  return [text, ...details, ...(detail === null ? [] : [detail])].join(", ");
}

const soakTexts = { pass: "passed", running: "under way", fail: "interrupted", stopped: "stopped" } as const;

function soakLines({ soak }: StatusBoardDocument): Section["lines"] {
  if (soak.t0 === null || soak.elapsed_seconds === null) return [{ text: unmeasured(soak.why) }];
  const hours = (seconds: number) => Math.floor(seconds / 360) / 10;
  const done = `${hours(soak.elapsed_seconds)} h of ${hours(soak.required_seconds)} h`;
  return [
    { text: `${soakTexts[soak.result ?? "running"]}: ${done} without interruption, since ${localTime(soak.t0)}` },
    ...list(soak.interruptions, ({ at, what }) => ({ text: `${interruptionTexts[what]} ${localTime(at)}` })),
  ];
}

function todayLines({ usage }: StatusBoardDocument): Section["lines"] {
  const money =
    usage.nano_usd === null ? `money ${unmeasured(usage.why)}` : `${dollarsText(usage.nano_usd)} at list price`;
  const unpriced = usage.unpriced_requests;
  const missing = unpriced === 0 ? "" : `, ${counted(unpriced, "request")} of unknown price`;
  return [
    { text: `${counted(usage.runs, "run")}, ${tokensText(usage.tokens)}, ${money}${missing}` },
    ...(usage.budgets ?? []).map(({ key, unit, used, limit }) => ({
      text: `${key}: ${unitAmountText(unit, used)} of ${unitAmountText(unit, limit)}`,
    })),
    ...(usage.budgets?.length === 0 ? [{ text: "no budget of a day is set" }] : []),
  ];
}

function healthLines({
  runtime_health: { daemon, engine, notifier, untrusted },
}: StatusBoardDocument): Section["lines"] {
  const age = daemon.pass_age_ms === null ? "" : `, last pass ${ageText(daemon.pass_age_ms)} ago`;
  const since = daemon.since === null ? "" : ` since ${localTime(daemon.since)}`;
  const asked = engine.answers === null ? unmeasured(engine.why) : engine.answers ? "answers" : "does not answer";
  return [
    { text: `daemon: ${daemon.status}${since}${age}` },
    { text: `log: ${untrusted === null ? "trusted" : "not trusted"}` },
    { text: `Docker engine: ${asked}` },
    { text: `push messages: ${notifier.status}` },
  ];
}

function queueLines({ queue }: StatusBoardDocument): Section["lines"] {
  const texts = (counts: Partial<Record<MissionStatus, number>>) =>
    missionStatuses.flatMap((status) => (counts[status] ? [statusCountText(counts[status], status)] : [])).join(", ") ||
    "none";
  const { oldest } = queue;
  return [
    { text: `missions: ${texts(queue.missions)}` },
    { text: `tasks: ${texts(queue.tasks)}` },
    { text: counted(queue.repositories, "repository", "repositories") },
    ...(queue.proposals === 0
      ? []
      : [{ text: counted(queue.proposals, "proposed mission"), help: "aedev proposal list" }]),
    ...(oldest === null
      ? []
      : [
          {
            text: `oldest open mission: ${oldest.mission_id}  ${oldest.title}, since ${localTime(oldest.submitted_at)}`,
          },
        ]),
  ];
}

function judgeLines({ judges }: StatusBoardDocument): Section["lines"] {
  if (judges.families === null) return [{ text: unmeasured(judges.why) }];
  return judges.families.map(({ family, model, status, since, planted, caught, counts }) => {
    const word = status === "not-asked" ? "not asked yet" : status;
    const out = since === null ? word : `${word} since ${localTime(since)}`;
    const record = planted === 0 ? "" : `, caught ${caught} of ${planted} planted defects`;
    return { text: `${family} (${model}): ${out}${record}${counts ? "" : ", its vote does not count"}` };
  });
}

function laneLinesOf({ lane }: StatusBoardDocument): Section["lines"] {
  return [
    { text: lane.merged_alone === null ? "none in 30 days" : mergedAloneText(lane.merged_alone) },
    ...list(lane.closed, ({ text, help }) => ({ text, help })),
  ];
}

function releaseLines({ release_state, ga_gates: gates }: StatusBoardDocument): Section["lines"] {
  const commit = release_state.commit?.slice(0, 12) ?? `commit ${unmeasured(release_state.why)}`;
  const proofs =
    gates.recommendation === null
      ? unmeasured(gates.why)
      : `${gates.recommendation}, ${gates.passed} of ${gates.total} passed, ${gates.noted} noted by hand`;
  return [
    { text: `version ${release_state.version}, ${commit}` },
    { text: `proofs: ${proofs}` },
    ...list(gates.blocked, (what) => ({ text: `failed or not run: ${what}` })),
  ];
}

/** The first rows, and how many are left out. */
function list<T>({ rows, more }: Capped<T>, line: (row: T) => Section["lines"][number]): Section["lines"] {
  const rest = more + Math.max(0, rows.length - listedMax);
  return [...rows.slice(0, listedMax).map(line), ...(rest === 0 ? [] : [{ text: `+${rest} more` }])];
}

function unmeasured(why: UnmeasuredReason | null): string {
  return why === null ? "not measured" : `not measured: ${unmeasuredTexts[why]}`;
}

/** The text with every character escaped that Markdown or HTML in it could act by. */
function literal(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~!&]/g, "\\$&");
}
