/** `aedev risk`: explains a task's score. */

import { escapeLine } from "@aedev/contracts";
import type { RiskReading } from "@aedev/daemon";
import { done } from "../command-line/answer.ts";
import { runOption, usualRun } from "../command-line/run-option.ts";
import type { Verb } from "../command-line/verb.ts";
import { readHome } from "../daemon-client/read-home.ts";
import { columns } from "../render/columns.ts";
import { provennessText, replayText } from "../render/report-texts.ts";

const explainVerb: Verb = {
  summary: "Show how many points each factor adds to a task's risk score, and which inputs were missing.",
  arguments: [{ name: "<task>", summary: "its id" }],
  options: [runOption],
  examples: ["aedev risk explain t-0123456789abcdef", "aedev risk explain t-0123456789abcdef --json"],
  async run(session, input) {
    const run = input.text("run") ?? usualRun;
    const risk = await readHome(session, (home) => home.risk(input.argument(0), run));
    const taskId = risk.task_id;
    const { entries } = await (await session.entries.daemon()).evidenceOf({ home: session.home, taskId, run });
    const parts = [riskText(risk), provennessText(entries), replayText(entries)].filter((text) => text !== "");
    return done({ ...risk, provenness: entries.provenness ?? null, replay: entries.replay ?? null }, parts.join("\n"));
  },
};

function riskText({ decision, risk_score, score_kind, level, shares, missing, reasons, profile }: RiskReading): string {
  const score =
    risk_score === null ? "no score: a hard gate decided" : `${risk_score} ${score_kind} of 100 (${level ?? "-"})`;
  const rows = shares.map(({ factor, points, why }) => [factor, points, why]);
  return [
    `answer: ${decision} (profile ${profile})`,
    `score: ${score}`,
    columns(["FACTOR", "POINTS", "WHY"], rows, "no factors"),
    ...(missing.length === 0 ? [] : [`missing: ${missing.join(", ")}`]),
    ...reasons.map((reason) => `reason: ${escapeLine(reason, 300)}`),
  ].join("\n");
}

export const verbs = { explain: explainVerb };
