/**
 * Checks that a run has everything it needs, and names the command that provides what is missing. It changes nothing and never shows a key.
 * Folder: the checks of `aedev doctor`.
 */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { Fault, nullOn } from "@aedev/contracts";
import { isPackaged, oldestNodeMajor } from "@aedev/host/product";
import { type HomeOptions, loadConfiguration } from "../configuration/load-configuration.ts";
import { loadPolicy } from "../configuration/load-policy.ts";
import { loadPrices } from "../configuration/load-prices.ts";
import { readPushPause } from "../observed/push-pause-file.ts";
import type { Check } from "./check.ts";
import { engineChecks } from "./engine-checks.ts";
import { diskCheck, homeChecks } from "./home-checks.ts";
import { secretChecks } from "./secret-checks.ts";
import { boardCheck, daemonCheck, draftChecks, notificationsCheck } from "./service-checks.ts";
import { signingChecks } from "./signing-check.ts";
import { webhookChecks } from "./webhook-check.ts";

export async function doctor(options: HomeOptions): Promise<{ checks: Check[] }> {
  const configuration = attemptLoad("configuration", () => loadConfiguration(options), "correct the key named here");
  const policy = attemptLoad("policy", () => loadPolicy({ home: options.home }), "aedev policy check");
  const prices = attemptLoad("prices", () => loadPrices(options), "aedev policy check");
  return {
    checks: [
      nodeCheck(),
      programCheck("git", options.environment),
      ...homeChecks(options.home),
      configuration.check,
      policy.check,
      prices.check,
      ...(await engineChecks(options, configuration.value)),
      ...secretChecks(options, configuration.value, policy.value?.policy ?? null),
      ...(await signingChecks(configuration.value)),
      notificationsCheck(
        options,
        configuration.value,
        await readPushPause(options.home).catch(nullOn("home-unreadable")),
      ),
      ...draftChecks(configuration.value),
      ...(await webhookChecks(options, configuration.value)),
      await daemonCheck(options, configuration.value),
      boardCheck(configuration.value),
      diskCheck(options.home, configuration.value),
    ],
  };
}

function attemptLoad<T>(name: string, load: () => T, help: string): { check: Check; value: T | null } {
  try {
    return { check: { name, ok: true, found: "valid", help }, value: load() };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { check: { name, ok: false, invalid: true, found: error.message, help: error.hint ?? help }, value: null };
  }
}

/** bin/aedev brings its own Node; a program started in another way may run on an older one. */
function nodeCheck(): Check {
  const major = Number(process.versions.node.split(".")[0]);
  return {
    name: "node",
    ok: major >= oldestNodeMajor,
    found: process.version,
    help: isPackaged ? `install Node ${oldestNodeMajor} or newer` : "./scripts/setup brings Node 24; use bin/aedev",
  };
}

function programCheck(name: string, environment: NodeJS.ProcessEnv): Check {
  const found = (environment["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
  return {
    name,
    ok: found !== undefined,
    found: found ?? "not in PATH",
    help: `install ${name} (apt-get install ${name})`,
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
