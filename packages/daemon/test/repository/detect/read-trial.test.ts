import { type CommandResult, noUsage } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { readTrial } from "../../../src/repository/detect/read-trial.ts";

const green: CommandResult = {
  command: "node --test",
  exit_code: 0,
  timed_out: false,
  duration_ms: 12,
  output_tail: "ok",
  omitted_bytes: 0,
  format: "node-test",
  tests: [{ id: "a", result: "pass" }],
  sentinel: "failed-as-it-must",
  incomplete: null,
  runs: 1,
  exit_codes: [],
};
const readWith = (refused_at_top: string[], ...commands: Partial<CommandResult>[]) =>
  readTrial({
    outcome: "tried",
    commands: commands.map((command) => ({ ...green, ...command })),
    writable: [],
    refused_at_top,
  });
const read = (...commands: Partial<CommandResult>[]) => readWith([], ...commands);

describe("a try", () => {
  it("a try is green only if every command is green and can be trusted", () => {
    expect(read({})).toMatchObject({ outcome: "green", notes: [], commands: [{ tests: { passed: 1, failed: 0 } }] });
    expect(read({}, { exit_code: 1 }).outcome).toBe("red");
    expect(read({ exit_code: null, timed_out: true }).outcome).toBe("red");
    expect(read({ incomplete: "the sentinel is silent" }).outcome).toBe("red");
    expect(read({ tests: [{ id: "b", result: "fail" }] })).toMatchObject({
      outcome: "red",
      commands: [{ failing: ["b"] }],
    });
  });

  it("a green try says what it is worth", () => {
    expect(read({ tests: null, format: "exit-code", sentinel: "none" }).notes.join()).toMatch(
      /only an exit code.*need your approval/,
    );
    expect(read({ tests: [], sentinel: "none" }).notes.join()).toMatch(/ran no test/);
    expect(read({ sentinel: "none" }).notes.join()).toMatch(/forged/);
  });

  it("a red try names the files that it could not write at the top of the checkout; a green one does not", () => {
    expect(readWith([".coverage", "c.out"], { exit_code: 1 }).notes).toEqual([
      "its tests could not write .coverage, c.out at the top of the checkout, which is read-only: let them write to /tmp, or to a folder that --writable names",
    ]);
    expect(readWith([".coverage"], {}).notes).toEqual([]);
    expect(read({ exit_code: 1 }).notes).toEqual([]);
  });

  it("a try says how many tests are skipped if they are many", () => {
    const tests = (passed: number, skipped: number) => [
      ...Array.from({ length: passed }, (_, at) => ({ id: `p${at}`, result: "pass" as const })),
      ...Array.from({ length: skipped }, (_, at) => ({ id: `s${at}`, result: "skip" as const })),
    ];
    expect(read({ tests: tests(412, 180) })).toMatchObject({
      outcome: "green",
      notes: [expect.stringMatching(/^180 of 592 tests of node --test are skipped here/)],
      commands: [{ tests: { passed: 412, failed: 0, skipped: 180 } }],
    });
    // A few of many, and a handful of few, are ordinary.
    expect(read({ tests: tests(412, 12) }).notes).toEqual([]);
    expect(read({ tests: tests(3, 9) }).notes).toEqual([]);
    expect(read({ tests: null, exit_code: 1 }).notes).toEqual([]);
  });

  it.each([
    ["ioredis", "Error: connect ECONNREFUSED 127.0.0.1:6379", "a Redis server at localhost:6379"],
    [
      "redis-py",
      "redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379. Connection refused.",
      "a Redis server at localhost:6379",
    ],
    [
      "psycopg",
      'connection to server at "localhost" (::1), port 5432 failed: Connection refused',
      "a PostgreSQL server at localhost:5432",
    ],
    ["Go", "dial tcp [::1]:27017: connect: connection refused", "a MongoDB server at localhost:27017"],
    [
      "pymysql",
      "(2003, \"Can't connect to MySQL server on 'db' ([Errno 111] Connection refused)\") db:3306",
      "a MySQL or MariaDB server at db:3306",
    ],
    [
      "Java",
      "Connection to localhost:5432 refused.\nCaused by: java.net.ConnectException: Connection refused",
      "a PostgreSQL server at localhost:5432",
    ],
    ["a compose file's name", "getaddrinfo ENOTFOUND elastic elastic:9200", "an Elasticsearch server at elastic:9200"],
  ])(
    "a try that fails because %s reaches no server says which server the tests need",
    (_library, output_tail, service) => {
      const { outcome, notes } = read({ exit_code: 1, output_tail });
      expect({ outcome, notes }).toEqual({
        outcome: "red",
        notes: [expect.stringContaining(`the tests need ${service}, which the sandbox does not have`)],
      });
      expect(read({ exit_code: 0, output_tail }).notes).toEqual([]);
    },
  );

  it("a try names no server if another port refused, or an ordinary failure only mentions the port", () => {
    for (const output_tail of ["connect ECONNREFUSED 127.0.0.1:45123", "expected redis://localhost:6379 to equal x"])
      expect(read({ exit_code: 1, output_tail }).notes).toEqual([]);
  });

  it("a try that fails because a program is missing reports a missing toolchain, not a failing test", () => {
    expect(read({ exit_code: 127 })).toMatchObject({ outcome: "held", code: "HOLD-TOOLCHAIN" });
    expect(read({ exit_code: 126 })).toMatchObject({ outcome: "held", code: "HOLD-TOOLCHAIN" });
    expect(read({ exit_code: 2 }).outcome).toBe("red");
  });

  it("a try without commands proves nothing", () => expect(read().outcome).toBe("nothing"));

  it("a held try says by what", () => {
    const held = { outcome: "held", code: "HOLD-PREPARE-FAILED", detail: "fetch: exit 1", resumes_at: null } as const;
    const rest = { retry_free: true, usage: noUsage, journal: null, patch: null, exit_code: null };
    expect(readTrial({ ...held, ...rest })).toMatchObject({
      outcome: "held",
      code: "HOLD-PREPARE-FAILED",
      detail: "fetch: exit 1",
    });
  });

  it("a try keeps only the end of long output, without splitting a character", () => {
    const [command] = read({ output_tail: `${"x".repeat(10_000)}💥`, exit_code: 1 }).commands;
    expect(command?.output_tail).toHaveLength(4000);
    expect(command?.output_tail.isWellFormed()).toBe(true);
  });
});
