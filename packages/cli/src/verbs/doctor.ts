/** `aedev doctor`: names each thing that is missing with the command that helps; exit code 1 where one is needed. */
import { escapeLine } from "@aedev/core";
import { done } from "../answer.ts";
import { probe, probesFor } from "../init/probes.ts";
import { findDaemon } from "../session/daemon-link.ts";
import { withProgress } from "../session/progress.ts";
import type { Session } from "../session/session.ts";
import type { Verb } from "../verb.ts";

interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** Left out means needed. */
  readonly needed?: boolean;
  readonly found: string;
  readonly help: string;
}

export const verb: Verb = {
  summary: "Check what a run needs, and name what is missing with the command that helps.",
  options: [
    {
      flags: "--probe",
      summary: "also make one tiny real call with each credential, and a test push, through the daemon",
    },
  ],
  examples: ["aedev doctor", "aedev doctor --probe", "aedev doctor --json"],
  async run(session, input) {
    const { home, environment } = session;
    const daemon = await session.entries.daemon();
    const looked = await withProgress(session, "looking", () => daemon.doctor({ home, environment }));
    const checks: Check[] = [...looked.checks, ...(input.flag("probe") ? await probeChecks(session) : [])];
    const missing = checks.filter(({ ok, needed }) => !ok && needed !== false);
    const answer = done({ ok: missing.length === 0, checks }, checks.map(checkText).join("\n"));
    if (missing.length === 0) return answer;
    return { ...answer, exit: 1, notice: `aedev: missing: ${missing.map(({ name }) => name).join(", ")}` };
  },
};

async function probeChecks(session: Session): Promise<Check[]> {
  const { home, environment } = session;
  if ((await findDaemon(session)) === undefined)
    return [
      {
        name: "real calls",
        ok: false,
        found: "the daemon makes them, and it does not run",
        help: "aedev daemon start",
      },
    ];
  const setup = await (await session.entries.daemon()).readSetup({ home, environment });
  const checks: Check[] = [];
  for (const one of probesFor(setup)) checks.push(await probe(session, one));
  return checks;
}

function checkText({ name, ok, needed, found, help }: Check): string {
  const word = ok ? "ok" : needed === false ? "note" : "MISSING";
  const line = `${word.padEnd(8)} ${escapeLine(name, 60)}: ${escapeLine(found, 300)}`;
  return ok ? line : `${line}\n           help: ${escapeLine(help, 300)}`;
}
