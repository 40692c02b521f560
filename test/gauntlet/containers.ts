/** Runs a repository's documented commands as a person would, in an ordinary container with a writable checkout. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { Listed } from "./read-list.ts";

const timeoutMs = 15 * 60_000;
const bundle = "/etc/ssl/certs/ca-certificates.crt";
const trust = [
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "npm_config_cafile",
  "PIP_CERT",
  "CARGO_HTTP_CAINFO",
  "GIT_SSL_CAINFO",
];

/** True if `install` with network and then `test` without one both exit 0. */
export async function isOrdinaryGreen(
  { listed, clone, folder }: { listed: Listed; clone: string; folder: string },
  image: string,
): Promise<boolean> {
  const [checkout, home] = [join(folder, "ordinary"), join(folder, "ordinary-home")];
  mkdirSync(home);
  await execa("git", ["clone", "-q", clone, checkout]);
  await execa("chown", ["-R", "1000:1000", checkout, home]);
  const run = (network: string, command: string) =>
    execa(
      "docker",
      [
        ...["run", "--rm", "--init", "--network", network, "--user", "1000:1000", "--entrypoint", "/bin/sh"],
        ...[
          "-v",
          `${checkout}:/work`,
          "-v",
          `${home}:/home/dev`,
          "-w",
          "/work",
          "-e",
          "HOME=/home/dev",
          "-e",
          "CI=true",
        ],
        ...(existsSync(bundle)
          ? ["-v", `${bundle}:${bundle}:ro`, ...trust.flatMap((name) => ["-e", `${name}=${bundle}`])]
          : []),
        ...[image, "-c", command],
      ],
      { reject: false, timeout: timeoutMs, stdin: "ignore" },
    );
  const installed = await run("bridge", listed.install);
  return installed.exitCode === 0 && (await run("none", listed.test)).exitCode === 0;
}
