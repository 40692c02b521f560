/** The Node flags under which the judgement plane runs (THREATS T12, T24): they take from it everything it does not need. Pure data, for the daemon that starts it and the tests that prove it. */

/**
 * `execArgv` for `child_process.fork`: reads are its own code, the bundles and its own secrets; no write, no spawn, no worker, no addon;
 * ambient proxies stay off whatever the environment says. `root` is the real path of the checkout (Node resolves modules to real paths);
 * `home` is spelled exactly as in StartJudgement. The wildcards are explicit because a folder that does not exist yet would count as a file.
 * `knowsNetworkFlag`: whether this Node has `--allow-net`, without which newer versions give no network.
 */
export function judgementPermissions(places: { root: string; home: string; knowsNetworkFlag: boolean }): string[] {
  const { root, home } = places;
  const readable = [
    `${root}/node_modules/*`,
    `${root}/packages/core/*`,
    `${root}/packages/validators/*`,
    `${root}/config/prompts/*`,
    `${home}/bundles/*`,
    `${home}/secrets/judgement.env`,
  ];
  const network = places.knowsNetworkFlag ? ["--allow-net"] : [];
  return ["--permission", ...network, "--no-use-env-proxy", ...readable.map((path) => `--allow-fs-read=${path}`)];
}
