/** Runs one small program of ours in a container and removes it, to learn what an image or an engine can do. It only reports. */
import type { RunnerContext } from "./context.ts";
import type { ContainerSpec } from "./engine.ts";

type Probe = Pick<
  ContainerSpec,
  "imageId" | "entrypoint" | "command" | "environment" | "mounts" | "seccomp" | "limits"
>;

/** Returns the program's exit code and the end of its output. Throws the engine's Faults. */
export async function runProbe(
  { timeoutMs, outputBytesMax, ...probe }: Probe & { readonly timeoutMs: number; readonly outputBytesMax: number },
  { docker, homeId, user }: Pick<RunnerContext, "docker" | "homeId" | "user">,
): Promise<{ ended: number | "timeout"; text: string }> {
  const id = await docker.create({
    ...probe,
    user: `${user.uid}:${user.gid}`,
    workingFolder: "/",
    labels: { "aedev.home": homeId, "aedev.kind": "probe" },
  });
  try {
    await docker.start(id);
    const ended = await docker.wait(id, { timeoutMs });
    const { text } = await docker.output(id, outputBytesMax);
    return { ended, text };
  } finally {
    await docker.remove(id);
  }
}
