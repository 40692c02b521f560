/** `aedev watchdog`: checks from outside whether the daemon works, for cron or another supervisor. Exit code 0: it works; 1: it hangs; 3: it is down. */
import { escapeLine, Fault, passAgeMsMax } from "@aedev/contracts";
import { done, type ExitCode } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { findDaemon } from "../daemon-client/daemon-link.ts";
import { endedDaemon } from "../daemon-client/ended-daemon.ts";
import { requireHome } from "../daemon-client/home.ts";
import type { Session } from "../terminal/session.ts";

/** The characters of one SMS. */
const lineLengthMax = 160;

interface Finding {
  readonly status: "works" | "stopped" | "down" | "hangs";
  readonly text: string;
  readonly exit: ExitCode;
}

export const verb: Verb = {
  summary: "Judge from outside whether the daemon works (exit code 0); 1: it hangs, 3: it is down. Run it from cron.",
  options: [{ flags: "--plain", summary: `only one line of at most ${lineLengthMax} characters` }],
  examples: ["aedev watchdog --plain", "aedev watchdog --json"],
  async run(session, input) {
    const { home, environment, entries } = session;
    requireHome(home);
    const { status, text, exit } = await inspect(session);
    const problem = status === "down" || status === "hangs" ? text : null;
    const { failures, pushed, pushProblem } = await (await entries.daemon()).recordCheck({
      home,
      environment,
      problem,
    });
    const document = { status, text, failures, pushed, push_problem: pushProblem };
    const line = escapeLine(`aedev ${text}${failures > 1 ? `, ${failures} checks in a row` : ""}`, lineLengthMax);
    const answer = { ...done(document, line), exit };
    if (input.flag("plain")) return answer;
    const notices = [
      ...(problem === null ? [] : [status === "hangs" ? "  help: aedev daemon restart" : "  help: aedev daemon start"]),
      ...(pushed ? ["  a push was sent"] : []),
      ...(pushProblem === null ? [] : [`  no push could be sent: ${pushProblem}`]),
    ];
    return notices.length === 0 ? answer : { ...answer, notice: notices.join("\n") };
  },
};

async function inspect(session: Session): Promise<Finding> {
  try {
    const daemon = await findDaemon(session);
    if (daemon === undefined) return whyDown(session.home);
    const { passAgeMs, pid, log } = daemon;
    if (passAgeMs === undefined || passAgeMs > passAgeMsMax) {
      const since = passAgeMs === undefined ? "" : ` for ${Math.round(passAgeMs / 1000)} s`;
      return { status: "hangs", text: `HANGS: process ${pid} answers, but its loop has made no pass${since}`, exit: 1 };
    }
    const reads = log === "untrusted" ? "; it only reads: the log is not trusted" : "";
    return {
      status: "works",
      text: `works: process ${pid}, last pass ${Math.round(passAgeMs / 1000)} s ago${reads}`,
      exit: 0,
    };
  } catch (error) {
    if (error instanceof Fault) return { status: "hangs", text: `HANGS: ${error.message}`, exit: 1 };
    throw error;
  }
}

function whyDown(home: string): Finding {
  const ended = endedDaemon(home);
  if (ended === null)
    return { status: "stopped", text: "stopped: a person stopped the daemon, or never started it", exit: 3 };
  return { status: "down", text: `DOWN: ${ended.text}`, exit: 3 };
}
