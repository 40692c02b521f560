/** `aedev risk`: explains a task's score. */

import { escapeLine, logOddsText, riskText } from "@aedev/contracts";
import type { RiskReading } from "@aedev/daemon";
import { done } from "../command-line/answer.ts";
import { runOption, usualRun } from "../command-line/run-option.ts";
import type { Verb } from "../command-line/verb.ts";
import { readHome } from "../daemon-client/read-home.ts";
import { columns } from "../render/columns.ts";
import { provennessText, replayText } from "../render/report-texts.ts";

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

export const verbs = { explain: explainVerb };
