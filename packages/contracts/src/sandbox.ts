/** How a sandbox reaches the outside: the registries that the fetch step of prepare may use (SECURITY T8), and the link from a container to a socket of the runner. */
import { z } from "zod";

/** One package registry, from the operator's configuration only. */
export const registrySchema = z.strictObject({
  /** Lower case, without a trailing dot; an IPv6 address is in brackets. */
  host: z
    .string()
    .max(253)
    .regex(/^([a-z0-9_.-]+|\[[0-9a-f:.]+\])$/),
  port: z.int().min(1).max(65_535),
  /** True: TLS by CONNECT. False: plain GET requests. */
  secure: z.boolean(),
  /** True: its address may be on this machine or in a private network. */
  private: z.boolean(),
});
export type Registry = z.infer<typeof registrySchema>;

/** `auto`: a probe chooses. `socket`: the socket's folder is mounted. `exec`: a relay in the container speaks over the standard streams of an exec. */
export const sandboxLinkSchema = z.enum(["auto", "socket", "exec"]);
/** The link that the operator chose. */
export type SandboxLinkChoice = z.infer<typeof sandboxLinkSchema>;

/** The link that the execution plane last chose, stored in the home for the doctor. */
export const linkRecordSchema = z.strictObject({
  kind: z.enum(["socket", "exec"]),
  why: z.string().max(300),
  /** The engine that the link was found on. */
  engine: z.string().max(300),
});
export type LinkRecord = z.infer<typeof linkRecordSchema>;
