/** Looks into a repository that a person points at: its base is fetched into a mirror, and core reads names and manifests. Nothing of it runs. */
import { detectRepository, type Finding, proposeName, type RepositoryState, wantedFiles } from "@aedev/core";
import { fetchBase } from "../git/mirror.ts";
import { inspectSource, type Source } from "../git/remote.ts";
import { readSmallFiles } from "../git/small-files.ts";
import { parseName } from "../http/routes/repository-body.ts";
import type { Control } from "../loop/control.ts";
import { readOverlay } from "./base-overlay.ts";

/** `known`: the repository is registered already; nothing is looked for then, because what is not given keeps its value. */
export interface DetectionDocument extends Source {
  readonly name: string;
  readonly known: RepositoryState | null;
  readonly branch: string | null;
  readonly commit: string | null;
  readonly languages: Finding["languages"];
  readonly settings: Finding["settings"] | null;
  readonly checks: Finding["checks"];
  readonly needs_image: Finding["needsImage"];
  readonly reasons: Finding["reasons"];
  readonly notes: readonly string[];
}

/** Throws a Fault `REMOTE-REFUSED`, `NOT-A-REPOSITORY`, `HOLD-FETCH-FAILED` or `bad-name`. */
export async function inspectRepository(
  asked: { pathOrUrl: string; name: string | null; image: string | null },
  control: Control,
): Promise<DetectionDocument> {
  const timeoutMs = control.configuration.landing.git_timeout_ms;
  const source = await inspectSource(asked.pathOrUrl, { timeoutMs });
  const repositories = Object.values(control.log.state.repositories);
  const wanted = asked.name === null ? null : parseName(asked.name);
  const known = repositories.find(({ name, url }) => (wanted === null ? url === source.url : name === wanted)) ?? null;
  const name =
    wanted ??
    known?.name ??
    proposeName(
      source.url,
      repositories.map((repository) => repository.name),
    );
  const head = { ...source, name, known };
  if (known !== null)
    return {
      ...head,
      branch: null,
      commit: null,
      languages: [],
      settings: null,
      checks: null,
      needs_image: null,
      reasons: [],
      notes: [],
    };
  const place = { home: control.home, repository: name, timeoutMs };
  const { commit, ref } = await fetchBase({ ...place, url: source.url });
  const overlay = await readOverlay({ ...place, commit });
  const files = await readSmallFiles({ ...place, commit, choose: wantedFiles });
  const { needsImage, ...finding } = detectRepository(files, {
    overlay,
    image: asked.image,
    runnerImage: control.configuration.system.runner_image,
  });
  return { ...head, branch: ref.replace(/^refs\/heads\//, ""), commit, ...finding, needs_image: needsImage };
}
