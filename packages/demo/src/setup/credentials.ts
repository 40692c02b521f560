/** Builds the environment of a demo's processes: the caller's without its AEDEV_ variables, plus the variables that the demo needs. Pure. */

import type { Vendor } from "@aedev/fakes/models";
import type { ChildEnvironment } from "./child.ts";

const credentialNames = ["AEDEV_CLAUDE_OAUTH_TOKEN", "AEDEV_OPENAI_API_KEY", "AEDEV_GEMINI_API_KEY"] as const;
const addressNames = {
  anthropic: "AEDEV_ANTHROPIC_BASE_URL",
  openai: "AEDEV_OPENAI_BASE_URL",
  gemini: "AEDEV_GEMINI_BASE_URL",
} as const satisfies Record<Vendor, string>;
const modelNames = ["AEDEV_OPENAI_MODEL", "AEDEV_GEMINI_MODEL"] as const;

/** Names of credentials that a live demo needs and the environment lacks. */
export function missingCredentials(environment: ChildEnvironment): string[] {
  return credentialNames.filter((name) => (environment[name] ?? "") === "");
}

/** A live demo: the caller's keys, addresses and models, in its own home. */
export function liveEnvironment(environment: ChildEnvironment, home: string): ChildEnvironment {
  const wanted = [...credentialNames, ...modelNames, ...Object.values(addressNames)];
  return { ...shared(environment, home), ...pick(environment, wanted) };
}

/** A scripted demo: the fake vendors' addresses, and `placeholder` for every credential. */
export function scriptedEnvironment(
  environment: ChildEnvironment,
  options: { home: string; addresses: Readonly<Record<Vendor, string>>; placeholder: string },
): ChildEnvironment {
  const { home, addresses, placeholder } = options;
  return {
    ...shared(environment, home),
    [addressNames.anthropic]: addresses.anthropic,
    [addressNames.openai]: addresses.openai,
    [addressNames.gemini]: addresses.gemini,
    ...Object.fromEntries(credentialNames.map((name) => [name, placeholder])),
  };
}

function shared(environment: ChildEnvironment, home: string): ChildEnvironment {
  const own = Object.entries(environment).filter(([name]) => !name.startsWith("AEDEV_"));
  // Port 0: the system chooses the port, and the daemon records it.
  return { ...Object.fromEntries(own), AEDEV_HOME: home, AEDEV_PORT: "0" };
}

function pick(environment: ChildEnvironment, names: readonly string[]): ChildEnvironment {
  return Object.fromEntries(names.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])));
}
