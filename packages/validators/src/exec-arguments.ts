/** How the control plane starts this plane: the entry and the Node flags that take from it everything it does not need (THREATS T12, T24). */
import { fileURLToPath } from "node:url";

/** Path of the forked process's entry. */
export const judgementEntry: string = fileURLToPath(new URL("./main.ts", import.meta.url));

/**
 * `execArgv` for `child_process.fork`: reads are its own code, the bundles and its own secrets; no write, no spawn, no worker, no addon;
 * ambient proxies stay off whatever the environment says. `root` is the real path of the checkout (Node resolves modules to real paths);
 * `home` is spelled exactly as in StartJudgement. The wildcards are explicit because a folder that does not exist yet would count as a file.
 */
export function judgementExecArguments({ root, home }: { root: string; home: string }): string[] {
  const readable = [
    `${root}/node_modules/*`,
    `${root}/packages/core/*`,
    `${root}/packages/validators/*`,
    `${root}/config/prompts/*`,
    `${home}/bundles/*`,
    `${home}/secrets/judgement.env`,
  ];
  const network = process.allowedNodeEnvironmentFlags.has("--allow-net") ? ["--allow-net"] : [];
  return ["--permission", ...network, "--no-use-env-proxy", ...readable.map((path) => `--allow-fs-read=${path}`)];
}
