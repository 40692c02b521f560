/** Identifies a request's caller: tokens of users and installations, and tokens that an app signs (RS256). */
import { createVerify } from "node:crypto";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import type { AppRecord, TokenRecord } from "../state/records.ts";
import { GitHubRefusal } from "../state/refusal.ts";
import type { World } from "../state/world.ts";
import type { Caller } from "./call.ts";

/** GitHub refuses an app's token that is valid longer than this. */
const appTokenMsMax = 10 * 60_000;
const clockSkewMs = 60_000;

/** Throws a 401 for invalid credentials. `authorization`: the header of a REST request. */
export function authenticate(world: World, authorization: string | undefined): Caller {
  if (authorization === undefined) return { kind: "anonymous" };
  const [scheme = "", value = ""] = authorization.trim().split(/\s+/, 2);
  if (scheme.toLowerCase() === "basic") return tokenCaller(world, passwordOf(authorization) ?? "");
  if (!/^(bearer|token)$/i.test(scheme)) throw badCredentials();
  if (value.split(".").length === 3) return { kind: "app", app: verifyAppToken(world, value) };
  return tokenCaller(world, value);
}

/** The password of HTTP's basic scheme, or the user name if the password is empty or `x-oauth-basic`; undefined if there is none. */
export function passwordOf(authorization: string | undefined): string | undefined {
  const [, encoded] = /^basic\s+(\S+)$/i.exec(authorization ?? "") ?? [];
  if (encoded === undefined) return undefined;
  const [name = "", ...rest] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  const password = rest.join(":");
  return password === "" || password === "x-oauth-basic" ? name : password;
}

export function findToken(world: World, text: string): TokenRecord | undefined {
  const token = world.tokens.get(text);
  if (token?.expiresAt !== undefined && token.expiresAt <= world.clock()) return undefined;
  return token;
}

function tokenCaller(world: World, text: string): Caller {
  const token = findToken(world, text);
  if (token === undefined) throw badCredentials();
  return { kind: "token", token };
}

function badCredentials(): GitHubRefusal {
  return new GitHubRefusal(401, "Bad credentials");
}

const headerSchema = z.object({ alg: z.literal("RS256") });
const claimsSchema = z.object({ iss: z.union([z.string(), z.number()]), iat: z.number(), exp: z.number() });

function verifyAppToken(world: World, text: string): AppRecord {
  const undecodable = new GitHubRefusal(401, "A JSON web token could not be decoded");
  const [head = "", payload = "", signature = ""] = text.split(".");
  const header = headerSchema.safeParse(jsonOf(head));
  const claims = claimsSchema.safeParse(jsonOf(payload));
  if (!header.success || !claims.success) throw undecodable;
  const { iss, iat, exp } = claims.data;
  const app = [...world.apps.values()].find(({ id }) => String(iss) === String(id) || iss === `Iv23li${id}`);
  if (app?.publicKey === undefined) throw new GitHubRefusal(404, "Integration not found");
  const verify = createVerify("RSA-SHA256").update(`${head}.${payload}`);
  if (!verify.verify(app.publicKey, signature, "base64url")) throw undecodable;
  const now = world.clock().getTime();
  if (exp * 1000 <= now)
    throw new GitHubRefusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  if (exp * 1000 > now + appTokenMsMax + clockSkewMs)
    throw new GitHubRefusal(401, "'Expiration time' claim ('exp') is too far in the future");
  if (iat * 1000 > now + clockSkewMs)
    throw new GitHubRefusal(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  return app;
}

function jsonOf(part: string): unknown {
  return parseJson(Buffer.from(part, "base64url").toString("utf8"));
}
