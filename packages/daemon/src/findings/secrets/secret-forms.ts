/** Reads `config/secret-forms.yaml`, the documented forms of secrets, and compiles it to patterns. It scans nothing. */
import { join } from "node:path";
import { lazy } from "@aedev/contracts";
import { productRoot } from "@aedev/host/product";
import { z } from "zod";
import { readYamlFile } from "../../configuration/yaml-document.ts";

/** One documented form as a pattern. */
export interface SecretForm {
  readonly rule: string;
  /** A global pattern with indices; the secret is its first group, or the whole match without groups. */
  readonly pattern: RegExp;
  /** Lower-case literals, one of which every match contains. */
  readonly literals: readonly string[];
  /** The value must also look random. */
  readonly isRandom: boolean;
  /** The value must be the Base64 of `user:password`. */
  readonly isPair: boolean;
  /** False if ordinary names can have this form. */
  readonly isCertain: boolean;
}

/** A service whose values have no prefix, only a documented alphabet and length. */
export interface NamedValue {
  readonly rule: string;
  readonly names: readonly string[];
  /** The source of a regular expression. */
  readonly value: string;
}

const nonEmpty = z.string().min(1);
const form = z.strictObject({
  rule: nonEmpty,
  source: nonEmpty,
  starts: z.array(nonEmpty).min(1).optional(),
  rest: nonEmpty.optional(),
  near: z.array(nonEmpty).min(1).optional(),
  form: nonEmpty.optional(),
  any_case: z.boolean().default(false),
  pair: z.boolean().default(false),
  random: z.boolean().default(false),
  unclear: z.boolean().default(false),
});
const formsFile = z.strictObject({
  sources: z.record(z.string(), z.url({ protocol: /^https$/ })),
  forms: z.array(form).min(1),
  named: z
    .array(z.strictObject({ rule: nonEmpty, source: nonEmpty, names: z.array(nonEmpty).min(1), value: nonEmpty }))
    .min(1),
});

const file = lazy(() => formsFile.parse(readYamlFile(join(productRoot, "config/secret-forms.yaml"))));

/** The start of a prefix, which is not inside a word; the letter of an escape such as `\\n` is no part of a word. */
const prefixStart = String.raw`(?:(?<![A-Za-z0-9])|(?<=\\[nrtbfv]))`;

export const secretForms: () => readonly SecretForm[] = lazy(() =>
  file().forms.map((row) => {
    const { rule, starts, near, any_case, pair, random, unclear } = row;
    return {
      rule,
      pattern: new RegExp(patternOf(row), any_case ? "dgi" : "dg"),
      literals: (starts ?? near ?? []).map((literal) => literal.toLowerCase()),
      isRandom: random,
      isPair: pair,
      isCertain: !unclear,
    };
  }),
);

export const namedValues = (): readonly NamedValue[] => file().named;

function patternOf({ rule, starts, rest, near, form }: z.infer<typeof formsFile>["forms"][number]): string {
  if (starts !== undefined && rest !== undefined && form === undefined)
    return `${prefixStart}(?:${starts.map((start) => start.replaceAll(/[.+$]/g, "\\$&")).join("|")})${rest}`;
  if (near !== undefined && form !== undefined && starts === undefined)
    return form.replaceAll("(?<![A-Za-z0-9])", prefixStart);
  throw new Error(`config/secret-forms.yaml: ${rule} needs either starts and rest, or near and form`);
}
