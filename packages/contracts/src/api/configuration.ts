/** The configuration and the policy, key by key, for reading only. */
import { z } from "zod";

const configuredKeySchema = z.strictObject({
  /** Such as `limits.run_timeout`. */
  key: z.string(),
  /** As written in the file, in JSON. */
  value: z.string(),
  /** `default`: the shipped file. */
  source: z.enum(["default", "environment", "config.yaml", "policies.yaml"]),
  /** The variable that the value comes from; null: it does not come from the environment. */
  variable: z.string().nullable(),
  /** The command that changes it. */
  change: z.string(),
});

export const configurationRouteRows = {
  showConfiguration: {
    method: "GET",
    role: "admin",
    path: "/api/configuration",
    summary:
      "Show every key of the configuration and the policy, where its value is from, and the command that changes it",
    answer: z.strictObject({ keys: z.array(configuredKeySchema) }).meta({ id: "Configuration" }),
    refusals: [409],
  },
} as const;
