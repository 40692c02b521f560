/** `aedev judges audit`: has defects planted in copies of past changes and asks the judges about them. It costs calls; a person at a terminal is asked first. */
import { setTimeout as delay } from "node:timers/promises";
import { escapeLine } from "@aedev/core";
import { z } from "zod";
import { type Answer, refused, usageFault } from "../../answer.ts";
import { parseDurationMs } from "../../line/duration.ts";
import { getFromDaemon, postToDaemon } from "../../session/daemon-link.ts";
import { progressColumns, withProgress } from "../../session/progress.ts";
import type { Session } from "../../session/session.ts";
import type { Verb } from "../../verb.ts";

const usualDefects = "60";
const usualTimeout = "12h";
const pollMs = 500;
const help = "aedev judges audit --help";

const counts = z.object({ "known-bad": z.int(), "known-good": z.int(), injection: z.int() });
const estimateSchema = z.looseObject({
  plan: counts,
  bundles: z.int(),
  families: z.array(z.string()),
  calls: z.int(),
  past_changes: z.int(),
  input_tokens: z.int(),
});
const auditSchema = z.looseObject({
  audit_id: z.string(),
  wanted: counts,
  planted: counts,
  judged: z.int(),
  open: z.int(),
  stalled: z.partialRecord(z.enum(["known-bad", "known-good", "injection"]), z.string()),
  superseded: z.boolean(),
  done: z.boolean(),
});
type Audit = z.infer<typeof auditSchema>;

export const verb: Verb = {
  summary:
    "Plant defects, harmless twins and injections in copies of past changes and ask the judges about them. It says what it costs first.",
  options: [
    { flags: "--n <count>", summary: `planted defects; twins and injections come on top (default ${usualDefects})` },
    { flags: "--yes", summary: "do not ask before it spends calls" },
    { flags: "--no-wait", summary: "return when it is ordered" },
    { flags: "--timeout <duration>", summary: `how long to wait at most, e.g. 30m (default ${usualTimeout})` },
  ],
  examples: ["aedev judges audit", "aedev judges audit --n 12 --yes", "aedev judges audit --n 300 --no-wait"],
  async run(session, input) {
    const text = input.text("n") ?? usualDefects;
    if (!/^[1-9][0-9]{0,3}$/.test(text)) throw usageFault(`--n takes a number from 1 to 9999, not ${text}`, help);
    const n = Number(text);
    const timeoutMs = parseDurationMs(input.text("timeout") ?? usualTimeout, "--timeout");
    const estimated = await postToDaemon(session, "/api/judges/audits/estimate", { n });
    if (estimated.kind === "refused") return estimated;
    const estimate = estimateSchema.parse(estimated.document);
    if (estimate.past_changes === 0)
      return refused(
        "nothing-to-plant",
        "nothing to plant: no past change with green checks was shown to judges",
        "run a mission first: aedev intake",
      );
    session.terminal.complain(`${costText(estimate)}\n`);
    if (session.terminal.interactive && !session.json && !input.flag("yes") && !(await isWanted(session)))
      return refused("not-confirmed", "nothing was asked", "aedev judges audit --yes");
    const ordered = await postToDaemon(session, "/api/judges/audits", { n });
    if (ordered.kind === "refused") return ordered;
    const audit = auditSchema.parse(ordered.document);
    if (input.choice("wait") === false)
      return { kind: "done", document: audit, text: `${audit.audit_id} is ordered; next: aedev judges show` };
    return withProgress(session, "audit", (say) => wait(session, audit, { timeoutMs, say }));
  },
};

function costText({ plan, families, calls, input_tokens }: z.infer<typeof estimateSchema>): string {
  const planted = `${plan["known-bad"]} defects, ${plan["known-good"]} harmless twins, ${plan.injection} injections`;
  const judges = `${families.length} ${families.length === 1 ? "judge" : "judges"}`;
  return `${planted}; ${judges}, two looks each: ${calls} calls, some ${roundedText(input_tokens)} tokens of input`;
}

function roundedText(count: number): string {
  return count < 10_000 ? String(count) : `${Math.round(count / 1000)} thousand`;
}

async function isWanted({ terminal }: Session): Promise<boolean> {
  return /^\s*(?:y|yes|是|好)\s*$/i.test(await terminal.ask("ask the judges? [y/N] "));
}

async function wait(
  session: Session,
  ordered: Audit,
  { timeoutMs, say }: { timeoutMs: number; say: (text: string) => void },
): Promise<Answer> {
  const deadline = performance.now() + timeoutMs;
  const hasLine = progressColumns(session) !== undefined;
  let told = 0;
  for (let audit = ordered; ; ) {
    say(`${audit.judged} of ${sum(audit.wanted)} judged`);
    if (audit.done) return ended(audit);
    if (!hasLine && audit.judged >= told + 30) {
      told = audit.judged;
      session.terminal.complain(`${audit.judged} of ${sum(audit.wanted)} judged\n`);
    }
    if (performance.now() >= deadline)
      return refused("timed-out", `${audit.audit_id} goes on; ${audit.judged} are judged`, "aedev judges show");
    await delay(pollMs);
    const answer = await getFromDaemon(session, `/api/judges/audits/${audit.audit_id}`);
    if (answer.kind === "refused") return answer;
    audit = auditSchema.parse(answer.document);
  }
}

/** Fewer than wanted is said, and is an error only where there was nothing at all. */
function ended(audit: Audit): Answer {
  const reasons = [...new Set(Object.values(audit.stalled))].map((reason) => escapeLine(reason, 300));
  const planted = sum(audit.planted);
  if (planted === 0) return refused("nothing-to-plant", reasons[0] ?? "nothing was planted", "run a mission first");
  const short = planted < sum(audit.wanted) ? ` of ${sum(audit.wanted)}` : "";
  const notice = reasons.map((reason) => `aedev: ${reason}`).join("\n");
  return {
    kind: "done",
    document: audit,
    text: `${audit.judged}${short} planted bundles are judged; next: aedev judges show`,
    ...(notice === "" ? {} : { notice }),
  };
}

function sum(list: z.infer<typeof counts>): number {
  return list["known-bad"] + list["known-good"] + list.injection;
}
