/** `aedev digest`: what happened since yesterday, what needs a person and what is held. `--plain` fits into two text messages. */
import { costText, escapeLine, localTime, usedText } from "@aedev/contracts";
import type { DigestReading } from "@aedev/daemon";
import { done } from "../command-line/answer.ts";
import { durationOption } from "../command-line/duration.ts";
import type { Verb } from "../command-line/verb.ts";
import { requireHome } from "../daemon-client/home.ts";
import { titled } from "../render/columns.ts";
import { fitLines, fitWords } from "../render/plain-status.ts";

const usualSpan = "24h";
const listedMax = 20;

export const verb: Verb = {
  summary: "Show what landed, needs you, is held or was ended in the last 24 hours, and what was used.",
  options: [
    { flags: "--since <duration>", summary: "how far back, such as 8h or 7d (default 24h)" },
    { flags: "--plain", summary: "at most 320 characters, short enough for a text message" },
  ],
  examples: ["aedev digest", "aedev digest --since 7d", "aedev digest --plain"],
  async run({ home, entries }, input) {
    requireHome(home);
    const spanMs = durationOption(input.text("since") ?? usualSpan, "--since");
    const nowMs = Date.now();
    const [since = "", until = ""] = [nowMs - spanMs, nowMs].map((ms) => new Date(ms).toISOString());
    const digest = await (await entries.daemon()).readDigest({ home, since, until });
    if (input.flag("plain")) return done({ ...digest, plain: plainText(digest) }, plainText(digest));
    return done(digest, wholeText(digest));
  },
};

function countsText({ landed, waiting, holds, rejected, cancelled }: DigestReading): string {
  return [
    `${landed.length} landed`,
    `${waiting.length} need you`,
    `${holds.length} held`,
    `${rejected.length} rejected`,
    `${cancelled.length} cancelled`,
  ].join(", ");
}

function plainText(digest: DigestReading): string {
  const needed = digest.waiting.map(({ title }) => `needs you: ${fitWords(title, 40)}`);
  const held = digest.holds.map(({ code, title }) => `${code} ${fitWords(title, 30)}`);
  const lines = [
    `aedev: ${countsText(digest)}; ${usedText(digest.used)}, ${costText(digest.used)}`,
    ...needed,
    ...held,
  ];
  return fitLines(lines);
}

function wholeText(digest: DigestReading): string {
  const ended = (items: DigestReading["landed"]) =>
    items.map(({ task_id, repository, title }) => `  ${task_id}  ${repository}: ${escapeLine(title, 80)}`);
  return [
    `since ${localTime(digest.since)}: ${countsText(digest)}; ${usedText(digest.used)}, ${costText(digest.used)}`,
    ...section("landed:", ended(digest.landed)),
    ...section(
      "needs you:",
      digest.waiting.map(
        ({ task_id, mission_id, title, help }) => `  ${task_id ?? mission_id}  ${escapeLine(title, 80)}\n      ${help}`,
      ),
    ),
    ...section(
      "held:",
      digest.holds.map(
        ({ task_id, code, title, means, detail, help }) =>
          `  ${task_id}  ${escapeLine(title, 80)}\n      ${code}: ${means}${detailLine(detail)}\n      ${help}`,
      ),
    ),
    ...section("rejected:", ended(digest.rejected)),
    ...section("cancelled:", ended(digest.cancelled)),
    ...(digest.link === null ? [] : [`more: ${digest.link}`]),
  ].join("\n");
}

function detailLine(detail: string | null): string {
  return detail === null ? "" : `\n      ${escapeLine(detail, 200)}`;
}

function section(title: string, lines: readonly string[]): string[] {
  const rest = lines.length - listedMax;
  return titled(title, [...lines.slice(0, listedMax), ...(rest > 0 ? [`  +${rest} more`] : [])]);
}
