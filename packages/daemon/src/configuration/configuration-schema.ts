/** The shape of `config/default.yaml` and of the operator's `config.yaml`: strict, units as text in the file, whole milliseconds and bytes in the program. */
import { durationMsSchema, sizeBytesSchema } from "@aedev/core";
import type { GatewayLimits, RunLimits } from "@aedev/core/wire";
import { z } from "zod";

export const portSchema = z.coerce
  .number("not a port")
  .int("not a port")
  .min(0, "not a port")
  .max(65_535, "not a port");
export const modelNameSchema = z.string().min(1).max(100);
/** Where a model answers. Plain http is for this machine only: a credential goes there. */
export const addressSchema = z.url({ protocol: /^https?$/, error: "not an http(s) address" }).refine((text) => {
  const url = URL.parse(text);
  if (url === null || url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") return false;
  return url.protocol === "https:" || /^(localhost|127(\.[0-9]{1,3}){3}|\[::1\])$/.test(url.hostname);
}, "needs https (http only on loopback) and no credentials, query or fragment");
/** Goes into a commit's author line as it is. */
const identitySchema = z
  .string()
  .regex(/^[^<>\p{Cc}]{1,200}$/v, "can't hold '<', '>' or control characters and is 1 to 200 characters");
const countSchema = z.int().positive();

export const configurationSourceSchema = z.strictObject({
  system: z.strictObject({
    allow_remote_writes: z.boolean(),
    port: z.int().min(0).max(65_535),
    runner_image: z.string().min(1).max(300),
  }),
  auth: z.strictObject({ allow_api_key: z.boolean() }),
  limits: z.strictObject({
    run_timeout: durationMsSchema,
    check_timeout: durationMsSchema,
    prepare_timeout: durationMsSchema,
    docker_deadline: durationMsSchema,
    memory: sizeBytesSchema,
    pids: countSchema,
    cpus: z.number().min(0.1).max(1024),
    file_size: sizeBytesSchema,
    tmpfs: sizeBytesSchema,
    run_bytes: sizeBytesSchema,
    run_files: countSchema,
    capture_file: sizeBytesSchema,
    patch: sizeBytesSchema,
    output_tail: sizeBytesSchema,
    disk_free: sizeBytesSchema,
    run_tokens: countSchema,
    output_tokens: countSchema,
    requests_in_flight: countSchema,
    requests: countSchema,
    request_bytes: sizeBytesSchema,
    response_bytes: sizeBytesSchema,
  }),
  models: z.strictObject({
    coder: modelNameSchema,
    coder_small: modelNameSchema,
    openai: modelNameSchema,
    gemini: modelNameSchema,
  }),
  addresses: z.strictObject({
    anthropic: addressSchema,
    openai: addressSchema.nullable(),
    gemini: addressSchema.nullable(),
  }),
  landing: z.strictObject({
    author_name: identitySchema,
    author_email: identitySchema,
    git_timeout: durationMsSchema,
  }),
});
type ConfigurationSource = z.infer<typeof configurationSourceSchema>;

/** What the daemon runs with. `addresses.openai` and `gemini` null: the official client's own address. `system.port` 0: any free port. */
export interface Configuration {
  readonly system: ConfigurationSource["system"];
  readonly auth: ConfigurationSource["auth"];
  readonly runLimits: RunLimits;
  readonly gatewayLimits: GatewayLimits;
  readonly models: ConfigurationSource["models"];
  readonly addresses: ConfigurationSource["addresses"];
  readonly landing: { readonly author_name: string; readonly author_email: string; readonly git_timeout_ms: number };
}

/** The file's names become the wire's, which carry their unit. */
export function configurationOf({ limits, landing, ...source }: ConfigurationSource): Configuration {
  return {
    ...source,
    runLimits: {
      run_timeout_ms: limits.run_timeout,
      check_timeout_ms: limits.check_timeout,
      prepare_timeout_ms: limits.prepare_timeout,
      docker_deadline_ms: limits.docker_deadline,
      memory_bytes: limits.memory,
      pids: limits.pids,
      cpu_millis: Math.round(limits.cpus * 1000),
      file_size_bytes: limits.file_size,
      tmpfs_bytes: limits.tmpfs,
      run_bytes: limits.run_bytes,
      run_files: limits.run_files,
      capture_file_bytes: limits.capture_file,
      patch_bytes: limits.patch,
      output_tail_bytes: limits.output_tail,
      disk_free_bytes: limits.disk_free,
    },
    gatewayLimits: {
      model: source.models.coder,
      small_model: source.models.coder_small,
      max_output_tokens: limits.output_tokens,
      run_tokens: limits.run_tokens,
      requests_in_flight: limits.requests_in_flight,
      requests_max: limits.requests,
      request_bytes: limits.request_bytes,
      response_bytes: limits.response_bytes,
    },
    landing: {
      author_name: landing.author_name,
      author_email: landing.author_email,
      git_timeout_ms: landing.git_timeout,
    },
  };
}
