/**
 * The seccomp profiles of our containers (SECURITY T34) in the engine's format: an allow-list of the system calls that ordinary programs need, on x86_64 and
 * aarch64 only, so that no 32-bit program runs. The lists are in `seccomp/profile.json`; docs/SECCOMP.md explains them.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";

/**
 * `coder`: the coder's run. `checks`: every command without network. `fetch`: the step whose programs use the registry proxy. `traced`: like `checks`, but a
 * command may trace its own processes.
 */
export const seccompKinds = ["coder", "checks", "fetch", "traced"] as const;
export type SeccompKind = (typeof seccompKinds)[number];

const ruleSchema = z.strictObject({
  comment: z.string(),
  names: z.array(z.string()),
  action: z.enum(["SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO"]),
  errnoRet: z.int().optional(),
  args: z
    .array(
      z.strictObject({
        index: z.int(),
        value: z.int(),
        valueTwo: z.int().optional(),
        op: z.enum(["SCMP_CMP_EQ", "SCMP_CMP_MASKED_EQ"]),
      }),
    )
    .optional(),
});
const rulesSchema = z.array(ruleSchema);
const profileSchema = z.strictObject({
  /** Allowed system calls by purpose, with any arguments. */
  allowed: z.record(z.string(), z.array(z.string())),
  rules: z.strictObject({
    every: rulesSchema,
    coder: rulesSchema,
    checks: rulesSchema,
    fetch: rulesSchema,
    traced: rulesSchema,
  }),
});

const architectures = ["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"];
const profiles = new Map<SeccompKind, string>();

/** The profile as JSON, for `SecurityOpt`. All other calls fail with "not permitted". */
export function seccompProfile(kind: SeccompKind): string {
  const known = profiles.get(kind);
  if (known !== undefined) return known;
  const path = new URL("../../seccomp/profile.json", import.meta.url);
  const { allowed, rules } = profileSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  const plain = Object.values(allowed).flatMap((lines) => lines.flatMap((line) => line.split(" ")));
  const profile = JSON.stringify({
    defaultAction: "SCMP_ACT_ERRNO",
    archMap: architectures.map((architecture) => ({ architecture, subArchitectures: [] })),
    syscalls: [{ names: plain, action: "SCMP_ACT_ALLOW" }, ...rules.every, ...rules[kind]],
  });
  profiles.set(kind, profile);
  return profile;
}
