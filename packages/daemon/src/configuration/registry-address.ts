/** Parses a registry address in `config.yaml` for the fetch step: an origin, which may be marked as private. It contacts nothing. */
import type { Registry } from "@aedev/contracts";
import { z } from "zod";

const textSchema = z.string().max(300);

/** `private: true` allows addresses of this machine or a private network; only there may it be plain http. */
export const registryAddressSchema = z
  .union([textSchema, z.strictObject({ origin: textSchema, private: z.boolean() })])
  .transform((given, context): Registry => {
    const { origin, private: isPrivate } = typeof given === "string" ? { origin: given, private: false } : given;
    const parts = partsOf(origin);
    if (parts !== null && (parts.secure || isPrivate)) return { ...parts, private: isPrivate };
    context.addIssue(
      parts === null
        ? "needs an origin such as https://registry.npmjs.org, without path or credentials"
        : "plain http needs {origin, private: true}",
    );
    return z.NEVER;
  });

/** Null if the text has anything besides scheme, name and port. */
function partsOf(text: string): Omit<Registry, "private"> | null {
  const url = URL.parse(text);
  if (url === null || !/^https?:\/\/[^/?#@\\\s]+\/?$/i.test(text)) return null;
  const host = url.hostname;
  if (!/^([a-z0-9_.-]+|\[[0-9a-f:.]+\])$/.test(host) || host.endsWith(".")) return null;
  const secure = url.protocol === "https:";
  return { host, port: url.port === "" ? (secure ? 443 : 80) : Number(url.port), secure };
}
