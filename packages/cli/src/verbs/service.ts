/** `aedev service`: installs, removes and describes the service. */
import { done } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { requireHome } from "../daemon-client/home.ts";
import { withProgress } from "../terminal/progress.ts";

const installVerb: Verb = {
  summary:
    "Run the daemon as a service of your user: it starts with your session and is started again after a failure.",
  examples: ["aedev service install", "aedev service install --json"],
  async run(session) {
    const { home, environment, entries } = session;
    requireHome(home);
    const { supervisor, path, daemon, startsAtBoot, bootHelp, unseenSecrets } = await withProgress(
      session,
      "installing the service",
      async () => (await entries.daemon()).installService({ home, environment }),
    );
    const document = {
      installed: true,
      supervisor,
      path,
      port: daemon.port,
      pid: daemon.pid,
      starts_at_boot: startsAtBoot,
      unseen_secrets: unseenSecrets,
    };
    const answer = done(document, `${supervisor} runs the daemon on port ${daemon.port}: ${path}`);
    const notices = [
      ...(startsAtBoot === true ? [] : [`  it starts when you log in; to start it with the machine: ${bootHelp}`]),
      ...unseenSecrets.map(
        (name) => `  ${name} is only in this environment, where a service does not see it: aedev secrets set ${name}`,
      ),
    ];
    return notices.length === 0 ? answer : { ...answer, notice: notices.join("\n") };
  },
};

const uninstallVerb: Verb = {
  summary: "Stop the daemon and remove its service; the home stays.",
  examples: ["aedev service uninstall"],
  async run(session) {
    const { home, environment, entries } = session;
    requireHome(home);
    const wasInstalled = await withProgress(session, "removing the service", async () =>
      (await entries.daemon()).uninstallService({ home, environment }),
    );
    const answer = done(
      { installed: false, removed: wasInstalled },
      wasInstalled ? "the service is removed and the daemon has stopped" : "no service was installed",
    );
    return wasInstalled ? { ...answer, notice: "  without a service: aedev daemon start" } : answer;
  },
};

const statusVerb: Verb = {
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

export const verbs = { install: installVerb, uninstall: uninstallVerb, status: statusVerb };
