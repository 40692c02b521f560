/**
 * Prints the clarification gate's error rates on files of labelled requests, by kind and language: `tsx scripts/clarification-rates.ts FILE… [--show]`. --show
 * adds what counted in its errors. test/requests/README.md describes the files.
 */
import { escapeLine } from "@aedev/contracts";
import { type Judged, judgeRequests, ratesOf, readRequests } from "../test/support/clarification-rates.ts";

const usage = "usage: clarify:rates FILE… [--show]\n";
const shownCharactersMax = 160;

const given = process.argv.slice(2).filter((argument) => argument !== "--");
const files = given.filter((argument) => !argument.startsWith("-"));
const unknown = given.filter((argument) => argument.startsWith("-") && argument !== "--show");
if (files.length === 0 || unknown.length > 0) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  try {
    print(judgeRequests(files.flatMap(readRequests)));
  } catch (error) {
    process.stderr.write(`clarify:rates: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}

function print(judged: readonly Judged[]): void {
  const lines = ["                      false blocks        false passes"];
  for (const key of ["kind", "language"] as const) {
    const groups = [...new Set(judged.map(({ request }) => request[key]))].toSorted();
    for (const group of groups)
      lines.push(
        row(
          group,
          judged.filter(({ request }) => request[key] === group),
        ),
      );
    lines.push("");
  }
  lines.push(row("all", judged));
  if (given.includes("--show"))
    for (const { request, passes, score, why, observed } of judged)
      if (passes !== (request.label === "clear"))
        lines.push(
          `${passes ? "false pass " : "false block"} ${request.language} ${request.kind} (${score}: ${escapeLine(why, shownCharactersMax)})`,
          `    ${escapeLine(request.text, shownCharactersMax)}`,
          `    ${observed || "nothing observed"}`,
        );
  process.stdout.write(`${lines.join("\n")}\n`);
}

function row(name: string, judged: readonly Judged[]): string {
  const { clear, falseBlocks, unclear, falsePasses } = ratesOf(judged);
  return `${escapeLine(name, 20).padEnd(20)}  ${share(falseBlocks, clear)}  ${share(falsePasses, unclear)}`;
}

function share(wrong: number, all: number): string {
  const percent = all === 0 ? "-" : `${((wrong / all) * 100).toFixed(1)} %`;
  return `${`${wrong} of ${all}`.padStart(10)} ${percent.padStart(7)}`;
}
