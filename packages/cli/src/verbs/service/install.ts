/** `aedev service install`: lets systemd or launchd keep the daemon running. A second run replaces the service file. */
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { requireHome } from "../../daemon-client/home.ts";
import { withProgress } from "../../terminal/progress.ts";

export const verb: Verb = {
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
