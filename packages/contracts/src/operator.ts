/** Who decides, and through which channel: roles, names of operators, and the actor that a command and an event name. It contains no token. */
import { z } from "zod";

/** Roles of operators; each role may also do everything that the earlier ones may, except those of an `agent`. */
export const roles = ["agent", "viewer", "operator", "admin"] as const;
/** The role of an operator. */
export const roleSchema = z.enum(roles);
/** `agent`, for another program: only the routes that say so. `viewer` reads; `operator` also submits and decides; `admin` also changes what aedev may do. */
export type OperatorRole = z.infer<typeof roleSchema>;

/** How a browser reaches the daemon: on its machine, or through a proxy or tunnel that its person set up. */
export const browserReachSchema = z.enum(["loopback", "proxy"]);
export type BrowserReach = z.infer<typeof browserReachSchema>;

/** Whether the role `has` permits what the role `needed` permits. */
export function mayAct(has: OperatorRole, needed: OperatorRole): boolean {
  return roles.indexOf(has) >= roles.indexOf(needed);
}

/** Names that could be mistaken for somebody else. */
const reservedNames: readonly string[] = [
  "aedev",
  "control",
  "execution",
  "github",
  "nobody",
  "operator",
  "owner",
  "phone",
];
/** The name of an operator, as `by` shows it. */
export const operatorNameSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,31}$/,
    "an operator's name has lower-case letters, digits and '-', at most 32, a letter first",
  )
  .refine((name) => !reservedNames.includes(name), "this name is reserved");

/** A GitHub login in lower case: GitHub ignores case. Logins that an enterprise manages end with `_` and its short name. */
export const githubLoginSchema = z
  .string()
  .regex(/^[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}(?:_[A-Za-z0-9]{1,20})?$/, "not a login of GitHub")
  .toLowerCase();

/**
 * The channel of a decision. `terminal`: the command line; `api`: another client of the API; `phone-page`: the approval page; `phone-reply`: a button
 * that writes to the reply topic; `github`: a GitHub issue or pull request; `browser`: the web app, after sign-in.
 */
export const decisionWaySchema = z.enum(["terminal", "api", "phone-page", "phone-reply", "github", "browser"]);
export type DecisionWay = z.infer<typeof decisionWaySchema>;

/** The actor of whoever holds the home's own token: the owner of the home. */
export const ownerActor = "operator";
/** The actor of a decision on the phone without sign-in: the person is not known. */
export const phoneActor = "phone";
const operatorPrefix = "operator:";
const githubPrefix = "github:";

/** The actor of a named operator. */
export function operatorActor(name: string): string {
  return `${operatorPrefix}${name}`;
}

/** The operator's name in an actor; null: the actor is not a named operator. */
export function operatorNameOf(actor: string): string | null {
  return actor.startsWith(operatorPrefix) ? actor.slice(operatorPrefix.length) : null;
}

/** The GitHub login, in lower case, in an actor; null: the actor did not act at GitHub. */
export function githubLoginOf(actor: string): string | null {
  return actor.startsWith(githubPrefix) ? actor.slice(githubPrefix.length).toLowerCase() : null;
}

/** An actor in words for a person: the name of an operator, other actors as they are. */
export function actorText(actor: string): string {
  if (actor === phoneActor) return "somebody with the phone";
  return operatorNameOf(actor) ?? actor;
}

const wayTexts: Readonly<Record<DecisionWay, string>> = {
  terminal: "in the terminal",
  api: "through the API",
  "phone-page": "on the phone page",
  "phone-reply": "with a button on the phone",
  github: "at GitHub",
  browser: "in the browser",
};

/** Who decided and through which channel, e.g. "anna on the phone page". */
export function deciderText({ by, way }: { readonly by: string; readonly way?: DecisionWay | undefined }): string {
  return way === undefined ? actorText(by) : `${actorText(by)} ${wayTexts[way]}`;
}

/** An operator's token as it is printed once: a prefix that scanners know, 256 random bits, and 128 bits by which the daemon proves itself to the token's holder. */
export const operatorTokenPattern = /^aedev_[0-9a-f]{96}$/;
