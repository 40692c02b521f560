/** Loads the operator's policy and applies the base commit's `.aedev.yaml` for one run. Core has the rules; this file handles only files and names. */
import { join } from "node:path";
import { digestOf } from "@aedev/contracts";
import {
  mergePolicies,
  type Policy,
  problemsOf,
  type RepositoryOverlay,
  repositoryOverlaySchema,
  tightenPolicy,
} from "@aedev/core";
import { homeLayout } from "@aedev/host/home-layout";
import { productRoot } from "@aedev/host/product";
import { sha256 } from "@aedev/host/sha256";
import { readForeignYaml } from "./foreign-yaml.ts";
import { invalidDocument, parseYaml, readYamlFile } from "./yaml-document.ts";

/** `digest`: SHA-256 of the policy's canonical JSON, recorded by `PolicyLoaded` and every gate decision. */
export interface LoadedPolicy {
  readonly policy: Policy;
  readonly digest: string;
}

/** `operatorFile` replaces the home's `policies.yaml`, `operatorText` its content. Throws a Fault `config-invalid` with file and key path. */
export function loadPolicy(options: { home: string; operatorFile?: string; operatorText?: string }): LoadedPolicy {
  const shippedFile = join(productRoot, "config", "policies.yaml");
  const operatorFile = options.operatorFile ?? homeLayout(options.home).policies;
  const operator =
    options.operatorText === undefined ? readYamlFile(operatorFile) : parseYaml(options.operatorText, operatorFile);
  const merged = mergePolicies(readYamlFile(shippedFile), operator);
  if (merged.kind === "problems")
    throw invalidDocument(merged.layer === "shipped" ? shippedFile : operatorFile, merged.problems);
  return withDigest(merged.policy);
}

/** Parses a `.aedev.yaml`; `text` null: the base commit has none. Throws a Fault `config-invalid` with `.aedev.yaml` and the key path. */
export async function parseRepositoryOverlay(text: string | null): Promise<RepositoryOverlay> {
  const document = text === null ? null : await readForeignYaml(text, ".aedev.yaml");
  const parsed = repositoryOverlaySchema.safeParse(document ?? {});
  if (!parsed.success) throw invalidDocument(".aedev.yaml", problemsOf(parsed.error));
  return parsed.data;
}

/** The policy of one run: the operator's, tightened by the repository. */
export function policyForRepository(policy: Policy, overlay: RepositoryOverlay): LoadedPolicy {
  return withDigest(tightenPolicy(policy, overlay));
}

function withDigest(policy: Policy): LoadedPolicy {
  return { policy, digest: digestOf(policy, sha256) };
}
