/** Finds a repository's open Dependabot alerts in GitHub's list, without those that were dismissed or fixed. */
import { escapeLine } from "@aedev/contracts";
import { proposalTitleMax } from "@aedev/contracts/events";
import { z } from "zod";
import { type GitHubConnection, readOne } from "../github/connection.ts";
import { type Cause, isPlain, makeCause, quoted } from "./cause.ts";
import { type CauseSource, foundAll, gitHubOf, nothing } from "./source.ts";

/** An open Dependabot alert. All is foreign: one line each, without control characters. `patched`: the first version without the flaw; null: there is none. */
interface Alert {
  /** GitHub's number of the advisory. */
  readonly advisory: string;
  readonly dependency: string;
  readonly manifest: string;
  readonly vulnerable: string;
  readonly patched: string | null;
  readonly severity: string;
  readonly summary: string;
  readonly url: string;
}

/** How many of the newest alerts are read. */
const listMax = 100;
const wordsMax = 120;
const linesMax = 250;

const words = z.string().transform((text) => escapeLine(text, wordsMax));
const line = z.string().transform((text) => escapeLine(text, linesMax));
const alertSchema = z.object({
  dependency: z.object({ package: z.object({ name: words }).optional(), manifest_path: line.optional() }),
  security_advisory: z.object({ ghsa_id: z.string().regex(/^GHSA(-[0-9a-z]{4}){3}$/), summary: line, severity: words }),
  security_vulnerability: z.object({
    vulnerable_version_range: words,
    first_patched_version: z.object({ identifier: words }).nullable(),
  }),
  html_url: line,
});

/** Finds nothing in a repository elsewhere, or in one whose alerts the credential can't read. */
export const alertSource: CauseSource = {
  name: "dependabot",
  async inspect(place, control) {
    const gitHub = await gitHubOf(place, control);
    const open = gitHub === null ? null : await readAlerts(gitHub);
    if (open === null) return nothing;
    const causes = open.alerts.map(alertCause);
    return open.whole ? foundAll(causes, place) : { causes, gone: [] };
  },
};

export function alertCause({
  dependency,
  manifest,
  vulnerable,
  patched,
  severity,
  summary,
  url,
  advisory,
}: Alert): Cause {
  const isNamed = isPlain(dependency) && (patched === null || isPlain(patched));
  const what = patched === null ? `Replace ${dependency}` : `Update ${dependency} to ${patched} or later`;
  const named = `${what} because of ${advisory}`;
  const unnamed = `${patched === null ? "Replace" : "Update"} a dependency that has a known flaw`;
  const facts = [
    `dependency: ${dependency}`,
    `in: ${manifest}`,
    `versions with the flaw: ${vulnerable}`,
    `first version without it: ${patched ?? "none yet"}`,
    `severity: ${severity}`,
    `flaw: ${summary}`,
    `at GitHub: ${url}`,
  ];
  return makeCause("dependabot", {
    identity: `${advisory} ${dependency} in ${manifest}`,
    title: isNamed && named.length <= proposalTitleMax ? named : unnamed,
    lines: [`GitHub's alert ${advisory} says:`, ...facts.map(quoted)],
  });
}

/** `whole`: there are no others, and each could be read. Null: they can't be read, for example because alerts are off. Throws as `readOne` does. */
async function readAlerts(gitHub: GitHubConnection): Promise<{ alerts: Alert[]; whole: boolean } | null> {
  const listed = await readOne(gitHub, {
    effect: "peek",
    route: "GET /repos/{owner}/{repo}/dependabot/alerts",
    parameters: { state: "open", per_page: listMax },
    schema: z.array(z.unknown()),
  });
  if (listed === null) return null;
  const alerts = listed.flatMap((one) => alertSchema.safeParse(one).data ?? []).map(alertOf);
  return { alerts, whole: listed.length < listMax && alerts.length === listed.length };
}

function alertOf({
  dependency,
  security_advisory: { ghsa_id: advisory, summary, severity },
  security_vulnerability: { vulnerable_version_range: vulnerable, first_patched_version: patched },
  html_url: url,
}: z.infer<typeof alertSchema>): Alert {
  const name = dependency.package?.name ?? "a dependency";
  const manifest = dependency.manifest_path ?? "a manifest";
  return {
    ...{ advisory, dependency: name, manifest, vulnerable, severity, summary, url },
    patched: patched?.identifier ?? null,
  };
}
