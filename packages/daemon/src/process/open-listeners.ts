/** Opens the doors through which others reach the daemon: its API with metrics, the approval page, GitHub's deliveries. */
import { Fault } from "@aedev/contracts";
import { createEngineCheck } from "../board/board-facts.ts";
import type { CanaryWorker } from "../canary/canary-worker.ts";
import type { Control } from "../control/control.ts";
import { readControlSecrets, webhookSecret } from "../home/secrets.ts";
import { renewToken } from "../home/token.ts";
import { openServer } from "../http/server.ts";
import { openMetrics } from "../metrics/metrics.ts";
import type { Observer } from "../observed/observer.ts";
import { openApprovalListener } from "../phone/approval/listener.ts";
import { createProbes } from "../planes/probes.ts";
import { liveRuns } from "../planes/release-runs.ts";
import { openWebhookListener } from "../webhook/listener.ts";
import type { StartedWork } from "./start-work.ts";

/** How often the engine is asked for this home's containers, if no scrape asks it. */
const containersEveryMs = 10 * 60_000;

export interface Listeners {
  readonly port: number;
  /** Null: there is no approval page. */
  readonly approvalPort: number | null;
  /** Null: no deliveries are taken. */
  readonly webhookPort: number | null;
  close(): Promise<void>;
}

export async function openListeners(options: {
  readonly control: Control;
  readonly environment: NodeJS.ProcessEnv;
  /** Secrets of the control plane that came by environment variable. */
  readonly secrets: Record<string, string>;
  readonly canaries: CanaryWorker;
  /** Null while the log is not trusted. */
  readonly working: () => StartedWork | null;
  readonly passAgeMs: () => number;
  readonly observer: Pick<Observer, "sawContainers">;
}): Promise<Listeners> {
  const { control, environment, canaries, working, passAgeMs } = options;
  const trusted = () => working() ?? refuseUntrusted(control);
  const metrics = openMetrics({
    control,
    environment,
    processIds: () => ({
      daemon: process.pid,
      ...(working()?.planes.processIds() ?? { execution: null, judgement: null }),
    }),
    passAgeMs,
    sawContainers: (listed) => {
      const runs = [...liveRuns(control.log.state), ...(working()?.planes.runsUnderWay() ?? [])];
      options.observer.sawContainers(listed, new Set(runs));
    },
  });
  const timer = setInterval(() => void metrics.listContainers(), containersEveryMs);
  const server = await openServer({
    control,
    probes: createProbes({ control, planes: () => working()?.planes ?? null }),
    notifier: {
      test: () => trusted().notifier.test(),
      sendLink: (link) => trusted().notifier.sendLink(link),
    },
    canaries,
    token: renewToken(control.home),
    passAgeMs,
    engineAnswers: createEngineCheck(environment),
    metrics,
    port: control.configuration.system.port,
  });
  const approvals = await openApprovalListener(control);
  const webhook = await openWebhookListener(control, {
    secret: () => webhookSecret({ ...readControlSecrets(control.home), ...options.secrets }),
    acting: working,
  });
  return {
    port: server.port,
    approvalPort: approvals?.port ?? null,
    webhookPort: webhook?.port ?? null,
    async close() {
      clearInterval(timer);
      await server.close();
      await metrics.close();
      await approvals?.close();
      await webhook?.close();
    },
  };
}

function refuseUntrusted({ trust }: Control): never {
  throw new Fault("log-untrusted", "the log is not trusted", { hint: trust.untrusted?.help ?? "aedev status" });
}
