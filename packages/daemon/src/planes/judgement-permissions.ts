/** The Node permission flags of the judgement plane (SECURITY T12, T24), which deny all that it does not need. Pure data, which tests prove. */
import { homeLayout } from "@aedev/host/home-layout";

const packages = ["packages/contracts/*", "packages/host/*", "packages/validators/*"];

/**
 * `execArgv` for `child_process.fork`: it may read its own code, the bundles and its own secrets; no write, no spawn, no worker, no addon;
 * ambient proxies stay off whatever the environment says. `root` is the real path of the checkout or package (Node resolves modules to real paths); `home`
 * is spelled exactly as in StartJudgement. The wildcards are explicit because a folder that does not exist yet would count as a file.
 * `knowsNetworkFlag`: whether this Node has `--allow-net`, without which newer versions give no network.
 */
export function judgementPermissions(folders: {
  root: string;
  isPackaged?: boolean;
  home: string;
  knowsNetworkFlag: boolean;
}): string[] {
  const { root } = folders;
  const layout = homeLayout(folders.home);
  const readable = [
    ...(folders.isPackaged === true ? ["package.json", "dist/*"] : ["node_modules/*", ...packages]).map(
      (path) => `${root}/${path}`,
    ),
    `${root}/config/prompts/*`,
    `${layout.bundles}/*`,
    layout.secrets("judgement"),
  ];
  const network = folders.knowsNetworkFlag ? ["--allow-net"] : [];
  return ["--permission", ...network, "--no-use-env-proxy", ...readable.map((path) => `--allow-fs-read=${path}`)];
}
