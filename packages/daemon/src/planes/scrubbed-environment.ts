/** The environment of our child processes: an allowlist instead of inheritance, so that no secret of the caller reaches them (SECURITY T12). */

const passed = [
  "PATH",
  "HOME",
  "LANG",
  "LC_ALL",
  "TZ",
  "TMPDIR",
  "DOCKER_HOST",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "XDG_CACHE_HOME",
  // The folder of bin/aedev's compiled code, which saves each process type stripping. Node ignores it under the permission model.
  "NODE_COMPILE_CACHE",
];
/** Addresses, models and ports of the daemon. None is a secret: keys and tokens come through standard input. */
const configured = [
  "AEDEV_PORT",
  "AEDEV_ANTHROPIC_BASE_URL",
  "AEDEV_OPENAI_BASE_URL",
  "AEDEV_OPENAI_MODEL",
  "AEDEV_GEMINI_BASE_URL",
  "AEDEV_GEMINI_MODEL",
  "AEDEV_COMPATIBLE_BASE_URL",
  "AEDEV_COMPATIBLE_MODEL",
  "AEDEV_GITHUB_URL",
  "AEDEV_GITHUB_API_URL",
  "AEDEV_NTFY_URL",
  "AEDEV_NTFY_TOPIC",
  "AEDEV_NTFY_REPLY_TOPIC",
  "AEDEV_PUBLIC_URL",
  "AEDEV_APPROVAL_PORT",
  // Where Claude Code keeps its login, if the coder may use that.
  "CLAUDE_CONFIG_DIR",
];

export function planeEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  return pickNamed(environment, passed);
}

/** Adds the ssh agent, for the control plane only: git remotes may need it. */
export function daemonEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  return pickNamed(environment, [...passed, ...configured, "SSH_AUTH_SOCK"]);
}

/** What a service of this machine starts the daemon with. The ssh agent's address changes with each login, so it is left out. */
export function serviceEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  return pickNamed(environment, [...passed, ...configured]);
}

function pickNamed(environment: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
  );
}
