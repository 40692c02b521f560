/** Environment and mounts of the prepare steps (THREATS T8): install scripts off, caches on disk, the host's certificate bundle for machines behind a TLS-inspecting proxy. No secret. */
import { existsSync, realpathSync } from "node:fs";
import type { Mount } from "../engine.ts";

const certificateBundle = "/etc/ssl/certs/ca-certificates.crt";
/** Where the caches of package managers live in a prepare container; thrown away afterwards. */
export const cacheFolder = "/workspace/cache";

const caches = {
  npm_config_cache: `${cacheFolder}/npm`,
  npm_config_store_dir: `${cacheFolder}/pnpm`,
  YARN_CACHE_FOLDER: `${cacheFolder}/yarn`,
  PIP_CACHE_DIR: `${cacheFolder}/pip`,
  CARGO_HOME: `${cacheFolder}/cargo`,
  GOCACHE: `${cacheFolder}/go-build`,
  XDG_CACHE_HOME: `${cacheFolder}/xdg`,
  npm_config_update_notifier: "false",
  npm_config_audit: "false",
  npm_config_fund: "false",
};

/**
 * Install scripts are off by the environment of npm, pnpm and yarn, which a repository's own rc file can't override. pip can't be kept
 * from running a source distribution's build by environment alone: `PIP_ONLY_BINARY` refuses those packages instead.
 */
export const fetchEnvironment: Readonly<Record<string, string>> = {
  ...caches,
  npm_config_ignore_scripts: "true",
  pnpm_config_ignore_scripts: "true",
  YARN_IGNORE_SCRIPTS: "true",
  YARN_ENABLE_SCRIPTS: "false",
  PIP_ONLY_BINARY: ":all:",
};

export const buildEnvironment: Readonly<Record<string, string>> = { ...caches, npm_config_offline: "true" };

/** The host's certificate bundle, read-only, and the variables that point to it; nothing where the host has none. */
export function certificates(): { mounts: Mount[]; environment: Record<string, string> } {
  if (!existsSync(certificateBundle)) return { mounts: [], environment: {} };
  const variables = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "npm_config_cafile", "PIP_CERT", "CARGO_HTTP_CAINFO"];
  return {
    mounts: [{ source: realpathSync(certificateBundle), target: certificateBundle, readOnly: true }],
    environment: Object.fromEntries([...variables, "GIT_SSL_CAINFO"].map((name) => [name, certificateBundle])),
  };
}
