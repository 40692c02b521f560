/**
 * The proposal that a set-up run's coder leaves: the file as it comes out of the sandbox, its bounds, and how the run can end. The file is hostile until
 * parsed here. A wrong character is refused and never cleaned, because a cleaned command would be another command.
 */
import { z } from "zod";
import { checkoutFolderSchema } from "./checkout-folder.ts";
import { isDebianPackage, packagesMax } from "./image-recipe.ts";
import { failedRunSchema, interruptedRunSchema } from "./run-file.ts";
import { hasControls, hasInvisibles } from "./safe-text.ts";
import { simpleGlobSchema } from "./simple-glob.ts";

/** The most bytes that a set-up run may send to the registries: less than a fetch step, which sees only manifests, because a set-up run sees the whole tree and requests for packages are small. */
export const setUpSentBytesMax = 4 * 1024 * 1024;
const commandCharactersMax = 500;
const pathsMax = 32;
const commandsMax = 8;

/** Blanks other than the ordinary one: they look like it, but are no blanks to a shell. */
const otherBlanks = /[^\S ]/u;
const isPlainLine = (text: string) =>
  !hasControls(text) && !hasInvisibles(text) && !otherBlanks.test(text) && text.trim() !== "";
const plainLine = { error: "not one line of visible characters" };
const commandSchema = z.string().max(commandCharactersMax).refine(isPlainLine, plainLine);
/** A command line lists folders with commas, which would lose blanks at the ends of a name. */
const folderSchema = checkoutFolderSchema
  .refine(isPlainLine, plainLine)
  .refine((folder) => !folder.includes(",") && folder === folder.trim(), {
    error: "a folder with a comma, or with a blank at an end",
  });
const globSchema = simpleGlobSchema
  .refine(isPlainLine, plainLine)
  .refine((glob) => !glob.startsWith("/") && !glob.split("/").includes(".."), {
    error: "not a glob inside the checkout",
  });

/** The coder's proposed settings for a repository, and the Debian packages that its image lacks. Nothing in it counts before aedev's own trial is green. */
export const setUpProposalSchema = z.strictObject({
  prepare: commandSchema.nullable(),
  build: commandSchema.nullable(),
  outputs: z.array(folderSchema).max(pathsMax),
  verify: z.array(commandSchema).min(1).max(commandsMax),
  tests: z.array(globSchema).min(1).max(pathsMax),
  writable: z.array(folderSchema).max(pathsMax),
  packages: z.array(z.string().refine(isDebianPackage, { error: "not the name of a Debian package" })).max(packagesMax),
});
export type SetUpProposal = z.infer<typeof setUpProposalSchema>;

/** How a set-up run ended. */
export const setUpResultSchema = z.discriminatedUnion("outcome", [
  z.strictObject({ outcome: z.literal("proposed"), proposal: setUpProposalSchema }),
  failedRunSchema,
  interruptedRunSchema,
]);
export type SetUpResult = z.infer<typeof setUpResultSchema>;
