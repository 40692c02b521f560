/**
 * Which entries a judge is shown, and how. Framing is left out (THREATS T22): no author, branch, model, mission id, tokens or cost;
 * the secret report, the base and the tree are control's own business.
 */
import {
  checksSchema,
  dependencyChangesSchema,
  type EvidenceName,
  environmentSchema,
  Fault,
  pathReportSchema,
  type Specification,
  specificationSchema,
  testChangesSchema,
  testMatrixSchema,
} from "@aedev/core/wire";
import { type Bundle, parsedJson } from "../bundle.ts";
import { type Patch, parsePatch } from "../patch.ts";
import { patchText } from "./patch-text.ts";
import { testMatrixText } from "./test-matrix-text.ts";
import { barred } from "./visible-text.ts";

const shownNames = [
  "specification",
  "patch",
  "checks",
  "test-matrix",
  "test-changes",
  "path-report",
  "dependency-changes",
  "environment",
] as const satisfies readonly EvidenceName[];
type ShownName = (typeof shownNames)[number];

interface Section {
  name: ShownName;
  /** Every line of it begins with a bar or a number and a bar. */
  body: string;
}
/** What the judge reads and what the answer is held against. */
export interface Evidence {
  specification: Specification;
  patch: Patch;
  sections: Section[];
}

/** Throws a Fault `BUNDLE-DIGEST` when an entry does not have its form or the bundle has no specification or patch. */
export function readEvidence(bundle: Bundle): Evidence {
  const specification = parsedJson(bytesOf(bundle, "specification"), specificationSchema.parse, "the specification");
  const patch = parsePatch(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytesOf(bundle, "patch")));
  const bodyOf = (name: ShownName, bytes: Uint8Array): string => {
    if (name === "patch") return patchText(patch);
    return barred(name === "specification" ? specificationText(specification) : textOf[name](bytes));
  };
  const sections = shownNames.flatMap((name) => {
    const bytes = bundle.entries.get(name);
    return bytes === undefined ? [] : [{ name, body: bodyOf(name, bytes) }];
  });
  return { specification, patch, sections };
}

/** What the person asked for, with their answers to what was unclear and their later words on changes that were sent back. */
function specificationText({ title, text, clarifications = [], instructions = [] }: Specification): string {
  const answers = clarifications.map(({ question, answer }) => `Asked: ${question}\nThe person answered: ${answer}`);
  const words = instructions.map((said) => `The person sent an earlier change back with the words:\n${said}`);
  return [title, text, ...answers, ...words].join("\n\n");
}

function bytesOf(bundle: Bundle, name: EvidenceName): Uint8Array {
  const bytes = bundle.entries.get(name);
  if (bytes === undefined) throw new Fault("BUNDLE-DIGEST", `bundle ${bundle.digest} has no ${name}`);
  return bytes;
}

const indented = (value: unknown): string => JSON.stringify(value, null, 1);
const textOf: Record<Exclude<ShownName, "patch" | "specification">, (bytes: Uint8Array) => string> = {
  checks: (bytes) => indented(parsedJson(bytes, checksSchema.parse, "checks")),
  "test-matrix": (bytes) => testMatrixText(parsedJson(bytes, testMatrixSchema.parse, "the test matrix")),
  "test-changes": (bytes) => indented(parsedJson(bytes, testChangesSchema.parse, "the test changes")),
  "path-report": (bytes) => indented(parsedJson(bytes, pathReportSchema.parse, "the path report")),
  "dependency-changes": (bytes) => indented(parsedJson(bytes, dependencyChangesSchema.parse, "the dependency changes")),
  environment: (bytes) => {
    const { image, image_id, engine_version } = parsedJson(bytes, environmentSchema.parse, "the environment");
    return indented({ image, image_id, engine_version });
  },
};
