/** A Dependabot alert in the form of GitHub's documents. */
import type { AlertRecord, RepositoryRecord } from "../state/records.ts";
import type { GitHubSite } from "./site.ts";

export function alertDocument(site: GitHubSite, { fullName }: RepositoryRecord, alert: AlertRecord) {
  const { number, ecosystem, dependency, manifest, advisory, summary, vulnerable, patched, createdAt } = alert;
  const named = { ecosystem, name: dependency };
  const vulnerability = {
    package: named,
    severity: "high",
    vulnerable_version_range: vulnerable,
    first_patched_version: patched === null ? null : { identifier: patched },
  };
  const times = { created_at: createdAt, updated_at: createdAt };
  return {
    number,
    state: "open",
    dependency: { package: named, manifest_path: manifest, scope: "runtime" },
    security_advisory: {
      ghsa_id: advisory,
      cve_id: null,
      summary,
      description: summary,
      vulnerabilities: [vulnerability],
      severity: "high",
      cvss: { score: 7.5, vector_string: null },
      cwes: [],
      identifiers: [{ type: "GHSA", value: advisory }],
      references: [],
      published_at: createdAt,
      updated_at: createdAt,
      withdrawn_at: null,
    },
    security_vulnerability: vulnerability,
    url: `${site.api}/repos/${fullName}/dependabot/alerts/${number}`,
    html_url: `${site.origin}/${fullName}/security/dependabot/${number}`,
    ...times,
    dismissed_at: null,
    dismissed_by: null,
    dismissed_reason: null,
    dismissed_comment: null,
    fixed_at: null,
  };
}
