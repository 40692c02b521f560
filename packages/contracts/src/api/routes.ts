/**
 * The routes of the daemon's HTTP API, by operation id. Server, client and `/openapi.json` all follow this table.
 *
 * Folder: the table of all HTTP routes, and the documents of their requests and answers.
 */
import { z } from "zod";
import { analyticsRouteRows } from "./analytics.ts";
import { auditRouteRows } from "./audit-routes.ts";
import { emptyBodySchema, idParameterSchema, nameParameterSchema } from "./basics.ts";
import { browserRouteRows } from "./browser-routes.ts";
import { patchRouteRows } from "./change-patch.ts";
import { collectionRouteRows } from "./collection.ts";
import { configurationRouteRows } from "./configuration.ts";
import { decisionRouteRows } from "./decision-routes.ts";
import { draftRouteRows } from "./draft-routes.ts";
import { inboxRouteRows } from "./inbox.ts";
import { probeBodySchema, probeDocumentSchema } from "./judges.ts";
import { liveRouteRows } from "./live-routes.ts";
import { logRoutes } from "./log-routes.ts";
import { memoryRouteRows } from "./memory-routes.ts";
import {
  answersSchema,
  missionClaritySchema,
  missionDocumentSchema,
  missionListSchema,
  missionUpdateSchema,
  planClaritySchema,
  planSubmissionSchema,
  startOrderSchema,
  submissionSchema,
} from "./mission.ts";
import { modelRouteRows } from "./models.ts";
import { operatorRouteRows } from "./operators.ts";
import { outcomeRouteRows } from "./outcome-routes.ts";
import { openPageQuerySchema, pageQuerySchema } from "./page.ts";
import { pauseRouteRows } from "./pause-routes.ts";
import { phoneRouteRows } from "./phone-routes.ts";
import { proposalRouteRows } from "./proposal-routes.ts";
import { queueRoutes } from "./queue-routes.ts";
import {
  detectionBodySchema,
  detectionSchema,
  registrationSchema,
  removalBodySchema,
  removedSchema,
  repositoryDocumentSchema,
  repositoryListSchema,
  setUpRunSchema,
  trialBodySchema,
  trialProgressSchema,
  triedSchema,
} from "./repository.ts";
import { repositoryPageRouteRows } from "./repository-page.ts";
import type { Route } from "./route.ts";
import { sessionRouteRows } from "./sessions.ts";
import { healthSchema, statusDocumentSchema } from "./status.ts";
import { statusBoardSchema } from "./status-board.ts";
import {
  approveBodySchema,
  holdListSchema,
  holdReleasedSchema,
  rejectBodySchema,
  sendBackBodySchema,
  taskDetailsSchema,
  taskListSchema,
  tellBodySchema,
} from "./task.ts";

/** The first page has the newest missions and tasks, in ascending order; holds are listed oldest first. */
const page = { method: "GET", role: "viewer", query: pageQuerySchema } as const;
const openPage = { method: "GET", role: "viewer", query: openPageQuerySchema } as const;
const one = { role: "viewer", params: idParameterSchema, refusals: [404] } as const;
const change = {
  method: "POST",
  role: "operator",
  params: idParameterSchema,
  body: emptyBodySchema,
  refusals: [404, 409],
} as const;

/** Every route by the name that the server and the client call it by. */
export const routes = {
  listMissions: {
    ...page,
    agent: true,
    path: "/api/missions",
    summary: "List missions in pages",
    answer: missionListSchema,
  },
  showMission: {
    ...one,
    agent: true,
    method: "GET",
    path: "/api/missions/:id",
    summary: "Show a mission",
    answer: missionDocumentSchema,
  },
  submitMission: {
    method: "POST",
    agent: true,
    role: "operator",
    path: "/api/missions",
    summary: "Submit a mission; the answer has questions if it is unclear",
    body: submissionSchema,
    answer: missionClaritySchema,
    refusals: [409],
  },
  submitPlan: {
    method: "POST",
    role: "operator",
    path: "/api/plans",
    summary: "Submit a mission of several parts; the answer has the questions about each",
    body: planSubmissionSchema,
    answer: planClaritySchema,
    refusals: [409],
  },
  answerMission: {
    ...change,
    agent: true,
    path: "/api/missions/:id/answer",
    summary: "Answer questions about a mission",
    body: answersSchema,
    answer: missionClaritySchema,
  },
  ...browserRouteRows,
  ...decisionRouteRows,
  ...patchRouteRows,
  ...inboxRouteRows,
  ...draftRouteRows,
  ...liveRouteRows,
  ...proposalRouteRows,
  ...memoryRouteRows,
  approveMission: {
    ...change,
    path: "/api/missions/:id/approve",
    summary: "Approve a mission's specification and plan its task",
    body: approveBodySchema,
    answer: missionDocumentSchema,
  },
  sendBackMission: {
    ...change,
    path: "/api/missions/:id/send-back",
    summary: "Send a mission's specification back: what should change becomes part of it",
    body: sendBackBodySchema,
    answer: missionClaritySchema,
  },
  rejectMission: {
    ...change,
    path: "/api/missions/:id/reject",
    summary: "Reject a mission's specification",
    body: rejectBodySchema,
    answer: missionDocumentSchema,
  },
  cancelMission: {
    ...change,
    path: "/api/missions/:id/cancel",
    summary: "Cancel a mission and its open tasks",
    answer: missionDocumentSchema,
  },
  updateMission: {
    ...change,
    path: "/api/missions/:id/update",
    summary: "Change a mission's priority or labels, or its plan's rule about failures",
    body: missionUpdateSchema,
    answer: missionDocumentSchema,
  },
  orderMissions: {
    method: "POST",
    role: "operator",
    path: "/api/missions/order",
    summary: "Say which missions start first, in this order, in place of the earlier order",
    body: startOrderSchema,
    answer: startOrderSchema,
    refusals: [409],
  },
  listTasks: { ...page, path: "/api/tasks", summary: "List tasks in pages", answer: taskListSchema },
  showTask: { ...one, method: "GET", path: "/api/tasks/:id", summary: "Show a task", answer: taskDetailsSchema },
  approveTask: {
    ...change,
    path: "/api/tasks/:id/approve",
    summary: "Approve a change for landing",
    body: approveBodySchema,
    answer: taskDetailsSchema,
  },
  rejectTask: {
    ...change,
    path: "/api/tasks/:id/reject",
    summary: "Reject a change and end its task",
    body: rejectBodySchema,
    answer: taskDetailsSchema,
  },
  sendBackTask: {
    ...change,
    path: "/api/tasks/:id/send-back",
    summary: "Send a change back with instructions: a next run starts with them",
    body: sendBackBodySchema,
    answer: taskDetailsSchema,
  },
  tellTask: {
    ...change,
    path: "/api/tasks/:id/say",
    summary: "Say something to a task's coder: it reads it at its next turn, or when its next run starts",
    body: tellBodySchema,
    answer: taskDetailsSchema,
  },
  retryTask: {
    ...change,
    path: "/api/tasks/:id/retry",
    summary: "Start a new run of a task",
    answer: taskDetailsSchema,
  },
  ...outcomeRouteRows,
  cancelTask: { ...change, path: "/api/tasks/:id/cancel", summary: "Cancel a task", answer: taskDetailsSchema },
  listHolds: { ...openPage, path: "/api/holds", summary: "List open holds in pages", answer: holdListSchema },
  releaseHold: { ...change, path: "/api/holds/:id/release", summary: "Release a hold", answer: holdReleasedSchema },
  listRepositories: {
    method: "GET",
    role: "viewer",
    path: "/api/repositories",
    summary: "List the repositories",
    answer: repositoryListSchema,
  },
  detectRepository: {
    method: "POST",
    role: "admin",
    path: "/api/repositories/detect",
    summary: "Detect how a repository is prepared and checked",
    body: detectionBodySchema,
    answer: detectionSchema,
    refusals: [409],
  },
  tryRepository: {
    method: "POST",
    role: "admin",
    path: "/api/repositories/trial",
    summary: "Try a repository's settings on its base; answers when the trial has ended",
    body: trialBodySchema,
    answer: triedSchema,
    refusals: [409],
  },
  showTrial: {
    method: "GET",
    role: "admin",
    path: "/api/repositories/:name/trial",
    summary: "Show the steps so far of the trial under way",
    params: nameParameterSchema,
    answer: trialProgressSchema,
    refusals: [],
  },
  setUpRepository: {
    method: "POST",
    role: "admin",
    path: "/api/repositories/set-up-run",
    summary:
      "Let a coder find settings for a repository whose settings were tried and are not green; answers when the run has ended",
    body: trialBodySchema,
    answer: setUpRunSchema,
    refusals: [409],
  },
  registerRepository: {
    method: "POST",
    role: "admin",
    path: "/api/repositories",
    summary: "Register a repository or change its settings",
    body: registrationSchema,
    answer: repositoryDocumentSchema,
    refusals: [409],
  },
  removeRepository: {
    method: "POST",
    role: "admin",
    path: "/api/repositories/:name/remove",
    summary: "Remove a repository in which nothing is open",
    params: nameParameterSchema,
    body: removalBodySchema,
    answer: removedSchema,
    refusals: [409],
  },
  ...queueRoutes,
  ...pauseRouteRows,
  showStatus: {
    method: "GET",
    agent: true,
    role: "viewer",
    path: "/api/status",
    summary: "Show what is running and what waits for a person",
    answer: statusDocumentSchema,
  },
  ...logRoutes,
  ...collectionRouteRows,
  ...operatorRouteRows,
  ...auditRouteRows,
  ...analyticsRouteRows,
  ...sessionRouteRows,
  ...modelRouteRows,
  ...configurationRouteRows,
  ...repositoryPageRouteRows,
  probe: {
    method: "POST",
    role: "admin",
    path: "/api/probes",
    summary: "Try a credential with one tiny real call; a failure is a normal answer",
    body: probeBodySchema,
    answer: probeDocumentSchema,
    refusals: [409],
  },
  ...phoneRouteRows,
  health: { method: "GET", path: "/health", summary: "Check the daemon", answer: healthSchema, open: true },
  statusBoard: {
    method: "GET",
    path: "/status-board",
    summary: "The status board as a page",
    answer: z.string(),
    media: "text/html; charset=utf-8",
    open: true,
  },
  statusBoardDocument: {
    method: "GET",
    path: "/status-board.json",
    summary: "The status board as a document",
    answer: statusBoardSchema,
    open: true,
  },
  metrics: {
    method: "GET",
    role: "viewer",
    path: "/metrics",
    summary: "Figures of the work and the processes, for Prometheus",
    answer: z.string(),
    media: "text/plain; version=0.0.4; charset=utf-8",
  },
  favicon: {
    method: "GET",
    path: "/favicon.ico",
    summary: "An empty response for browsers that ask for an icon",
    answer: z.undefined(),
    empty: true,
    open: true,
  },
  openapi: {
    method: "GET",
    role: "viewer",
    path: "/openapi.json",
    summary: "This description of the API",
    answer: z.looseObject({ openapi: z.string() }),
  },
} as const satisfies Record<string, Route>;

type Routes = typeof routes;
/** The name of a route. */
export type RouteName = keyof Routes;

type Part<K extends RouteName, P extends "params" | "query" | "body"> =
  Routes[K] extends Record<P, infer S extends z.ZodType> ? S : z.ZodUndefined;
/** What a caller passes: only the parts that the route has. */
export type RouteInput<K extends RouteName> = {
  [P in "params" | "query" | "body" as Routes[K] extends Record<P, z.ZodType> ? P : never]: z.input<Part<K, P>>;
};
/** What the server's handler gets, parsed. */
export type RouteRequest<K extends RouteName> = {
  [P in "params" | "query" | "body" as Routes[K] extends Record<P, z.ZodType> ? P : never]: z.output<Part<K, P>>;
};
/** The document that a successful request returns. */
export type RouteAnswer<K extends RouteName> = z.output<Routes[K]["answer"]>;
