/**
 * Loads the daemon's configuration: the shipped `config/default.yaml`, overridden by the operator's `config.yaml` and then by the environment. It writes no
 * file.
 * Folder: loading `config.yaml` and `policies.yaml`, and setting keys in them.
 */
import { join } from "node:path";
import { overlayDocuments, type PolicyProblem, problemsOf } from "@aedev/core";
import { homeLayout } from "@aedev/host/home-layout";
import { productRoot } from "@aedev/host/product";
import type { z } from "zod";
import {
  addressSchema,
  type Configuration,
  configurationOf,
  configurationSourceSchema,
  modelNameSchema,
  originSchema,
  portSchema,
  topicSchema,
} from "./configuration-schema.ts";
import { judgeProblems } from "./judge-vendors.ts";
import { landingIdentityProblems } from "./landing-identity.ts";
import { invalidDocument, parseYaml, readYamlFile } from "./yaml-document.ts";

/** `home`: the operator's folder; `environment`: usually `process.env`. */
export interface HomeOptions {
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The only variables that change the configuration; an unset or empty one changes nothing. */
const environmentKeys: Readonly<Record<string, { section: string; key: string; schema: z.ZodType }>> = {
  AEDEV_PORT: { section: "system", key: "port", schema: portSchema },
  AEDEV_ANTHROPIC_BASE_URL: { section: "addresses", key: "anthropic", schema: addressSchema },
  AEDEV_OPENAI_BASE_URL: { section: "addresses", key: "openai", schema: addressSchema },
  AEDEV_OPENAI_MODEL: { section: "models", key: "openai", schema: modelNameSchema },
  AEDEV_GEMINI_BASE_URL: { section: "addresses", key: "gemini", schema: addressSchema },
  AEDEV_NTFY_URL: { section: "notifications", key: "url", schema: addressSchema },
  AEDEV_NTFY_TOPIC: { section: "notifications", key: "topic", schema: topicSchema },
  AEDEV_NTFY_REPLY_TOPIC: { section: "notifications", key: "reply_topic", schema: topicSchema },
  AEDEV_PUBLIC_URL: { section: "notifications", key: "public_url", schema: addressSchema },
  AEDEV_APPROVAL_PORT: { section: "notifications", key: "approval_port", schema: portSchema },
  AEDEV_GITHUB_URL: { section: "github", key: "url", schema: originSchema },
  AEDEV_GITHUB_API_URL: { section: "github", key: "api_url", schema: addressSchema },
  AEDEV_GEMINI_MODEL: { section: "models", key: "gemini", schema: modelNameSchema },
  AEDEV_COMPATIBLE_BASE_URL: { section: "addresses", key: "compatible", schema: addressSchema },
  AEDEV_COMPATIBLE_MODEL: { section: "models", key: "compatible", schema: modelNameSchema },
};

/** `operatorText` replaces the home's `config.yaml`. Throws a Fault `config-invalid` with file (or variable) and key path of each problem. */
export function loadConfiguration({
  home,
  environment,
  operatorText,
}: HomeOptions & { readonly operatorText?: string }): Configuration {
  const shippedFile = join(productRoot, "config", "default.yaml");
  const shipped = readYamlFile(shippedFile);
  const { landing } = parseSource(shipped, shippedFile);
  const operatorFile = homeLayout(home).configuration;
  const operator = operatorText === undefined ? readYamlFile(operatorFile) : parseYaml(operatorText, operatorFile);
  const overlaid = overlayDocuments(shipped, operator ?? undefined);
  parseSource(overlaid, operatorFile);
  const given = fromEnvironment(environment);
  const source = parseSource(overlayDocuments(overlaid, given), "environment");
  const problems = judgeProblems(source);
  const identity = landingIdentityProblems(source.landing, landing);
  if (identity.length > 0) throw invalidDocument(operatorFile, identity);
  if (problems.length > 0)
    throw invalidDocument(namesJudges(given) ? `${operatorFile} or environment` : operatorFile, problems);
  return configurationOf(source);
}

function namesJudges({ models, addresses }: Record<string, Record<string, unknown>>): boolean {
  return models !== undefined || addresses !== undefined;
}

function parseSource(document: unknown, file: string) {
  const parsed = configurationSourceSchema.safeParse(document ?? {});
  if (!parsed.success) throw invalidDocument(file, problemsOf(parsed.error));
  return parsed.data;
}

function fromEnvironment(environment: HomeOptions["environment"]): Record<string, Record<string, unknown>> {
  const sections: Record<string, Record<string, unknown>> = {};
  for (const { section, key, value } of environmentValues(environment))
    sections[section] = { ...sections[section], [key]: value };
  return sections;
}

/** The values from the environment, each with its variable. Throws a Fault `config-invalid` that names each variable with a bad value. */
export function environmentValues(
  environment: HomeOptions["environment"],
): readonly { readonly name: string; readonly section: string; readonly key: string; readonly value: unknown }[] {
  const problems: PolicyProblem[] = [];
  const values = Object.entries(environmentKeys).flatMap(([name, { section, key, schema }]) => {
    const text = environment[name];
    if (text === undefined || text === "") return [];
    const parsed = schema.safeParse(text);
    if (parsed.success) return [{ name, section, key, value: parsed.data }];
    problems.push({ path: name, message: parsed.error.issues[0]?.message ?? "refused" });
    return [];
  });
  if (problems.length > 0) throw invalidDocument("environment", problems);
  return values;
}
