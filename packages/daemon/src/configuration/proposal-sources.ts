/** Which sources of proposals the configuration switches on: none, everywhere, or in named repositories. */
import { repositoryNameSchema } from "@aedev/contracts";
import { type ProposalSource, proposalSourceSchema } from "@aedev/contracts/events";
import { z } from "zod";

const repositoriesMax = 100;
/** Core keeps no more instants of a day. */
const perDayMax = 100;

const switchSchema = z.union([z.boolean(), z.array(repositoryNameSchema).max(repositoriesMax)]);
export const proposalsSchema = z.strictObject({
  sources: z.strictObject(
    Object.fromEntries(proposalSourceSchema.options.map((source) => [source, switchSchema])) as Record<
      ProposalSource,
      typeof switchSchema
    >,
  ),
  per_day: z.int().positive().max(perDayMax),
});
type Switches = z.infer<typeof proposalsSchema>["sources"];

/** Whether a source is on in a repository, or in any if none is named. */
export function isSourceOn(sources: Switches, source: ProposalSource, repository?: string): boolean {
  const where = sources[source];
  if (typeof where === "boolean") return where;
  return repository === undefined ? where.length > 0 : where.some((name) => name === repository);
}

/** Whether any source is on in any repository. */
export function isAnySourceOn(sources: Switches): boolean {
  return proposalSourceSchema.options.some((source) => isSourceOn(sources, source));
}
