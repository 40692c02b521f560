/** A phone with a home of its own: makes the tokens that a push would carry, and sends them over real HTTP to the home's approval listener. */
import { type ApprovalState, entityById } from "@aedev/core";
import type { Control } from "../../../src/control/control.ts";
import { openApprovalListener } from "../../../src/phone/approval/listener.ts";
import { approvalKey, type Grant, mintToken } from "../../../src/phone/approval/token.ts";
import { temporaryFolder } from "../../log/story.ts";
import { addressOf, type Received, type Sent, send } from "./ask.ts";
import { askAboutChange, openControl, requestApproval } from "./asked-home.ts";

export interface Phone extends AsyncDisposable {
  readonly folder: string;
  readonly control: Control;
  readonly port: number;
  token(approval: ApprovalState, grant?: Grant): string;
  ask(approval: ApprovalState, grant: Grant, sent?: Sent): Promise<Received>;
  /** A POST with this decision's token. */
  tap(approval: ApprovalState, action?: Grant["action"], sent?: Sent): Promise<Received>;
  statusOf(subject: { readonly task_id?: string | null }): string | undefined;
  /** Another change that is asked about. */
  asked(): Promise<{
    subject: Extract<ApprovalState["subject"], { kind: "landing" }>;
    approval: ApprovalState;
  }>;
}

export async function openPhone(): Promise<Phone> {
  const folder = temporaryFolder();
  const control = await openControl(folder.at("home"));
  const listener = await openApprovalListener(control);
  if (listener === null) throw new Error("the listener did not open");
  const { port } = listener;
  const token: Phone["token"] = (approval, grant = { action: "approve" }) =>
    mintToken(approvalKey(control.home), approval, grant);
  const ask: Phone["ask"] = (approval, grant, sent = {}) =>
    send(port, addressOf(approval.approval_id, token(approval, grant)), sent);
  return {
    folder: folder.path,
    control,
    port,
    token,
    ask,
    tap: (approval, action = "approve", sent = {}) => ask(approval, { action }, { method: "POST", ...sent }),
    statusOf: ({ task_id }) =>
      entityById(control.log.stateWith({ tasks: [task_id ?? ""] }).tasks, task_id ?? "")?.status,
    async asked() {
      const subject = await askAboutChange(control);
      if (subject.kind !== "landing") throw new Error("another question was expected");
      return { subject, approval: await requestApproval(control, subject) };
    },
    async [Symbol.asyncDispose]() {
      await listener.close();
      await control[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

export function form(fields: Record<string, string>): Sent {
  return {
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields).toString(),
  };
}
