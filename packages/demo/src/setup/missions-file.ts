/** Reads what a demo plays: a folder's `missions.yaml`, parsed strictly, and the scripts folder of each mission. config/demo/README.md documents both. */
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseYamlText } from "@aedev/cli/intake/yaml-text";
import { repositorySettingsSchema } from "@aedev/contracts";
import { readScript } from "@aedev/fakes/read-script";
import { z } from "zod";

const shipped = fileURLToPath(new URL("../../../../config/demo", import.meta.url));

const settings = repositorySettingsSchema.shape;
const folderName = z.string().regex(/^[\w.-]+$/);
const missionsSchema = z.strictObject({
  repository: z.strictObject({
    /** Folder beside missions.yaml that becomes the repository, instead of a package. */
    files: folderName.exactOptional(),
    /** An npm package as `name@version`; not needed with `--repo`. */
    package: z
      .string()
      .regex(/^(@[a-z0-9._-]+\/)?[a-z0-9._-]+@\d+\.\d+\.\d+[a-z0-9.-]*$/)
      .exactOptional(),
    /** Hash of the package's tarball, as npm writes it. */
    integrity: z.string().startsWith("sha512-").exactOptional(),
    settings: z.strictObject({
      prepare: settings.prepare.default(null),
      build: settings.build.default(null),
      inputs: settings.inputs.default([]),
      outputs: settings.outputs.default([]),
      verify: settings.verify.default([]),
      tests: settings.tests.default([]),
      image: settings.image.default(null),
    }),
  }),
  missions: z
    .array(
      z.strictObject({
        text: z.string().trim().min(1),
        criteria: z.array(z.string().min(12)).default([]),
        /** Answers to aedev's questions, by the question's id without a run's number; a question before the run gets its default if none is given. */
        answers: z.record(z.string(), z.string().trim().min(1)).default({}),
        /** The button that the demo's phone taps when it is asked about this mission's change. */
        tap: z.enum(["Approve", "Reject"]).exactOptional(),
        /** What the mission demonstrates, in a sentence. */
        shows: z.string().trim().min(1).exactOptional(),
        /** A reviewer's request for a change, in `aedev demo --github`. */
        review: z.string().trim().min(1).exactOptional(),
        /** How the change is wrong although its tests look right, in `aedev demo --attack`, which expects that it does not merge. */
        forges: z.string().min(1).exactOptional(),
        /** Folder beside missions.yaml with coder.json, openai.json and gemini.json. */
        scripts: folderName,
      }),
    )
    .min(1)
    .max(20),
});
export type DemoMission = Omit<z.infer<typeof missionsSchema>["missions"][number], "scripts">;
export interface DemoScripts {
  readonly repository: z.infer<typeof missionsSchema>["repository"];
  /** Absolute; null if the repository is a package or a clone. */
  readonly files: string | null;
  readonly missions: readonly DemoMission[];
  /** Absolute, in the missions' order. */
  readonly folders: readonly string[];
}

/** `folder`: undefined for the shipped one. Throws a fault that names the file and the problem in it. */
export function readScripts(folder: string | undefined): DemoScripts {
  const scriptsFolder = folder === undefined ? shipped : resolve(folder);
  const path = join(scriptsFolder, "missions.yaml");
  const { repository, missions } = readScript(path, missionsSchema, parseYamlText);
  return {
    repository,
    missions,
    files: repository.files === undefined ? null : join(scriptsFolder, repository.files),
    folders: missions.map(({ scripts }) => join(scriptsFolder, scripts)),
  };
}
