/** What leaves a sandbox, and how: the registries that the fetch step of prepare may reach (THREATS T8), and the link by which a container reaches a socket of ours. */
import { z } from "zod";

/** One package registry, from the operator's configuration only. */
export const registrySchema = z.strictObject({
  /** Lower case, without a dot at the end; an IPv6 address stands in brackets. */
  host: z
    .string()
    .max(253)
    .regex(/^([a-z0-9_.-]+|\[[0-9a-f:.]+\])$/),
  port: z.int().min(1).max(65_535),
  /** True: TLS by CONNECT. False: plain GET requests. */
  secure: z.boolean(),
  /** Whether it may have an address of this machine or of a private network. */
  private: z.boolean(),
});
export type Registry = z.infer<typeof registrySchema>;

/** `auto`: a probe chooses. `socket`: the socket's folder is mounted. `exec`: a relay in the container speaks over the standard streams of an exec. */
export const sandboxLinkSchema = z.enum(["auto", "socket", "exec"]);
export type SandboxLinkChoice = z.infer<typeof sandboxLinkSchema>;

/** What the execution plane last found about its link, kept in the home for the doctor. */
export const linkRecordSchema = z.strictObject({
  kind: z.enum(["socket", "exec"]),
  why: z.string().max(300),
  /** The engine it was found on. */
  engine: z.string().max(300),
});
export type LinkRecord = z.infer<typeof linkRecordSchema>;
