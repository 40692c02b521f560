/** `aedev risk`: explains a task's score; fits risk from history to a repository. */

import { counted, escapeLine, logOddsText, riskText } from "@aedev/contracts";
import { profileSchema } from "@aedev/contracts/events";
import type { RepositoryCalibration, RiskReading } from "@aedev/daemon";
import { done, usageFault } from "../command-line/answer.ts";
import { runOption, usualRun } from "../command-line/run-option.ts";
import type { Verb } from "../command-line/verb.ts";
import { readHome } from "../daemon-client/read-home.ts";
import { backtestText, notMeasured } from "../render/backtest-text.ts";
import { columns } from "../render/columns.ts";
import { provennessText, replayText } from "../render/report-texts.ts";
import { lastByDefault, runBacktest } from "../repo/run-backtest.ts";
import { withProgress } from "../terminal/progress.ts";

const explainVerb: Verb = {
  summary:
    "Show the signals for and against harm, which add up to a task's chance of harm, and which inputs were missing.",
  arguments: [{ name: "<task>", summary: "its id" }],
  options: [runOption],
  examples: ["aedev risk explain t-0123456789abcdef", "aedev risk explain t-0123456789abcdef --json"],
  async run(session, input) {
    const run = input.text("run") ?? usualRun;
    const risk = await readHome(session, (home) => home.risk(input.argument(0), run));
    const taskId = risk.task_id;
    const { entries } = await (await session.entries.daemon()).evidenceOf({ home: session.home, taskId, run });
    const parts = [sumText(risk), provennessText(entries), replayText(entries)].filter((text) => text !== "");
    return done({ ...risk, provenness: entries.provenness ?? null, replay: entries.replay ?? null }, parts.join("\n"));
  },
};

function sumText(risk: RiskReading): string {
  const { decision, score_kind, shares, missing, reasons, profile } = risk;
  const show = (points: number) => (score_kind === "log-odds" ? logOddsText(points) : String(points));
  const rows = shares.map(({ factor, points, why }) => [factor, show(points), why]);
  const total = risk.risk_score === null ? [] : [["sum", show(risk.risk_score), riskText(risk) ?? ""]];
  return [
    `answer: ${decision} (profile ${profile})`,
    `risk: ${riskText(risk) ?? "none: a hard gate decided"}`,
    columns(["SIGNAL", score_kind === "log-odds" ? "LOG-ODDS" : "POINTS", "WHY"], [...rows, ...total], "no signals"),
    ...(missing.length === 0 ? [] : [`missing: ${missing.join(", ")}`]),
    ...reasons.map((reason) => `reason: ${escapeLine(reason, 300)}`),
  ].join("\n");
}

const calibrateVerb: Verb = {
  summary:
    "Fit the risk that history gives a change to a repository's own commits, in the order of time. A commit counts as harmful if a later fix removed a line of its code. That errs: a message need not say that it is a fix, a removed line need not be wrong, and a fix that only adds lines blames nobody. At most the newest 20,000 commits and 500 fixes are read. The result is kept beside the mirror and can be made again.",
  arguments: [{ name: "<repository>", summary: "its name" }],
  examples: ["aedev risk calibrate tool", "aedev risk calibrate tool --json"],
  async run(session, input) {
    const { home, environment, entries } = session;
    const { name, settings } = await readHome(session, (reader) => reader.repository(input.argument(0)));
    const { calibrateRisk } = await entries.daemon();
    const options = { home, environment, repository: name, tests: settings.tests };
    const found = await withProgress(session, "calibrate", (say) => calibrateRisk({ ...options, say }));
    return done(found, calibrationText(found));
  },
};

function calibrationText({ repository, commits, mended, fixes, start, slope, trial }: RepositoryCalibration): string {
  const row = (name: string, { auc, brier, ece }: typeof trial.before) => [
    name,
    auc === null ? "-" : auc.toFixed(3),
    brier.toFixed(4),
    ece.toFixed(3),
  ];
  return [
    `${repository}: ${commits} commits whose outcome is known; ${counted(fixes, "fix", "fixes")} mended ${mended} of them (${((100 * mended) / commits).toFixed(1)} %)`,
    `log-odds: ${start.toFixed(3)} + ${slope.toFixed(3)} × points`,
    `the newest ${trial.changes}, each estimated from those before it:`,
    columns(["", "AUC", "BRIER", "ECE"], [row("scorecard", trial.before), row("calibrated", trial.after)], ""),
  ].join("\n");
}

const lastMax = 1_000;

const backtestVerb: Verb = {
  summary:
    "Take a repository's own past commits through the gate, each as a mission with its message as the words: what would have merged, been asked about or held, why, and which commits were later fixed or reverted. The commits' checks run in containers. Nothing is written to the repository or to the home.",
  arguments: [{ name: "<repository>", summary: "its name" }],
  options: [
    { flags: "--last <number>", summary: `the newest so many commits, without merges (default: ${lastByDefault})` },
    { flags: "--profile <profile>", summary: "balanced or aggressive (default: balanced)" },
  ],
  examples: ["aedev risk backtest tool", "aedev risk backtest tool --last 50 --json"],
  async run(session, input) {
    const given = input.text("last") ?? String(lastByDefault);
    const last = Number(given);
    if (!Number.isSafeInteger(last) || last < 1 || last > lastMax)
      throw usageFault(`--last wants a number from 1 to ${lastMax}, not "${given}"`, "--last 20");
    const profile = profileSchema.safeParse(input.text("profile") ?? "balanced");
    if (!profile.success || profile.data === "safe")
      throw usageFault("--profile is balanced or aggressive: safe merges nothing", "--profile balanced");
    const { name, settings } = await readHome(session, (reader) => reader.repository(input.argument(0)));
    const found = await runBacktest(session, { repository: { name, settings }, profile: profile.data, last });
    return done({ ...found, not_measured: notMeasured }, backtestText(found));
  },
};

export const verbs = { explain: explainVerb, calibrate: calibrateVerb, backtest: backtestVerb };
