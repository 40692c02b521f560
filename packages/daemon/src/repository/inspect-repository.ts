/** Inspects a repository that a person points at: fetches its base into a mirror and detects from names and manifests. Nothing of it runs. */
import { posix } from "node:path";
import { escapeLine, Fault } from "@aedev/contracts";
import type { Detection, Immutable } from "@aedev/contracts/api";
import { readOverlay } from "../control/base-overlay.ts";
import type { Control } from "../control/control.ts";
import { fetchBase } from "../git/mirror.ts";
import { inspectSource } from "../git/remote.ts";
import { readSmallFiles } from "../git/small-files.ts";
import { wantedFiles } from "./detect/detect-repository.ts";
import { folderProblem } from "./detect/folder.ts";
import { proposeName } from "./detect/propose-name.ts";
import { detectInThread } from "./detect-in-thread.ts";
import { parseName, requireSameFolder } from "./registration.ts";

const pathLengthMax = 200;

/** Throws a Fault `remote-refused`, `not-a-repository`, `HOLD-FETCH-FAILED`, `bad-name`, `bad-path` or `detection-failed`. */
export async function inspectRepository(
  asked: { pathOrUrl: string; name: string | null; image: string | null; folder: string | null },
  control: Control,
): Promise<Immutable<Detection>> {
  const timeoutMs = control.configuration.landing.git_timeout_ms;
  const source = await inspectSource(asked.pathOrUrl, { timeoutMs });
  const repositories = Object.values(control.log.state.repositories);
  const wanted = asked.name === null ? null : parseName(asked.name);
  const { folder } = asked;
  const isSame = ({ name, url, settings }: (typeof repositories)[number]) =>
    wanted === null ? url === source.url && (settings.folder ?? null) === folder : name === wanted;
  const known = repositories.find(isSame) ?? null;
  requireSameFolder(known, asked);
  const name =
    wanted ??
    known?.name ??
    proposeName(
      folder === null ? source.url : `${source.url.replace(/\/?(?:\.git)?\/*$/u, "")}-${posix.basename(folder)}`,
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
  const files = await readSmallFiles({
    ...place,
    commit,
    choose: (paths) => {
      const problem = folder === null ? null : folderProblem(paths, folder);
      if (problem !== null)
        throw new Fault("bad-path", `${escapeLine(folder ?? "", pathLengthMax)} can't be registered: ${problem}`, {
          hint: "give a folder as a path from the repository's top, such as --path packages/core",
        });
      return wantedFiles(paths, folder);
    },
  });
  const { needsImage, ...finding } = await detectInThread([
    files,
    { overlay, image: asked.image, runnerImage: control.configuration.system.runner_image, folder },
  ]);
  return { ...head, branch: ref.replace(/^refs\/heads\//, ""), commit, ...finding, needs_image: needsImage };
}
