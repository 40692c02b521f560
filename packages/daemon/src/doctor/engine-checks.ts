/** Checks the Docker engine for runs: whether it answers, has the runner image and can enforce limits, and which link model calls take. It starts nothing. */

import { sizeText } from "@aedev/contracts";
import { z } from "zod";
import type { Configuration } from "../configuration/configuration-schema.ts";
import type { HomeOptions } from "../configuration/load-configuration.ts";
import { askEngine, engineAddress } from "../control/ask-engine.ts";
import { advice, type Check } from "./check.ts";
import { linkCheck } from "./link-check.ts";

/** How long Docker may take to answer. */
const dockerTimeoutMs = 10_000;

type Environment = NodeJS.ProcessEnv;

export async function engineChecks(
  { home, environment }: HomeOptions,
  configuration: Configuration | null,
): Promise<Check[]> {
  const info = await askEngine(environment, "/info", { timeoutMs: dockerTimeoutMs });
  const docker: Check = {
    name: "docker",
    ok: info.ok,
    found: info.found,
    help: "installed and started by: aedev setup; DOCKER_HOST selects another engine",
  };
  const choice = configuration?.system.sandbox_link ?? "auto";
  const engine = environment["DOCKER_HOST"] ?? "default";
  const link = linkCheck({ home, choice, engine, address: engineAddress(environment) });
  return [
    docker,
    ...(info.ok ? [limitsCheck(info.body, configuration), link] : []),
    await imageCheck(environment, configuration),
  ];
}

async function imageCheck(environment: Environment, configuration: Configuration | null): Promise<Check> {
  const image = configuration?.system.runner_image ?? "";
  const answer = await askEngine(environment, `/images/${encodeURIComponent(image)}/json`, {
    timeoutMs: dockerTimeoutMs,
  });
  return {
    name: "runner image",
    ok: answer.ok,
    found: answer.ok ? image : `${image} is missing`,
    help: "aedev setup",
  };
}

const infoSchema = z.looseObject({
  MemoryLimit: z.boolean().optional(),
  SwapLimit: z.boolean().optional(),
  PidsLimit: z.boolean().optional(),
  CpuCfsQuota: z.boolean().optional(),
  MemTotal: z.int().optional(),
  CgroupVersion: z.string().optional(),
  SecurityOptions: z.array(z.string()).nullish(),
});

/** The limits that the engine says it can't enforce. `body`: its answer to `/info`. Exported for tests. */
export function limitsCheck(body: unknown, configuration: Configuration | null): Check {
  const info = infoSchema.safeParse(body).data ?? {};
  const memoryBytes = configuration?.runLimits.memory_bytes ?? 0;
  const weak = [
    ...(info.MemoryLimit === false ? ["memory"] : []),
    ...(info.SwapLimit === false ? ["swap"] : []),
    ...(info.PidsLimit === false ? ["processes"] : []),
    ...(info.CpuCfsQuota === false ? ["CPU"] : []),
  ];
  const words = [
    ...(weak.length > 0 ? [`the engine can't limit ${weak.join(", ")}`] : []),
    ...(info.MemTotal !== undefined && info.MemTotal < memoryBytes
      ? [`the machine has ${sizeText(info.MemTotal)}, less than limits.memory of a single run`]
      : []),
    ...(info.SecurityOptions?.some((option) => option.includes("seccomp")) === false ? ["no seccomp filter"] : []),
  ];
  return advice({
    name: "sandbox limits",
    ok: words.length === 0,
    found:
      words.length > 0
        ? words.join("; ")
        : `memory, swap, processes and CPU are enforced (cgroup v${info.CgroupVersion ?? "?"})`,
    help: "boot the kernel with cgroup_enable=memory swapaccount=1, or lower limits.memory in config.yaml",
  });
}
