/** What a run needs, whether it is there, and the command that brings it. It looks and changes nothing; a key's presence is named, never its value. */
import { accessSync, constants, existsSync, readFileSync, statfsSync } from "node:fs";
import { request } from "node:http";
import { delimiter, join } from "node:path";
import { Fault } from "@aedev/core/wire";
import type { Configuration } from "./configuration/configuration-schema.ts";
import { loadConfiguration } from "./configuration/load-configuration.ts";
import { loadPolicy } from "./configuration/load-policy.ts";
import { homeLayout } from "./home/layout.ts";
import { parseSecrets, type SecretPlane, secretsFile, sortEnvironmentSecrets } from "./home/secrets.ts";
import { productRoot } from "./process/product-root.ts";

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  readonly help: string;
}
interface Places {
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** How long Docker may take to answer. */
const dockerTimeoutMs = 10_000;

export async function doctor(places: Places): Promise<{ checks: Check[] }> {
  const configuration = attempt(
    "configuration",
    () => loadConfiguration({ root: productRoot, ...places }),
    "correct the key that is named",
  );
  const policy = attempt("policy", () => loadPolicy({ root: productRoot, home: places.home }), "aedev policy check");
  const docker = await askDocker(places.environment, "/version");
  return {
    checks: [
      { name: "home", ok: existsSync(homeLayout(places.home).log), found: places.home, help: "aedev init" },
      configuration.check,
      policy.check,
      programCheck("git", places.environment),
      {
        name: "docker",
        ok: docker.ok,
        found: docker.found,
        help: "./scripts/setup installs and starts Docker; DOCKER_HOST names another engine",
      },
      await imageCheck(places.environment, configuration.value),
      coderCheck(places, configuration.value),
      keyCheck("openai key", "AEDEV_OPENAI_API_KEY", places),
      keyCheck("gemini key", "AEDEV_GEMINI_API_KEY", places),
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

async function imageCheck(environment: NodeJS.ProcessEnv, configuration: Configuration | null): Promise<Check> {
  const image = configuration?.system.runner_image ?? "";
  const answer = await askDocker(environment, `/images/${encodeURIComponent(image)}/json`);
  return {
    name: "runner image",
    ok: answer.ok,
    found: answer.ok ? image : `${image} is missing`,
    help: "./scripts/setup builds it",
  };
}

function coderCheck(places: Places, configuration: Configuration | null): Check {
  const token = hasSecret("AEDEV_CLAUDE_OAUTH_TOKEN", "execution", places);
  const key = configuration?.auth.allow_api_key === true && hasSecret("AEDEV_ANTHROPIC_API_KEY", "execution", places);
  const found = token
    ? "AEDEV_CLAUDE_OAUTH_TOKEN is set"
    : key
      ? "AEDEV_ANTHROPIC_API_KEY is set"
      : "no credential for Claude Code";
  return {
    name: "claude credential",
    ok: token || key,
    found,
    help: "claude setup-token makes one; then: aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN",
  };
}

function keyCheck(name: string, secret: string, places: Places): Check {
  const ok = hasSecret(secret, "judgement", places);
  return { name, ok, found: ok ? `${secret} is set` : `${secret} is missing`, help: `aedev secrets set ${secret}` };
}

/** An environment variable wins over the file; one that is set but empty counts as missing. */
function hasSecret(name: string, plane: SecretPlane, { home, environment }: Places): boolean {
  const given = sortEnvironmentSecrets(environment)[plane][name];
  if (given !== undefined) return given !== "";
  const file = secretsFile(home, plane);
  return existsSync(file) && (parseSecrets(readFileSync(file, "utf8"))[name] ?? "") !== "";
}

function diskCheck(home: string, configuration: Configuration | null): Check {
  const needed = configuration?.runLimits.disk_free_bytes ?? 0;
  const place = existsSync(home) ? home : "/";
  const { bavail, bsize } = statfsSync(place);
  const free = bavail * bsize;
  const megabytes = (bytes: number) => `${Math.floor(bytes / 1024 / 1024)} MiB`;
  const found = `${megabytes(free)} free; the kernel enforces no quota on bind mounts, the runner watches them`;
  return { name: "disk", ok: free >= needed, found, help: `free ${megabytes(needed)} on the disk of ${home}` };
}

/** One GET to the Docker engine at DOCKER_HOST (unix or tcp) or the default socket. */
function askDocker(environment: NodeJS.ProcessEnv, path: string): Promise<{ ok: boolean; found: string }> {
  const address = environment["DOCKER_HOST"] || "unix:///var/run/docker.sock";
  const target = engineTarget(address);
  if (target === null) return Promise.resolve({ ok: false, found: `${address}: not an address of unix:// or tcp://` });
  return new Promise((resolve) => {
    const call = request({ ...target, path, timeout: dockerTimeoutMs }, (response) => {
      response.resume();
      resolve({ ok: response.statusCode === 200, found: `${address} answers` });
    });
    call.on("timeout", () => call.destroy(new Error("no answer in time")));
    call.on("error", (error) => resolve({ ok: false, found: `${address}: ${error.message}` }));
    call.end();
  });
}

function engineTarget(address: string): { socketPath: string } | { host: string; port: string } | null {
  if (address.startsWith("unix://")) return { socketPath: address.slice("unix://".length) };
  const url = URL.parse(address);
  return url !== null && /^(tcp|https?):$/.test(url.protocol) ? { host: url.hostname, port: url.port } : null;
}
