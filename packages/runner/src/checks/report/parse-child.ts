/** The process that parses a report: one request as JSON on standard input, one answer on standard output. It is killed where it takes too long or too much memory (THREATS T21). */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { parseJunit } from "./parse-junit.ts";
import { parseTap } from "./parse-tap.ts";

const requestSchema = z.strictObject({ format: z.enum(["tap", "junit"]), text: z.string(), checkout: z.string() });

const request = requestSchema.parse(JSON.parse(readFileSync(0, "utf8")));
const parsed = request.format === "tap" ? parseTap(request.text) : parseJunit(request.text, request.checkout);
process.stdout.write(JSON.stringify(parsed));
