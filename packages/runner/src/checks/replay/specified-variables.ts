/** Finds the environment variables that the specification names. If a change reads one, its tests have to set it (SECURITY T29). Pure. */
import { type Specification, specificationSchema } from "@aedev/contracts";
import { parseJson } from "@aedev/host/parse-json";

const namesMax = 20;
/** Needs an underscore, otherwise any word in capitals would match. */
const variableName = /(?<!\w)[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?!\w)/gu;

/** The first 20 names. `bytes`: the stored specification. */
export function specifiedVariables(bytes: Uint8Array): string[] {
  const specification = specificationSchema.parse(parseJson(Buffer.from(bytes).toString("utf8")));
  return [...new Set(textsOf(specification).flatMap((text) => text.match(variableName) ?? []))].slice(0, namesMax);
}

function textsOf({ title, text, criteria, clarifications, instructions }: Specification): string[] {
  const answers = (clarifications ?? []).map(({ answer }) => answer);
  return [title, text, ...criteria.map((criterion) => criterion.text), ...answers, ...(instructions ?? [])];
}
