/** Orders and renders the bundle entries that a judge sees. Anything that frames the change is omitted (SECURITY T22): author, branch, model, mission id, tokens, cost. */
import {
  checksSchema,
  dependencyChangesSchema,
  dependencyRecordsSchema,
  type EvidenceName,
  environmentSchema,
  escapeLine,
  Fault,
  independentTestsSchema,
  independentTestsText,
  judgedEvidenceNames,
  mutationSampleSchema,
  outsideReplayLines,
  outsideReplaySchema,
  pathReportSchema,
  provennessLines,
  provennessSchema,
  revertReportSchema,
  type Specification,
  secondImplementationSchema,
  secondImplementationText,
  specificationSchema,
  testChangesSchema,
  testMatrixSchema,
  type ViewName,
} from "@aedev/contracts";
import { type Patch, parsePatch } from "@aedev/host/patch/read-patch";
import { patchAsText } from "@aedev/host/patch/visible-patch";
import { sectionCharactersMax } from "./bounds.ts";
import { type Bundle, parsedJson } from "./bundle.ts";
import { cappedLines } from "./capped.ts";
import {
  checksText,
  dependencyChangesText,
  dependencyRecordsText,
  mutationSampleText,
  pathReportText,
  revertReportLines,
  testChangesLines,
} from "./findings-text.ts";
import { blankedPatchText, patchText } from "./patch-text.ts";
import { testMatrixText } from "./test-matrix-text.ts";
import { prefixedWithBars } from "./visible-text.ts";

/** Each view has its own order, because readers give most weight to what comes first. */
const sectionNames = {
  plain: judgedEvidenceNames,
  blanked: [
    "test-matrix",
    "test-changes",
    "environment",
    "mutation-sample",
    "dependency-changes",
    "dependency-records",
    "path-report",
    "checks",
    "provenness",
    "replay",
    "independent-tests",
    "reverted",
    "patch",
    "specification",
  ],
} as const satisfies Record<ViewName, readonly SectionName[]>;
type SectionName = (typeof judgedEvidenceNames)[number];

interface Section {
  name: SectionName;
  /** Every line starts with a bar, or with a number and a bar. */
  body: string;
}
/** The text that the judge reads, and the facts that the answer is checked against. */
export interface Evidence {
  specification: Specification;
  patch: Patch;
  sections: Record<ViewName, Section[]>;
}

/** Throws a Fault `bundle-digest` if an entry does not match its schema or the bundle lacks a specification or patch. */
export function readEvidence(bundle: Bundle): Evidence {
  const specification = parsedJson(bytesOf(bundle, "specification"), specificationSchema.parse, "the specification");
  const patch = parsePatch(patchAsText(bytesOf(bundle, "patch")));
  const bodyOf = (name: SectionName, bytes: Uint8Array, view: ViewName): string => {
    if (name === "patch") return view === "plain" ? patchText(patch) : blankedPatchText(patch);
    if (name === "specification") return prefixedWithBars(specificationText(specification));
    return prefixedWithBars(cappedLines(linesOf[name](bytes, view), sectionCharactersMax).join("\n"));
  };
  const sectionsOf = (view: ViewName): Section[] =>
    sectionNames[view].flatMap((name) => {
      const bytes = bundle.entries.get(name);
      return bytes === undefined ? [] : [{ name, body: bodyOf(name, bytes, view) }];
    });
  return { specification, patch, sections: { plain: sectionsOf("plain"), blanked: sectionsOf("blanked") } };
}

/** What the person asked for, with their answers to questions and their comments on changes that they sent back. */
function specificationText({
  title,
  text,
  not_checked = [],
  clarifications = [],
  instructions = [],
  allowed_tests: allowed = [],
}: Specification): string {
  const unchecked =
    not_checked.length === 0
      ? []
      : [
          `No criterion covers these parts of the request; the person was told:\n${not_checked.map((part) => `- ${part}`).join("\n")}`,
        ];
  const answers = clarifications.map(({ question, answer }) => `Asked: ${question}\nThe person answered: ${answer}`);
  const instructionTexts = instructions.map(
    (said) => `The person sent an earlier change back with the words:\n${said}`,
  );
  const allowedText =
    allowed.length === 0
      ? []
      : [
          `The request breaks these tests of the base, and the person allowed them to change:\n${allowed.map((name) => `- ${escapeLine(name, 300)}`).join("\n")}`,
        ];
  return [title, text, ...unchecked, ...answers, ...instructionTexts, ...allowedText].join("\n\n");
}

function bytesOf(bundle: Bundle, name: EvidenceName): Uint8Array {
  const bytes = bundle.entries.get(name);
  if (bytes === undefined) throw new Fault("bundle-digest", `bundle ${bundle.digest} has no ${name}`);
  return bytes;
}

const linesOf: Record<
  Exclude<SectionName, "patch" | "specification">,
  (bytes: Uint8Array, view: ViewName) => readonly string[]
> = {
  checks: (bytes) => checksText(parsedJson(bytes, checksSchema.parse, "checks")),
  provenness: (bytes) => provennessLines(parsedJson(bytes, provennessSchema.parse, "the provenness"), (name) => name),
  replay: (bytes) => outsideReplayLines(parsedJson(bytes, outsideReplaySchema.parse, "the replay"), (text) => text),
  "independent-tests": (bytes) => [
    independentTestsText(parsedJson(bytes, independentTestsSchema.parse, "the independent tests"), (name) => name),
  ],
  "second-implementation": (bytes) => [
    secondImplementationText(
      parsedJson(bytes, secondImplementationSchema.parse, "the second implementation"),
      (text) => text,
    ),
  ],
  reverted: (bytes) => revertReportLines(parsedJson(bytes, revertReportSchema.parse, "the comparison of the revert")),
  "test-matrix": (bytes) => testMatrixText(parsedJson(bytes, testMatrixSchema.parse, "the test matrix")),
  "test-changes": (bytes, view) =>
    testChangesLines(parsedJson(bytes, testChangesSchema.parse, "the test changes"), view),
  "path-report": (bytes) => pathReportText(parsedJson(bytes, pathReportSchema.parse, "the path report")),
  "dependency-changes": (bytes) =>
    dependencyChangesText(parsedJson(bytes, dependencyChangesSchema.parse, "the dependency changes")),
  "dependency-records": (bytes) =>
    dependencyRecordsText(parsedJson(bytes, dependencyRecordsSchema.parse, "what the registries say")),
  "mutation-sample": (bytes, view) =>
    mutationSampleText(parsedJson(bytes, mutationSampleSchema.parse, "the mutation sample"), view),
  environment: (bytes) => {
    const { image, image_id, engine_version } = parsedJson(bytes, environmentSchema.parse, "the environment");
    return [`image ${image}, ${image_id}`, `engine ${engine_version}`];
  },
};
