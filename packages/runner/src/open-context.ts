/** Makes the context of a starting plane: its own secrets, the engine's address, the user of its containers. The secrets file of another plane is never opened. */
import { createHash } from "node:crypto";
import * as files from "node:fs";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createBlobStore, type Sha256, type StartExecution } from "@aedev/core/wire";
import { chooseCredential } from "./coder/preflight.ts";
import type { RunnerContext } from "./context.ts";
import { openDocker } from "./docker.ts";
import { openGit } from "./git.ts";

/** The user of the runner image; used where the host is root. */
const sandboxUser = { uid: 1000, gid: 1000 };

export const sha256: Sha256 = (content) => createHash("sha256").update(content).digest("hex");

export function openContext(start: StartExecution, voices: Pick<RunnerContext, "progress" | "refusal">): RunnerContext {
  const { home } = start;
  return {
    home,
    homeId: start.home_id,
    generation: start.generation,
    blobs: createBlobStore({
      files,
      dir: join(home, "blobs"),
      sha256,
      encode: (text) => new TextEncoder().encode(text),
      uniqueName: `execution-${process.pid}`,
    }),
    docker: openDocker({ dockerHost: start.docker_host, deadlineMs: start.docker_deadline_ms }),
    git: openGit(join(home, "run", "empty")),
    sha256,
    imageReference: start.image,
    promptsDir: start.prompts_dir,
    upstreamOrigin: start.anthropic_base_url,
    // Read for each run, so that `aedev secrets set` helps without a restart. What the environment gives, be it empty, wins over the file.
    credential: () => {
      const secrets = { ...readSecrets(join(home, "secrets", "execution.env")), ...start.secrets };
      return chooseCredential(secrets, { allowApiKey: start.allow_api_key });
    },
    registries: start.registries,
    sandboxLink: start.sandbox_link,
    engineAddress: start.docker_host ?? "default",
    user: containerUser(),
    ...voices,
  };
}

/** Lines `NAME=value`; whatever else stands there is no secret. */
function readSecrets(path: string): Record<string, string> {
  if (!existsSync(path)) return {};
  const secrets: Record<string, string> = {};
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const match = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line.trimEnd());
    if (match?.[1] !== undefined) secrets[match[1]] = match[2] ?? "";
  }
  return secrets;
}

/** Root on the host hands the folders over to the image's user; everybody else runs containers as themselves. */
export function containerUser(): RunnerContext["user"] {
  const uid = process.getuid?.() ?? sandboxUser.uid;
  const gid = process.getgid?.() ?? sandboxUser.gid;
  return uid === 0 ? { ...sandboxUser, chown: true } : { uid, gid, chown: false };
}
