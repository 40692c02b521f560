/** Finds the registered addresses that a working copy on this machine belongs to, without the daemon. */
import { type HomeOptions, loadConfiguration } from "../configuration/load-configuration.ts";
import { inspectSource } from "../git/remote.ts";
import { isSameRemote } from "../github/address.ts";
import { openGitHubAccess } from "../github/credential.ts";

/** Reads no credential, because the folder alone says what it is. */
export async function addressesOf(
  options: HomeOptions & { folder: string; timeoutMs: number; registered: readonly string[] },
): Promise<string[]> {
  const { github } = loadConfiguration(options);
  const { remotes } = openGitHubAccess({ github, secrets: () => ({}) });
  const { url } = await inspectSource(options.folder, { timeoutMs: options.timeoutMs, remotes });
  return options.registered.filter((address) => isSameRemote(address, url, github));
}
