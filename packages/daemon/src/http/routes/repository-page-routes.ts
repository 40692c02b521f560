/** One repository over HTTP: what its page shows, and its roadmap, which is read from the base that was fetched last. */
import { isFault, type RepositorySettings } from "@aedev/contracts";
import type { RepositoryPage, RoadmapDocument } from "@aedev/contracts/api";
import {
  entityById,
  laneDocuments,
  missionDocument,
  missionsNaming,
  readRoadmap,
  registrationDocument,
  roadmapPhases,
  type WorkHistory,
} from "@aedev/core";
import type { Control } from "../../control/control.ts";
import { writesTo } from "../../control/permitted-writes.ts";
import { fetchedCommit, readBlobs } from "../../git/mirror.ts";
import type { HistoryReader } from "../../reader/history.ts";
import { type Handlers, notFound } from "./handler.ts";

const roadmapPath = ".agent/roadmap.md";
const roadmapBytesMax = 256 * 1024;
const landedMax = 20;

export function repositoryPageRoutes(control: Control, reader: HistoryReader) {
  const unknown = (name: string) => notFound("repository", name, "aedev repo list");
  return {
    async showRepository({ params: { name } }) {
      const { history, position } = await reader.upToNow();
      const { state } = control.log;
      const found = entityById(state.repositories, name);
      if (found === undefined) return unknown(name);
      const last = history.bases.get(name);
      return {
        position,
        repository: registrationDocument(found, writesTo(name, control), laneDocuments(state, name)),
        settings: settingRows(found.settings, last?.settings ?? found.settings),
        base: last === undefined ? null : { commit: last.base_commit, at: last.at, checks: last.checks },
        landed: landedIn(history, name),
      };
    },
    async showRoadmap({ params: { name } }) {
      if (entityById(control.log.state.repositories, name) === undefined) return unknown(name);
      const { commit, missing, text } = await roadmapText(control, name);
      const { history, position } = await reader.upToNow();
      const { phases, more } = readRoadmap(text);
      const naming = missionsNaming(history, name, phases);
      const ids = [...new Set([...naming.values()].flat())];
      const state = control.log.stateToShow({ missions: ids });
      const isEmpty = missing === null && phases.length === 0;
      return {
        ...{ position, repository: name, commit, more },
        missing: isEmpty ? "no-requirements" : missing,
        phases: roadmapPhases(phases, naming, (id) => {
          const { title, status } = missionDocument(state, id) ?? {};
          return title === undefined || status === undefined ? undefined : { mission_id: id, title, status };
        }),
      };
    },
  } satisfies Partial<Handlers>;
}

function landedIn({ landings, missions }: WorkHistory, repository: string): RepositoryPage["landed"] {
  return landings
    .filter((one) => one.repository === repository)
    .slice(-landedMax)
    .reverse()
    .map(({ task_id, mission_id, commit, at }) => ({
      ...{ task_id, mission_id, commit, at },
      title: missions.get(mission_id)?.title ?? "",
    }));
}

/** Each setting as the last run used it. What differs from the registration is from the repository's `.aedev.yaml`. */
function settingRows(registered: RepositorySettings, used: RepositorySettings): RepositoryPage["settings"] {
  const textOf = (value: unknown) => JSON.stringify(value ?? null);
  const isNothing = (text: string) => text === "null" || text === "[]";
  const keys = [...new Set([...Object.keys(registered), ...Object.keys(used)])] as (keyof RepositorySettings)[];
  return keys.map((key) => {
    const value = textOf(used[key]);
    if (value !== textOf(registered[key])) return { key, value, source: "repository" };
    return { key, value, source: isNothing(value) ? "none" : "registration" };
  });
}

type RoadmapText = Pick<RoadmapDocument, "commit" | "missing"> & { readonly text: string };

async function roadmapText({ mirror }: Pick<Control, "mirror">, name: string): Promise<RoadmapText> {
  const commit = await fetchedCommit(mirror(name));
  if (commit === null) return { commit, missing: "not-fetched", text: "" };
  try {
    const bytes = (await readBlobs({ ...mirror(name), commit, paths: [roadmapPath] })).get(roadmapPath) ?? null;
    if (bytes === null) return { commit, missing: "no-file", text: "" };
    if (bytes.length > roadmapBytesMax) return { commit, missing: "too-large", text: "" };
    return { commit, missing: null, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (error) {
    // Not UTF-8, or more than git may print.
    if (!(error instanceof TypeError) && !isFault(error, "git-failed")) throw error;
    return { commit, missing: "unreadable", text: "" };
  }
}
