/** The routes about the judges' record and its audits. */
import { idParameterSchema } from "./basics.ts";
import { auditBodySchema, auditDocumentSchema, auditEstimateSchema, judgeReportSchema } from "./judges.ts";

export const auditRouteRows = {
  showJudges: {
    method: "GET",
    role: "viewer",
    path: "/api/judges",
    summary: "Show each judge's error rates",
    answer: judgeReportSchema,
  },
  estimateAudit: {
    method: "POST",
    role: "admin",
    path: "/api/judges/audits/estimate",
    summary: "Estimate the cost of an audit of the judges, without starting it",
    body: auditBodySchema,
    answer: auditEstimateSchema,
    refusals: [409],
  },
  requestAudit: {
    method: "POST",
    role: "admin",
    path: "/api/judges/audits",
    summary: "Start an audit: plant defects and ask the judges about them",
    body: auditBodySchema,
    answer: auditDocumentSchema,
    refusals: [409],
  },
  showAudit: {
    role: "viewer",
    params: idParameterSchema,
    refusals: [404],
    method: "GET",
    path: "/api/judges/audits/:id",
    summary: "Show the progress of an audit",
    answer: auditDocumentSchema,
  },
} as const;
