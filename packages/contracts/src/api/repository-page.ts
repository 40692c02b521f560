/** A repository as its page shows it: its settings, the health of its base, its last changes, and its roadmap with what has landed of it. */
import { z } from "zod";
import { checksSchema } from "../evidence.ts";
import { instantSchema } from "../ids.ts";
import { nameParameterSchema } from "./basics.ts";
import { repositoryDocumentSchema } from "./repository.ts";
import { missionStatusSchema } from "./task.ts";

const count = z.int().nonnegative();

/** `registration`: as it was registered. `repository`: its `.aedev.yaml` says so. `none`: nobody set it. */
const settingSchema = z.strictObject({
  key: z.string(),
  value: z.string(),
  source: z.enum(["registration", "repository", "none"]),
});

const repositoryPageSchema = z
  .strictObject({
    position: count,
    repository: repositoryDocumentSchema,
    /** As the last run used them; before the first run, as they are registered. */
    settings: z.array(settingSchema),
    /** What the last run found; null: nothing ran yet. */
    base: z
      .strictObject({
        commit: z.string(),
        at: instantSchema,
        /** Null: its checks have not ended. */
        checks: checksSchema.shape.status.nullable(),
      })
      .nullable(),
    /** Newest first. */
    landed: z.array(
      z.strictObject({
        task_id: z.string(),
        mission_id: z.string(),
        title: z.string(),
        commit: z.string(),
        at: instantSchema,
      }),
    ),
  })
  .meta({ id: "RepositoryPage" });
/** A repository with its health and its last changes. */
export type RepositoryPage = z.infer<typeof repositoryPageSchema>;

/** A requirement of a roadmap. `is_ticked`: its box is ticked in the file. `missions`: those that name its id. */
const requirementSchema = z.strictObject({
  id: z.string(),
  text: z.string(),
  is_ticked: z.boolean(),
  /** At least one of its missions has landed. */
  has_landed: z.boolean(),
  missions: z.array(z.strictObject({ mission_id: z.string(), title: z.string(), status: missionStatusSchema })),
});

const roadmapSchema = z
  .strictObject({
    position: count,
    repository: z.string(),
    /** The commit of the base that it was read from; null: nothing was fetched yet. */
    commit: z.string().nullable(),
    /** Why there is no roadmap; null: there is one. */
    missing: z.enum(["not-fetched", "no-file", "unreadable", "too-large", "no-requirements"]).nullable(),
    phases: z.array(z.strictObject({ title: z.string(), requirements: z.array(requirementSchema) })),
    /** More requirements than are read. */
    more: count,
  })
  .meta({ id: "Roadmap" });
/** The phases and requirements of a repository. */
export type RoadmapDocument = z.infer<typeof roadmapSchema>;

export const repositoryPageRouteRows = {
  showRepository: {
    method: "GET",
    role: "viewer",
    path: "/api/repositories/:name",
    summary: "Show a repository: its settings with their source, its base's health, its last changes",
    params: nameParameterSchema,
    answer: repositoryPageSchema,
    refusals: [404, 409],
  },
  showRoadmap: {
    method: "GET",
    role: "viewer",
    path: "/api/repositories/:name/roadmap",
    summary: "Show the roadmap in a repository's `.agent/roadmap.md`, and what has landed of it",
    params: nameParameterSchema,
    answer: roadmapSchema,
    refusals: [404, 409],
  },
} as const;
