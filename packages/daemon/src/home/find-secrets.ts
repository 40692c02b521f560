/** Finds where each known secret of a home comes from. It never returns a value. */
import { readIfThere } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import { parseSecrets } from "@aedev/host/secrets-file";
import type { HomeOptions } from "../configuration/load-configuration.ts";
import { secretNames, secretPlanes, sortEnvironmentSecrets } from "./secrets.ts";

/** Where a secret was found. `empty`: its variable is set but empty, so it counts as missing even if the file has a value. */
export type SecretSource = "environment" | "file" | "empty" | "nowhere";

/** The source of each known secret. A variable wins over the file, as in a daemon started from this environment. */
export function findSecrets({ home, environment }: HomeOptions): Record<string, SecretSource> {
  const given = sortEnvironmentSecrets(environment);
  const layout = homeLayout(home);
  const kept: Readonly<Record<string, string>> = Object.assign(
    {},
    ...secretPlanes.map((plane) => parseSecrets(readIfThere(layout.secrets(plane)) ?? "").secrets),
  );
  const sources: Record<string, SecretSource> = {};
  for (const name of secretNames) {
    const value = secretPlanes.map((plane) => given[plane][name]).find((found) => found !== undefined);
    if (value !== undefined) sources[name] = value.trim() === "" ? "empty" : "environment";
    else sources[name] = (kept[name] ?? "") === "" ? "nowhere" : "file";
  }
  return sources;
}
