/** The engine's containers of one home, by the home's label, so that concurrent tests don't see each other's. */
import { execa } from "execa";
import type { Laboratory } from "./laboratory.ts";

/** Runs the Docker client and returns its standard output. */
export async function docker(args: readonly string[], input = ""): Promise<string> {
  return (await execa("docker", [...args], { input })).stdout;
}

/** The id that labels every container of this home. */
export async function homeOf(laboratory: Laboratory): Promise<string> {
  const first = (await laboratory.must("events", "export")).stdout.split("\n")[0] ?? "";
  return (JSON.parse(first) as { data: { home_id: string } }).data.home_id;
}

interface Inspected {
  readonly HostConfig: Record<string, unknown>;
  readonly Mounts: readonly { Destination: string }[];
  readonly Config: { User: string };
}

/** Inspects the containers of a home's checks as they start, until it is stopped. */
export function watchContainers(homeId: string): { stop: () => Promise<Inspected[]> } {
  const filters = [`label=aedev.home=${homeId}`, "label=aedev.kind=checks", "type=container", "event=start"];
  const events = execa(
    "docker",
    ["events", "--format", "{{.ID}}", ...filters.flatMap((filter) => ["--filter", filter])],
    {
      reject: false,
    },
  );
  const found: Inspected[] = [];
  const reading = (async () => {
    for await (const id of events) {
      const { exitCode, stdout } = await execa("docker", ["inspect", String(id)], { reject: false });
      // A container that is already gone shows nothing.
      if (exitCode === 0) found.push(...(JSON.parse(stdout) as Inspected[]));
    }
  })();
  return {
    async stop() {
      events.kill();
      await reading;
      return found;
    },
  };
}

/** Ids of a home's containers that match the filters. */
export async function containersOf(homeId: string, ...filters: string[]): Promise<string[]> {
  const labels = [`label=aedev.home=${homeId}`, ...filters].flatMap((filter) => ["--filter", filter]);
  return (await docker(["ps", "-aq", "--no-trunc", ...labels])).split("\n").filter((line) => line !== "");
}
