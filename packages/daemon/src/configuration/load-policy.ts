/** Loads the operator's policy (`config/policies.yaml` with the overlay in the home) and, for one run, what the base commit's `.aedev.yaml` makes of it. The rules are core's; here are only files and names. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import {
  mergePolicies,
  type Policy,
  problemsOf,
  type RepositoryOverlay,
  repositoryOverlaySchema,
  tightenPolicy,
} from "@aedev/core";
import { digestOf } from "@aedev/core/wire";
import { foreignCharactersMax, invalid, parseYaml, readYamlFile } from "./yaml-document.ts";

/** `digest` is the SHA-256 of the policy's canonical JSON: `PolicyLoaded` and every gate name it. */
export interface LoadedPolicy {
  readonly policy: Policy;
  readonly digest: string;
}

/** `operatorFile` stands in for the home's `policies.yaml` (`policy check --policy FILE`), `operatorText` for what it holds. Throws a Fault CONFIG-INVALID naming file and key path. */
export function loadPolicy(places: {
  root: string;
  home: string;
  operatorFile?: string;
  operatorText?: string;
}): LoadedPolicy {
  const shippedFile = join(places.root, "config", "policies.yaml");
  const operatorFile = places.operatorFile ?? join(places.home, "policies.yaml");
  const operator =
    places.operatorText === undefined ? readYamlFile(operatorFile) : parseYaml(places.operatorText, operatorFile);
  const merged = mergePolicies(readYamlFile(shippedFile), operator);
  if (merged.kind === "problems")
    throw invalid(merged.layer === "shipped" ? shippedFile : operatorFile, merged.problems);
  return withDigest(merged.policy);
}

/** Parses a `.aedev.yaml`; `text` null means that the base commit has none. Throws a Fault CONFIG-INVALID naming `.aedev.yaml` and the key path. */
export function parseRepositoryOverlay(text: string | null): RepositoryOverlay {
  const document = text === null ? null : parseYaml(text, ".aedev.yaml", foreignCharactersMax);
  const parsed = repositoryOverlaySchema.safeParse(document ?? {});
  if (!parsed.success) throw invalid(".aedev.yaml", problemsOf(parsed.error));
  return parsed.data;
}

/** The policy of one run: the operator's, tightened by the repository. */
export function policyForRepository(policy: Policy, overlay: RepositoryOverlay): LoadedPolicy {
  return withDigest(tightenPolicy(policy, overlay));
}

function withDigest(policy: Policy): LoadedPolicy {
  return { policy, digest: digestOf(policy, (text) => createHash("sha256").update(text).digest("hex")) };
}
