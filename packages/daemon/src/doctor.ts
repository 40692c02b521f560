/** What a run needs, whether it is there, and the command that brings it. It looks and changes nothing; a key's presence is named, never its value. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { Fault } from "@aedev/core/wire";
import { loadConfiguration } from "./configuration/load-configuration.ts";
import { loadPolicy } from "./configuration/load-policy.ts";
import type { Check, Places } from "./doctor/check.ts";
import { engineChecks } from "./doctor/engine-checks.ts";
import { diskCheck, homeChecks } from "./doctor/home-checks.ts";
import { secretChecks } from "./doctor/secret-checks.ts";
import { daemonCheck, notificationsCheck } from "./doctor/service-checks.ts";
import { productRoot } from "./process/product-root.ts";

export async function doctor(places: Places): Promise<{ checks: Check[] }> {
  const configuration = attempt(
    "configuration",
    () => loadConfiguration({ root: productRoot, ...places }),
    "correct the key that is named",
  );
  const policy = attempt("policy", () => loadPolicy({ root: productRoot, home: places.home }), "aedev policy check");
  return {
    checks: [
      nodeCheck(),
      programCheck("git", places.environment),
      ...homeChecks(places.home),
      configuration.check,
      policy.check,
      ...(await engineChecks(places, configuration.value)),
      ...secretChecks(places, configuration.value, policy.value?.policy ?? null),
      notificationsCheck(places, configuration.value),
      await daemonCheck(places, configuration.value),
      diskCheck(places.home, configuration.value),
    ],
  };
}

function attempt<T>(name: string, load: () => T, help: string): { check: Check; value: T | null } {
  try {
    return { check: { name, ok: true, found: "valid", help }, value: load() };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { check: { name, ok: false, found: error.message, help: error.hint ?? help }, value: null };
  }
}

/** bin/aedev brings its own; whoever starts the program otherwise may have an older one. */
function nodeCheck(): Check {
  const major = Number(process.versions.node.split(".")[0]);
  return {
    name: "node",
    ok: major >= 24,
    found: process.version,
    help: "./scripts/setup brings Node 24; use bin/aedev",
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
