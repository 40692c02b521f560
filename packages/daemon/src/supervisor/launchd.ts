/** The service under launchd (macOS): a person's own agent, which runs while they are logged in. It was never tried on macOS: tests use a fake. */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { escapeLine, Fault } from "@aedev/contracts";
import { writeDurably } from "@aedev/host/durable-file";
import type { CallProgram } from "./call-program.ts";
import { launchdAgent, launchdLabel } from "./launchd-agent.ts";
import type { ServicePlan } from "./service-plan.ts";
import type { Supervisor } from "./supervisor.ts";

const callTimeoutMs = 120_000;

export function openLaunchd(
  plan: ServicePlan,
  { environment, run }: { environment: NodeJS.ProcessEnv; run: CallProgram },
): Supervisor {
  const label = launchdLabel(plan);
  const path = join(environment["HOME"] ?? "/", "Library/LaunchAgents", `${label}.plist`);
  const domain = `gui/${userInfo().uid}`;
  const target = `${domain}/${label}`;
  const { PATH, HOME } = environment;

  const call = (...args: string[]) => run("launchctl", args, { environment: { PATH, HOME }, timeoutMs: callTimeoutMs });

  async function launchctl(...args: string[]): Promise<void> {
    const { code, complaint } = await call(...args);
    if (code === 0) return;
    const cause = escapeLine(complaint.trim(), 300) || `exit ${code}`;
    throw new Fault("service-failed", `launchctl ${args.join(" ")} failed: ${cause}`, { hint: "aedev daemon logs" });
  }

  const isLoaded = async () => (await call("print", target)).code === 0;

  return {
    kind: "launchd",
    path,
    text: async () => launchdAgent(plan),
    async install() {
      mkdirSync(dirname(path), { recursive: true });
      writeDurably(path, launchdAgent(plan));
      // A loaded agent keeps its old text until it is loaded again.
      if (await isLoaded()) await launchctl("bootout", target);
    },
    async uninstall() {
      if (existsSync(path) && (await isLoaded())) await launchctl("bootout", target);
      rmSync(path, { force: true });
    },
    async start() {
      if (await isLoaded()) await launchctl("kickstart", target);
      else await launchctl("bootstrap", domain, path);
    },
    async stop() {
      if (await isLoaded()) await launchctl("kill", "SIGTERM", target);
    },
    async state() {
      const { code, output } = await call("print", target);
      return {
        running: code === 0 && /^\s*state = running$/m.test(output),
        gaveUp: false,
        restarts: null,
        startsAtBoot: false,
        bootHelp: "log in: a launchd agent starts with your session",
      };
    },
  };
}
