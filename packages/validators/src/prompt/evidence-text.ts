/**
 * Which entries a judge is shown, in which order, and how. Framing is left out (THREATS T22): no author, branch, model, mission id, tokens or
 * cost; the secret report, the base and the tree are control's own business.
 */
import {
  checksSchema,
  dependencyChangesSchema,
  type EvidenceName,
  environmentSchema,
  Fault,
  mutationSampleSchema,
  pathReportSchema,
  type Specification,
  specificationSchema,
  testChangesSchema,
  testMatrixSchema,
  type ViewName,
} from "@aedev/core/wire";
import { sectionCharactersMax } from "../bounds.ts";
import { type Bundle, parsedJson } from "../bundle.ts";
import { type Patch, parsePatch } from "../patch.ts";
import { cappedLines } from "./capped.ts";
import {
  checksText,
  dependencyChangesText,
  mutationSampleText,
  pathReportText,
  testChangesText,
} from "./findings-text.ts";
import { blankedPatchText, patchText } from "./patch-text.ts";
import { testMatrixText } from "./test-matrix-text.ts";
import { barred } from "./visible-text.ts";

/** The order of each look: what stands first weighs most with a reader, and should not. */
const shownNames = {
  plain: [
    "specification",
    "patch",
    "checks",
    "test-matrix",
    "test-changes",
    "path-report",
    "dependency-changes",
    "mutation-sample",
    "environment",
  ],
  blanked: [
    "test-matrix",
    "test-changes",
    "environment",
    "mutation-sample",
    "dependency-changes",
    "path-report",
    "checks",
    "patch",
    "specification",
  ],
} as const satisfies Record<ViewName, readonly EvidenceName[]>;
type ShownName = (typeof shownNames)[ViewName][number];

interface Section {
  name: ShownName;
  /** Every line of it begins with a bar or a number and a bar. */
  body: string;
}
/** What the judge reads and what the answer is held against. */
export interface Evidence {
  specification: Specification;
  patch: Patch;
  sections: Record<ViewName, Section[]>;
}

/** Throws a Fault `BUNDLE-DIGEST` when an entry does not have its form or the bundle has no specification or patch. */
export function readEvidence(bundle: Bundle): Evidence {
  const specification = parsedJson(bytesOf(bundle, "specification"), specificationSchema.parse, "the specification");
  const patch = parsePatch(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytesOf(bundle, "patch")));
  const bodyOf = (name: ShownName, bytes: Uint8Array, view: ViewName): string => {
    if (name === "patch") return view === "plain" ? patchText(patch) : blankedPatchText(patch);
    if (name === "specification") return barred(specificationText(specification));
    return barred(cappedLines(linesOf[name](bytes, view), sectionCharactersMax).join("\n"));
  };
  const sectionsOf = (view: ViewName): Section[] =>
    shownNames[view].flatMap((name) => {
      const bytes = bundle.entries.get(name);
      return bytes === undefined ? [] : [{ name, body: bodyOf(name, bytes, view) }];
    });
  return { specification, patch, sections: { plain: sectionsOf("plain"), blanked: sectionsOf("blanked") } };
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

const linesOf: Record<
  Exclude<ShownName, "patch" | "specification">,
  (bytes: Uint8Array, view: ViewName) => readonly string[]
> = {
  checks: (bytes) => checksText(parsedJson(bytes, checksSchema.parse, "checks")),
  "test-matrix": (bytes) => testMatrixText(parsedJson(bytes, testMatrixSchema.parse, "the test matrix")),
  "test-changes": (bytes, view) =>
    testChangesText(parsedJson(bytes, testChangesSchema.parse, "the test changes"), view),
  "path-report": (bytes) => pathReportText(parsedJson(bytes, pathReportSchema.parse, "the path report")),
  "dependency-changes": (bytes) =>
    dependencyChangesText(parsedJson(bytes, dependencyChangesSchema.parse, "the dependency changes")),
  "mutation-sample": (bytes, view) =>
    mutationSampleText(parsedJson(bytes, mutationSampleSchema.parse, "the mutation sample"), view),
  environment: (bytes) => {
    const { image, image_id, engine_version } = parsedJson(bytes, environmentSchema.parse, "the environment");
    return [`image ${image}, ${image_id}`, `engine ${engine_version}`];
  },
};
