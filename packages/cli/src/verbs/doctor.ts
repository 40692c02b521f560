/** `aedev doctor`: shows what is missing and the command that fixes it; exits 1 if something needed is missing. */
import { escapeLine } from "@aedev/contracts";
import type { Check } from "@aedev/daemon";
import { done } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { findDaemon } from "../daemon-client/daemon-link.ts";
import { probe, probesFor } from "../init/probes.ts";
import { branchChecks, gitHubChecks } from "../init/repository-checks.ts";
import { withProgress } from "../terminal/progress.ts";
import type { Session } from "../terminal/session.ts";

export const verb: Verb = {
  summary: "Check what a run needs, and show how to fix what is missing.",
  options: [
    {
      flags: "--probe",
      summary:
        "also make one tiny real call with each credential, ask GitHub what its credential may do, and send a test push, through the daemon",
    },
  ],
  examples: ["aedev doctor", "aedev doctor --probe", "aedev doctor --json"],
  async run(session, input) {
    const { home, environment } = session;
    const daemon = await session.entries.daemon();
    const looked = await withProgress(session, "looking", () => daemon.doctor({ home, environment }));
    const isUsable = ["home", "permissions"].every((row) => looked.checks.some(({ name, ok }) => name === row && ok));
    const checks: Check[] = [
      ...looked.checks,
      ...(await sandboxChecks(session)),
      // The daemon is not contacted for a home that others can access.
      ...(isUsable ? await branchChecks(session) : []),
      ...(input.flag("probe") ? await probeChecks(session) : []),
    ];
    const bad = checks.filter(({ ok, needed }) => !ok && needed !== false);
    const answer = done({ ok: bad.length === 0, checks }, checks.map(checkText).join("\n"));
    if (bad.length === 0) return answer;
    const [invalid, missing] = [bad.filter((check) => check.invalid), bad.filter((check) => !check.invalid)];
    const parts = [...listed("invalid", invalid), ...listed("missing", missing)];
    return { ...answer, exit: 1, notice: `aedev: ${parts.join("; ")}` };
  },
};

function listed(what: string, checks: readonly Check[]): string[] {
  return checks.length === 0 ? [] : [`${what}: ${checks.map(({ name }) => name).join(", ")}`];
}

/** Tries a sandbox on this machine; no rows if the configuration does not load, which another row reports. */
async function sandboxChecks(session: Session): Promise<Check[]> {
  const { home, environment, entries } = session;
  const settings = await (await entries.daemon()).sandboxSettings({ home, environment });
  if (settings === null) return [];
  return withProgress(session, "trying a sandbox", async () => (await entries.runner()).probeSandbox(settings));
}

async function probeChecks(session: Session): Promise<Check[]> {
  const { home, environment } = session;
  if ((await findDaemon(session)) === undefined)
    return [
      {
        name: "real calls",
        ok: false,
        found: "the daemon makes them, and it is not running",
        help: "aedev daemon start",
      },
    ];
  const setup = await (await session.entries.daemon()).readSetup({ home, environment });
  const checks: Check[] = [];
  for (const one of probesFor(setup)) checks.push(await probe(session, one));
  return [...checks, ...(await gitHubChecks(session))];
}

function checkText({ name, ok, needed, invalid, found, help }: Check): string {
  const label = ok ? "ok" : needed === false ? "note" : invalid === true ? "INVALID" : "MISSING";
  const line = `${label.padEnd(8)} ${escapeLine(name, 60)}: ${escapeLine(found, 300)}`;
  return ok ? line : `${line}\n           help: ${escapeLine(help, 300)}`;
}
