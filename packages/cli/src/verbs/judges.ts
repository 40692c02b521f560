/** `aedev judges`: measures the judges and shows how good they are. */

import { setTimeout as delay } from "node:timers/promises";
import { counted, escapeLine, tokensText } from "@aedev/contracts";
import type { AuditDocument, AuditEstimate } from "@aedev/contracts/api";
import { type Answer, done, refused, usageFault } from "../command-line/answer.ts";
import { durationOption } from "../command-line/duration.ts";
import type { Verb } from "../command-line/verb.ts";
import { call } from "../daemon-client/daemon-link.ts";
import { readHome } from "../daemon-client/read-home.ts";
import { judgesText } from "../render/judges-text.ts";
import { progressColumns, withProgress } from "../terminal/progress.ts";
import type { Session } from "../terminal/session.ts";
import { isYes } from "../terminal/yes.ts";

const usualDefects = "60";
const usualTimeout = "12h";
const pollMs = 500;
const help = "aedev judges audit --help";

const auditVerb: Verb = {
  summary:
    "Plant defects, harmless twins and injections in copies of past changes and ask the judges about them. It shows the cost first.",
  options: [
    { flags: "--n <count>", summary: `planted defects; twins and injections are added (default ${usualDefects})` },
    { flags: "--yes", summary: "do not ask before it spends calls" },
    { flags: "--no-wait", summary: "do not wait for the result" },
    { flags: "--timeout <duration>", summary: `how long to wait at most, e.g. 30m (default ${usualTimeout})` },
  ],
  examples: ["aedev judges audit", "aedev judges audit --n 12 --yes", "aedev judges audit --n 300 --no-wait"],
  async run(session, input) {
    const text = input.text("n") ?? usualDefects;
    if (!/^[1-9][0-9]{0,3}$/.test(text)) throw usageFault(`--n takes a number from 1 to 9999, not ${text}`, help);
    const n = Number(text);
    const timeoutMs = durationOption(input.text("timeout") ?? usualTimeout, "--timeout");
    const estimated = await call(session, "estimateAudit", { body: { n } });
    if (estimated.kind === "refused") return estimated;
    const estimate = estimated.document;
    if (estimate.past_changes === 0)
      return refused(
        "nothing-to-plant",
        "nothing to plant: the judges have not seen a change with passing checks yet",
        "run a mission first: aedev intake",
      );
    session.terminal.complain(`${costText(estimate)}\n`);
    if (
      session.terminal.interactive &&
      !session.json &&
      !input.flag("yes") &&
      !isYes(await session.terminal.ask("ask the judges? [y/N] "))
    )
      return refused("not-confirmed", "nothing was asked", "aedev judges audit --yes");
    const ordered = await call(session, "requestAudit", { body: { n } });
    if (ordered.kind === "refused") return ordered;
    const audit = ordered.document;
    if (input.choice("wait") === false)
      return { kind: "done", document: audit, text: `${audit.audit_id} has started; next: aedev judges show` };
    return withProgress(session, "audit", (say) => wait(session, audit, { timeoutMs, say }));
  },
};

function costText({ plan, families, calls, input_tokens }: AuditEstimate): string {
  const planted = [
    counted(plan["known-bad"], "defect"),
    counted(plan["known-good"], "harmless twin"),
    counted(plan.injection, "injection"),
  ].join(", ");
  return `${planted}; ${counted(families.length, "judge")}, two views each: ${counted(calls, "call")}, some ${tokensText(input_tokens)} of input`;
}

async function wait(
  session: Session,
  ordered: AuditDocument,
  { timeoutMs, say }: { timeoutMs: number; say: (text: string) => void },
): Promise<Answer> {
  const deadline = performance.now() + timeoutMs;
  const hasLine = progressColumns(session) !== undefined;
  let reported = 0;
  for (let audit = ordered; ; ) {
    say(`${audit.judged} of ${sum(audit.wanted)} judged`);
    if (audit.done) return endedAnswer(audit);
    if (!hasLine && audit.judged >= reported + 30) {
      reported = audit.judged;
      session.terminal.complain(`${audit.judged} of ${sum(audit.wanted)} judged\n`);
    }
    if (performance.now() >= deadline)
      return refused(
        "timed-out",
        `${audit.audit_id} is still running; ${audit.judged} judged so far`,
        "aedev judges show",
      );
    await delay(pollMs);
    const answer = await call(session, "showAudit", { params: { id: audit.audit_id } });
    if (answer.kind === "refused") return answer;
    audit = answer.document;
  }
}

/** Fewer planted defects than wanted are reported; it is an error only if none could be planted. */
function endedAnswer(audit: AuditDocument): Answer {
  const reasons = [...new Set(Object.values(audit.stalled))].map((reason) => escapeLine(reason, 300));
  const planted = sum(audit.planted);
  if (planted === 0) return refused("nothing-to-plant", reasons[0] ?? "nothing was planted", "run a mission first");
  const wanted = sum(audit.wanted);
  const judged =
    planted < wanted
      ? `${audit.judged} of ${counted(wanted, "planted bundle")}`
      : counted(audit.judged, "planted bundle");
  const notice = reasons.map((reason) => `aedev: ${reason}`).join("\n");
  return {
    kind: "done",
    document: audit,
    text: `${judged} judged; next: aedev judges show`,
    ...(notice === "" ? {} : { notice }),
  };
}

function sum(list: AuditDocument["wanted"]): number {
  return list["known-bad"] + list["known-good"] + list.injection;
}

const showVerb: Verb = {
  summary:
    "Show how often each judge caught planted defects and held harmless changes, with 95 % intervals, and what two passes are worth.",
  examples: ["aedev judges show", "aedev judges show --json"],
  async run(session) {
    const report = await readHome(session, (home) => home.judges());
    return done(report, judgesText(report));
  },
};

export const verbs = { audit: auditVerb, show: showVerb };
