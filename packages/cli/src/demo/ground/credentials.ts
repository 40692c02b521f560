/** The environment that every process of a demo gets: the caller's without what is aedev's, then what this demo needs. Pure. */
import type { Vendor } from "../../stand-in/models.ts";
import type { Environment } from "../child.ts";

export const credentialNames = ["AEDEV_CLAUDE_OAUTH_TOKEN", "AEDEV_OPENAI_API_KEY", "AEDEV_GEMINI_API_KEY"] as const;
const addressNames = {
  anthropic: "AEDEV_ANTHROPIC_BASE_URL",
  openai: "AEDEV_OPENAI_BASE_URL",
  gemini: "AEDEV_GEMINI_BASE_URL",
} as const satisfies Record<Vendor, string>;
const modelNames = ["AEDEV_OPENAI_MODEL", "AEDEV_GEMINI_MODEL"] as const;

/** Names of the credentials that a live demo needs and the environment does not have. */
export function missingCredentials(environment: Environment): string[] {
  return credentialNames.filter((name) => (environment[name] ?? "") === "");
}

/** A live demo: the caller's keys, addresses and models, in a home of its own. */
export function liveEnvironment(environment: Environment, home: string): Environment {
  const wanted = [...credentialNames, ...modelNames, ...Object.values(addressNames)];
  return { ...shared(environment, home), ...pick(environment, wanted) };
}

/** A scripted demo: the stand-in's addresses, and `placeholder` for every credential. */
export function scriptedEnvironment(
  environment: Environment,
  options: { home: string; addresses: Readonly<Record<Vendor, string>>; placeholder: string },
): Environment {
  const { home, addresses, placeholder } = options;
  return {
    ...shared(environment, home),
    [addressNames.anthropic]: addresses.anthropic,
    [addressNames.openai]: addresses.openai,
    [addressNames.gemini]: addresses.gemini,
    ...Object.fromEntries(credentialNames.map((name) => [name, placeholder])),
  };
}

function shared(environment: Environment, home: string): Environment {
  const own = Object.entries(environment).filter(([name]) => !name.startsWith("AEDEV_"));
  // Port 0: the system chooses, and the daemon writes down which.
  return { ...Object.fromEntries(own), AEDEV_HOME: home, AEDEV_PORT: "0" };
}

function pick(environment: Environment, names: readonly string[]): Environment {
  return Object.fromEntries(names.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])));
}
