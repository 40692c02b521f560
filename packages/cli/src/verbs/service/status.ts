/** `aedev service status`: exits 0 if the service runs the daemon, 3 if it does not or if no service is installed. */
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { requireHome } from "../../daemon-client/home.ts";

export const verb: Verb = {
  summary: "Show whether a service runs the daemon (exit code 3 if none does).",
  examples: ["aedev service status", "aedev service status --json"],
  async run(session) {
    const { home, environment, entries } = session;
    requireHome(home);
    const report = await (await entries.daemon()).serviceStatus({ home, environment });
    if (report === null) {
      const none = done({ installed: false, running: false }, "no service is installed");
      return { ...none, exit: 3, notice: "  help: aedev service install" };
    }
    const { running, gaveUp, restarts, startsAtBoot, bootHelp, supervisor, path, current } = report;
    const document = {
      installed: true,
      running,
      gave_up: gaveUp,
      restarts,
      starts_at_boot: startsAtBoot,
      supervisor,
      path,
      current,
    };
    const state = running
      ? "runs the daemon"
      : gaveUp
        ? "gave up: the daemon failed too often"
        : "does not run the daemon";
    const answer = done(
      document,
      [
        `${supervisor} ${state}: ${path}`,
        ...(restarts === null || restarts === 0 ? [] : [`started again after a failure: ${restarts} times`]),
      ].join("\n"),
    );
    const notices = [
      ...(running ? [] : ["  help: aedev daemon start"]),
      ...(startsAtBoot === true ? [] : [`  it starts when you log in; to start it with the machine: ${bootHelp}`]),
      ...(current ? [] : ["  the file is not what this version writes here: aedev service install"]),
    ];
    return {
      ...answer,
      ...(running ? {} : { exit: 3 as const }),
      ...(notices.length === 0 ? {} : { notice: notices.join("\n") }),
    };
  },
};
