/** `aedev doctor`: names each thing that is missing with the command that helps; exit code 1 where one is. */
import { escapeLine } from "@aedev/core";
import { done } from "../answer.ts";
import type { Verb } from "../verb.ts";

export const verb: Verb = {
  summary: "Check what a run needs, and name what is missing with the command that helps.",
  examples: ["aedev doctor", "aedev doctor --json"],
  async run(session) {
    const { checks } = await (await session.entries.daemon()).doctor({
      home: session.home,
      environment: session.environment,
    });
    const missing = checks.filter((check) => !check.ok);
    const lines = checks.map(({ name, ok, found, help }) => {
      const line = `${ok ? "ok      " : "MISSING "} ${escapeLine(name, 60)}: ${escapeLine(found, 300)}`;
      return ok ? line : `${line}\n           help: ${escapeLine(help, 300)}`;
    });
    const answer = done({ ok: missing.length === 0, checks }, lines.join("\n"));
    if (missing.length === 0) return answer;
    return { ...answer, exit: 1, notice: `aedev: missing: ${missing.map(({ name }) => name).join(", ")}` };
  },
};
