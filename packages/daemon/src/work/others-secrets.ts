/** Removes secrets from what another run made: it is in no scanned patch, yet people see it, exports have it, judges read parts, and the coder is told. */
import {
  type Blob,
  type BundleManifest,
  bounded,
  canonicalJson,
  type DifferingCase,
  independentTestsSchema,
  type SecondImplementation,
  secondImplementationSchema,
  shortenedPair,
} from "@aedev/contracts";
import type { Blobs } from "../control/parts.ts";
import { firstSecret } from "../findings/secrets/person-text.ts";

/** A file with a secret is left out, the name of a test is replaced, and a differing call is only counted. */
export async function withoutOthersSecrets(manifest: BundleManifest, { blobs }: Blobs): Promise<BundleManifest> {
  const {
    "independent-sources": sources,
    "independent-tests": tests,
    "second-implementation": code,
    ...entries
  } = manifest.entries;
  if (tests === undefined) return { ...manifest, entries };
  const textOf = ({ digest }: Blob) => Buffer.from(blobs.get(digest)).toString("utf8");
  const put = (value: unknown) => blobs.put(canonicalJson(value), "application/json");
  const found = independentTestsSchema.parse(JSON.parse(textOf(tests)));
  const failed = await cleanNames(found.failed);
  const files = await cleanNames(found.files);
  const isSame = [...failed, ...files].every((name, index) => name === [...found.failed, ...found.files][index]);
  const keepsFiles = sources !== undefined && isSame && (await isClean(textOf(sources)));
  return {
    ...manifest,
    entries: {
      ...entries,
      "independent-tests": isSame ? tests : put({ ...found, failed, files }),
      ...(keepsFiles ? { "independent-sources": sources } : {}),
      ...(code === undefined
        ? {}
        : {
            "second-implementation": put(
              await withCleanCases(secondImplementationSchema.parse(JSON.parse(textOf(code)))),
            ),
          }),
    },
  };
}

async function withCleanCases(found: SecondImplementation): Promise<SecondImplementation> {
  const cases: SecondImplementation["cases"] = [];
  for (const one of found.cases)
    if (await isClean([one.path, one.name, one.input, one.change, one.other, one.base].join("\n")))
      cases.push(shortened(one));
  const more = found.more + found.cases.length - cases.length;
  return { ...found, cases, more, tests_failed: await cleanNames(found.tests_failed) };
}

/** A part of a secret could not be found, so texts come whole until here. */
function shortened(one: DifferingCase): DifferingCase {
  const [change, other] = shortenedPair(one.change, one.other);
  return { ...one, input: bounded(one.input), change, other, base: one.base === null ? null : bounded(one.base) };
}

async function cleanNames(names: readonly string[]): Promise<string[]> {
  const clean: string[] = [];
  for (const name of names) clean.push((await isClean(name)) ? name : "(a name with a secret)");
  return clean;
}

const isClean = async (text: string) => (await firstSecret([{ name: "what another run made", text }])) === null;
