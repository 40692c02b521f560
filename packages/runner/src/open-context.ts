/** Creates the context of a starting plane or a replay: secrets, the engine's address, the containers' user. It never opens another plane's secrets file. */
import type { StartExecution } from "@aedev/contracts";
import { createBlobStore } from "@aedev/host/blob-store";
import { readClaudeLogin } from "@aedev/host/claude-login";
import { readIfThere } from "@aedev/host/durable-file";
import { openGit } from "@aedev/host/git/git-at";
import { homeLayout } from "@aedev/host/home-layout";
import { parseSecrets } from "@aedev/host/secrets-file";
import { sha256 } from "@aedev/host/sha256";
import { createCredentials, usableCredentials } from "./coder/credentials.ts";
import type { RunnerContext } from "./engine/context.ts";
import { openDocker } from "./engine/docker.ts";
import { sandboxUser, withSandboxUser } from "./engine/sandbox-user.ts";

export function openContext(
  start: Omit<StartExecution, "kind" | "live_runs">,
  voices: Pick<RunnerContext, "progress" | "refusal" | "salvaged">,
): RunnerContext {
  const { home } = start;
  const user = sandboxUser({ homeId: start.home_id, sha256 });
  const docker = openDocker({ dockerHost: start.docker_host, deadlineMs: start.docker_deadline_ms });
  const claudeLogin = () => readClaudeLogin(start.claude_login);
  // Read anew for each run, so that `aedev secrets set` works without a restart. A value from the environment, even an empty one, overrides the file.
  const credentials = createCredentials(() => {
    const kept = parseSecrets(readIfThere(homeLayout(home).secrets("execution")) ?? "");
    const secrets = { ...kept.secrets, ...start.secrets };
    return usableCredentials(secrets, { allowApiKey: start.allow_api_key, login: claudeLogin() });
  });
  return {
    home,
    homeId: start.home_id,
    generation: start.generation,
    blobs: createBlobStore(homeLayout(home).blobs),
    docker: withSandboxUser(docker, { home, user }),
    git: openGit(homeLayout(home).empty),
    sha256,
    imageReference: start.image,
    promptsDir: start.prompts_dir,
    upstreamOrigin: start.anthropic_base_url,
    credential: credentials.choose,
    noteLimit: credentials.noteLimit,
    claudeLogin,
    registries: start.registries,
    sandboxLink: start.sandbox_link,
    preparedBytesMax: start.prepared_bytes_max,
    engineAddress: start.docker_host ?? "default",
    user,
    ...voices,
  };
}
