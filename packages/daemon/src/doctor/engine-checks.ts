/** Checks the Docker engine for runs: whether it answers, has the runner image and can enforce the sandbox's limits, and over which link model calls go. It starts nothing. */

import { request } from "@aedev/host/node-http";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import type { Configuration } from "../configuration/configuration-schema.ts";
import type { HomeOptions } from "../configuration/load-configuration.ts";
import { advice, type Check, mebibytes } from "./check.ts";
import { linkCheck } from "./link-check.ts";

/** How long Docker may take to answer. */
const dockerTimeoutMs = 10_000;
const answerBytesMax = 1024 * 1024;
const usualAddress = "unix:///var/run/docker.sock";

type Environment = NodeJS.ProcessEnv;

export async function engineChecks(
  { home, environment }: HomeOptions,
  configuration: Configuration | null,
): Promise<Check[]> {
  const info = await askDocker(environment, "/info");
  const docker: Check = {
    name: "docker",
    ok: info.ok,
    found: info.found,
    help: "./scripts/setup installs and starts Docker; DOCKER_HOST selects another engine",
  };
  const choice = configuration?.system.sandbox_link ?? "auto";
  const engine = environment["DOCKER_HOST"] ?? "default";
  const link = linkCheck({ home, choice, engine, address: addressOf(environment) });
  return [
    docker,
    ...(info.ok ? [limitsCheck(info.body, configuration), link] : []),
    await imageCheck(environment, configuration),
  ];
}

async function imageCheck(environment: Environment, configuration: Configuration | null): Promise<Check> {
  const image = configuration?.system.runner_image ?? "";
  const answer = await askDocker(environment, `/images/${encodeURIComponent(image)}/json`);
  return {
    name: "runner image",
    ok: answer.ok,
    found: answer.ok ? image : `${image} is missing`,
    help: "./scripts/setup builds it",
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

/** The limits that the engine itself says it can't enforce. Exported for tests: `body` is its answer to `/info`. */
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
      ? [`the machine has ${mebibytes(info.MemTotal)}, less than limits.memory of a single run`]
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

interface EngineAnswer {
  readonly ok: boolean;
  readonly found: string;
  readonly body: unknown;
}

/** One GET to the Docker engine at DOCKER_HOST (unix or tcp) or the default socket. */
function askDocker(environment: Environment, path: string): Promise<EngineAnswer> {
  const address = addressOf(environment);
  const target = engineTarget(address);
  const none = (found: string): EngineAnswer => ({ ok: false, found, body: null });
  if (target === null) return Promise.resolve(none(`${address}: not a unix:// or tcp:// address`));
  return new Promise((resolve) => {
    const call = request({ ...target, path, timeout: dockerTimeoutMs }, (response) => {
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      response.on("data", (chunk: Buffer) => {
        sizeBytes += chunk.length;
        if (sizeBytes <= answerBytesMax) chunks.push(chunk);
      });
      response.on("error", (error) => resolve(none(`${address}: ${error.message}`)));
      response.on("end", () => {
        const ok = response.statusCode === 200;
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({
          ok,
          found: `${address} ${ok ? "answers" : `answers ${response.statusCode}`}`,
          body: parseJson(text),
        });
      });
    });
    call.on("timeout", () => call.destroy(new Error("no answer in time")));
    call.on("error", (error) => resolve(none(`${address}: ${error.message}`)));
    call.end();
  });
}

function addressOf(environment: Environment): string {
  return environment["DOCKER_HOST"] || usualAddress;
}

function engineTarget(address: string): { socketPath: string } | { host: string; port: string } | null {
  if (address.startsWith("unix://")) return { socketPath: address.slice("unix://".length) };
  const url = URL.parse(address);
  return url !== null && /^(tcp|https?):$/.test(url.protocol) ? { host: url.hostname, port: url.port } : null;
}
