/** Checks whether deliveries of GitHub's webhook can be taken: its secret, its listener, its last delivery. It asks nobody. */
import { readIfThere } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import { parseSecrets } from "@aedev/host/secrets-file";
import type { Configuration } from "../configuration/configuration-schema.ts";
import type { HomeOptions } from "../configuration/load-configuration.ts";
import { readDaemonRecord } from "../home/daemon-record.ts";
import { sortEnvironmentSecrets, webhookSecret } from "../home/secrets.ts";
import { daemonStatus } from "../process/start-daemon.ts";
import { lastDeliveryAt } from "../webhook/known-deliveries.ts";
import { advice, type Check } from "./check.ts";

/** Empty unless a port is configured. */
export async function webhookChecks(
  { home, environment }: HomeOptions,
  configuration: Configuration | null,
): Promise<Check[]> {
  const port = configuration?.github.webhookPort ?? null;
  if (port === null) return [];
  const name = "github webhook";
  const { secrets } = parseSecrets(readIfThere(homeLayout(home).secrets("control")) ?? "");
  const secret = webhookSecret({ ...secrets, ...sortEnvironmentSecrets(environment).control });
  if (secret === null)
    return [
      advice({
        name,
        ok: false,
        found: "AEDEV_GITHUB_WEBHOOK_SECRET is missing or too short: every delivery is refused",
        help: "openssl rand -hex 32 makes one; then: aedev secrets set AEDEV_GITHUB_WEBHOOK_SECRET",
      }),
    ];
  const record = (await daemonStatus({ home })).place === null ? null : readDaemonRecord(home);
  if (record !== null && record.webhook_port === undefined)
    return [
      advice({
        name,
        ok: false,
        found: "the daemon started before it was configured",
        help: "aedev daemon restart",
      }),
    ];
  const open = record?.webhook_port ?? port;
  const last = lastDeliveryAt(home);
  const words = [
    `deliveries are taken at http://127.0.0.1:${open}/github/webhook while the daemon runs`,
    last === null ? "none has come yet" : `the last one came at ${last}`,
  ];
  const help = "docs/GITHUB.md has the steps; at GitHub, the webhook's recent deliveries show each answer";
  return [advice({ name, ok: last !== null, found: words.join("; "), help })];
}
