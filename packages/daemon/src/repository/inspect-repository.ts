/** Inspects a repository that a person points at: fetches its base into a mirror and detects from names and manifests. Nothing of it runs. */

import type { Detection, Immutable } from "@aedev/contracts/api";
import type { Control } from "../control/control.ts";
import { fetchBase } from "../git/mirror.ts";
import { inspectSource } from "../git/remote.ts";
import { readSmallFiles } from "../git/small-files.ts";
import { readOverlay } from "./base-overlay.ts";
import { detectRepository, wantedFiles } from "./detect/detect-repository.ts";
import { proposeName } from "./detect/propose-name.ts";
import { parseName } from "./registration.ts";

/** Throws a Fault `remote-refused`, `not-a-repository`, `HOLD-FETCH-FAILED` or `bad-name`. */
export async function inspectRepository(
  asked: { pathOrUrl: string; name: string | null; image: string | null },
  control: Control,
): Promise<Immutable<Detection>> {
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
      alternatives: [],
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
