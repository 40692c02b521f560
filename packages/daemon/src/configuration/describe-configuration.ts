/** Lists every key of configuration and policy with its value and source, and sets a key. */
import { join } from "node:path";
import { Fault, isFault } from "@aedev/contracts";
import { isRecord } from "@aedev/core";
import { homeLayout } from "@aedev/host/home-layout";
import { productRoot } from "@aedev/host/product";
import { budgetKeys, isDollarKey } from "./budget-keys.ts";
import { environmentValues, type HomeOptions, loadConfiguration } from "./load-configuration.ts";
import { loadPolicy } from "./load-policy.ts";
import { type OverlayName, type OverlayValue, writeOverlay } from "./write-overlay.ts";
import { parseYaml, readYamlFile } from "./yaml-document.ts";

export interface ConfiguredKey {
  /** Such as `limits.run_timeout`. */
  readonly key: string;
  /** As written in the file. */
  readonly value: unknown;
  /** `default`: the shipped file. */
  readonly source: "default" | "environment" | OverlayName;
  /** The variable's name, if the value comes from the environment. */
  readonly variable: string | null;
  /** The overlay into which `config set` writes this key. */
  readonly file: OverlayName;
}

const shippedNames = { "config.yaml": "default.yaml", "policies.yaml": "policies.yaml" } as const;

/** All keys, in the order of the shipped files. Throws a Fault `config-invalid` as the daemon's start would. */
export function describeConfiguration(options: HomeOptions): ConfiguredKey[] {
  loadConfiguration(options);
  loadPolicy(options);
  const { configuration, policies } = homeLayout(options.home);
  const given = new Map(environmentValues(options.environment).map((one) => [`${one.section}.${one.key}`, one]));
  return [
    ...keysOf("config.yaml", readYamlFile(configuration)).map((key) => {
      const variable = given.get(key.key);
      return variable === undefined
        ? key
        : { ...key, value: variable.value, source: "environment" as const, variable: variable.name };
    }),
    ...keysOf("policies.yaml", readYamlFile(policies)),
  ];
}

/**
 * Sets one key in the home's overlay; `text` is the value as YAML, such as `10m`, `true`, `null` or `[a, b]`. Throws a Fault `config-invalid` and changes
 * nothing if the key is unknown or the result would not load. `overridden_by`: the variable that wins over the file. `live`: a running daemon takes the new
 * value without a restart.
 */
export function setConfiguration({ home, environment, key, text }: HomeOptions & { key: string; text: string }): {
  key: string;
  value: unknown;
  file: OverlayName;
  changed: boolean;
  live: boolean;
  overridden_by: string | null;
} {
  const known = describeConfiguration({ home, environment }).find((one) => one.key === key);
  if (known === undefined)
    throw new Fault("config-invalid", `there is no key ${JSON.stringify(key)}`, { hint: "aedev config show" });
  const parsed = parseYaml(text, `the value of ${key}`);
  // The file has 2.50 as text, because fractions of dollars are not numbers there.
  const value = isDollarKey(key) && typeof parsed === "number" && !Number.isInteger(parsed) ? text.trim() : parsed;
  if (!isOverlayValue(value) || text.trim() === "")
    throw new Fault("config-invalid", `the value of ${key} is no text, number, list, true, false or null`, {
      hint: "aedev config set --help",
    });
  const changed = withValue(key, text, () => writeOverlay({ home, name: known.file, values: { [key]: value } }));
  return { key, value, file: known.file, changed, live: isLive(key), overridden_by: known.variable };
}

/** The file loaded before, so the typed value is at fault, and the hint must not ask to edit a file. */
function withValue<T>(key: string, text: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!isFault(error, "config-invalid")) throw error;
    const why = error.message.split(`${key}: `)[1] ?? error.message;
    throw new Fault("config-invalid", `${JSON.stringify(text)} is no value for ${key}: ${why}; nothing was changed`, {
      cause: error,
      hint: `aedev config show ${key}`,
    });
  }
}

/** Whether a running daemon reads the key again when its file changes (`live-budgets.ts`). */
function isLive(key: string): boolean {
  return key === "limits.run_timeout" || Object.keys(budgetKeys).some((name) => key === `limits.${name}`);
}

function isOverlayValue(value: unknown): value is OverlayValue {
  if (Array.isArray(value)) return value.every((one) => typeof one === "string" || typeof one === "number");
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

function keysOf(file: OverlayName, overlay: unknown): ConfiguredKey[] {
  const set = leavesOf(overlay);
  return [...leavesOf(readYamlFile(join(productRoot, "config", shippedNames[file])))].map(([key, shipped]) => {
    const isSet = set.has(key);
    return { key, value: isSet ? set.get(key) : shipped, source: isSet ? file : "default", variable: null, file };
  });
}

/** Every value in a document that is not a section, by its key path. */
export function leavesOf(document: unknown, path = ""): Map<string, unknown> {
  if (!isRecord(document)) return new Map(path === "" ? [] : [[path, document]]);
  const entries = Object.entries(document);
  return new Map(entries.flatMap(([key, value]) => [...leavesOf(value, path === "" ? key : `${path}.${key}`)]));
}
