/** Environment and mounts of the prepare steps (SECURITY T8): no install scripts, caches on disk, certificates for TLS-inspecting proxies. No secrets. */
import { existsSync, realpathSync } from "node:fs";
import type { Mount } from "../engine/engine.ts";

const certificateBundle = "/etc/ssl/certs/ca-certificates.crt";
/** Package managers' caches in a prepare container, which are deleted afterwards. */
export const containerCacheFolder = "/workspace/cache";

const caches = {
  npm_config_cache: `${containerCacheFolder}/npm`,
  npm_config_store_dir: `${containerCacheFolder}/pnpm`,
  YARN_CACHE_FOLDER: `${containerCacheFolder}/yarn`,
  PIP_CACHE_DIR: `${containerCacheFolder}/pip`,
  CARGO_HOME: `${containerCacheFolder}/cargo`,
  GOCACHE: `${containerCacheFolder}/go-build`,
  UV_CACHE_DIR: `${containerCacheFolder}/uv`,
  POETRY_CACHE_DIR: `${containerCacheFolder}/poetry`,
  XDG_CACHE_HOME: `${containerCacheFolder}/xdg`,
  npm_config_update_notifier: "false",
  npm_config_audit: "false",
  npm_config_fund: "false",
};

/**
 * Turns off install scripts (`npm_config_ignore_scripts` also for Yarn 1; Yarn 2 and later refuse Yarn 1's variable) and fixes npm's git; for npm and Yarn no
 * rc file can override that. Other managers can still run the repository's code within the step's limits: pnpm 10 reads `ignoreScripts: false` and a `pnpmfile`
 * from its workspace file, Yarn a `yarnPath`, and `--no-binary` in a requirements file lifts `PIP_ONLY_BINARY`.
 */
export const fetchEnvironment: Readonly<Record<string, string>> = {
  ...caches,
  npm_config_ignore_scripts: "true",
  npm_config_git: "git",
  pnpm_config_ignore_scripts: "true",
  YARN_ENABLE_SCRIPTS: "false",
  PIP_ONLY_BINARY: ":all:",
  CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS: "fallback",
  UV_NO_BUILD: "true",
  UV_PYTHON_DOWNLOADS: "never",
  POETRY_INSTALLER_ONLY_BINARY: ":all:",
};

/** Port of the forwarder in the container, where nothing else listens. */
export const proxyPort = 3128;
const proxyAddress = `http://127.0.0.1:${proxyPort}`;
const proxyVariables = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"].concat([
  "npm_config_proxy",
  "npm_config_https_proxy",
  "YARN_HTTP_PROXY",
  "YARN_HTTPS_PROXY",
  "PIP_PROXY",
  "CARGO_HTTP_PROXY",
]);

/** Points package managers to the proxy, their only way out. A manager that ignores it has no network. */
export const proxyEnvironment: Readonly<Record<string, string>> = {
  ...Object.fromEntries(proxyVariables.map((name) => [name, proxyAddress])),
  NO_PROXY: "",
  no_proxy: "",
  npm_config_noproxy: "",
  NODE_USE_ENV_PROXY: "1",
  // Java reads no variable for a proxy.
  MAVEN_OPTS: `-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=${proxyPort} -Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=${proxyPort}`,
};

export const buildEnvironment: Readonly<Record<string, string>> = {
  ...caches,
  npm_config_offline: "true",
  // Bytecode contains times, so two builds of the same code would differ.
  PYTHONDONTWRITEBYTECODE: "1",
};

/** The host's certificate bundle, read-only, and the variables that point to it; empty if the host has none. */
export function certificates(): { mounts: Mount[]; environment: Record<string, string> } {
  if (!existsSync(certificateBundle)) return { mounts: [], environment: {} };
  const variables = [
    "NODE_EXTRA_CA_CERTS",
    "SSL_CERT_FILE",
    "npm_config_cafile",
    "PIP_CERT",
    "CARGO_HTTP_CAINFO",
    "REQUESTS_CA_BUNDLE",
  ];
  return {
    mounts: [{ source: realpathSync(certificateBundle), target: certificateBundle, readOnly: true }],
    environment: Object.fromEntries([...variables, "GIT_SSL_CAINFO"].map((name) => [name, certificateBundle])),
  };
}
