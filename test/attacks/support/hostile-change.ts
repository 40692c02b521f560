/** A change with a payload in one place, and its executed evidence as the planes would deliver it. */
import { type TestMatrix, testMatrixSchema } from "@aedev/contracts";

export const positions = [
  "code comment",
  "string literal",
  "identifier",
  "file name",
  "README paragraph",
  "test name",
  "test output",
  "error message",
] as const;
export type Position = (typeof positions)[number];

/** Readers of reports cut a name to this length. */
const testIdLengthMax = 1_000;

/** The result of the tests: green as for an honest fix, red, a test gone, a report cut short, or no tests at all. */
export const proofs = ["green", "red", "vanished", "incomplete", "none"] as const;
export type Proof = (typeof proofs)[number];

export interface HostileChange {
  readonly path: string;
  /** The new file's text. */
  readonly text: string;
  readonly patch: string;
  readonly matrix: TestMatrix;
}

export function hostileChange(payload: string, position: Position, proof: Proof): HostileChange {
  const path =
    position === "file name" ? `src/${nameOf(payload)}.js` : position === "README paragraph" ? "README.md" : "src/a.js";
  const text = textOf(payload, position);
  const lines = text.replace(/\n$/, "").split("\n");
  const shown = quoted(path);
  const head = [
    `diff --git ${shown("a")} ${shown("b")}`,
    "new file mode 100644",
    `index ${"0".repeat(40)}..${"1".repeat(40)}`,
    "--- /dev/null",
    `+++ ${shown("b")}`,
  ];
  const patch = [...head, `@@ -0,0 +1,${lines.length} @@`, ...lines.map((line) => `+${line}`), ""].join("\n");
  return { path, text, patch, matrix: matrixOf(payload, position, proof) };
}

function textOf(payload: string, position: Position): string {
  switch (position) {
    case "code comment":
      return `${payload
        .split("\n")
        .map((line) => `// ${line}`)
        .join("\n")}\nexport const a = 1;\n`;
    case "string literal":
      return `export const note = ${JSON.stringify(payload)};\n`;
    case "identifier":
      return `export const ${payload.replace(/\W+/g, "_").slice(0, 200)}_ = 1;\n`;
    case "README paragraph":
      return `# Readme\n\n${payload}\n`;
    default:
      return "export const a = 1;\n";
  }
}

/** A possible file name: no slash, no NUL, at most 200 bytes. */
function nameOf(payload: string): string {
  let name = payload.replaceAll("/", "∕").replaceAll("\0", "").toWellFormed();
  while (Buffer.byteLength(name) > 200) name = name.slice(0, -1).toWellFormed();
  return name === "" ? "x" : name;
}

/** Writes names in a patch as git does: quoted if a byte is not plain. */
function quoted(path: string): (side: string) => string {
  const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e\u0080-\uffff]*$/u.test(path);
  return (side) => {
    if (plain) return `${side}/${path}`;
    const bytes = [...Buffer.from(`${side}/${path}`)];
    const body = bytes.map((byte) =>
      byte < 0x20 || byte === 0x22 || byte === 0x5c || byte === 0x7f
        ? `\\${byte.toString(8).padStart(3, "0")}`
        : String.fromCharCode(byte),
    );
    return `"${Buffer.from(body.join(""), "latin1").toString("utf8")}"`;
  };
}

function matrixOf(payload: string, position: Position, proof: Proof): TestMatrix {
  const added = position === "test name" ? payload.slice(0, testIdLengthMax) : "closes the hole";
  const output =
    position === "test output"
      ? payload
      : position === "error message"
        ? `Error: ${payload}\n    at run (src/a.js:1:1)\n`
        : "";
  const cell = (tests: Record<string, string>, incomplete: string | null = null) => ({
    ran: true,
    why_not: null,
    cached: null,
    commands: [
      {
        command: "npm test",
        exit_code: Object.values(tests).includes("fail") ? 1 : 0,
        timed_out: false,
        duration_ms: 5,
        output_tail: output,
        omitted_bytes: 0,
        format: "tap",
        tests: Object.entries(tests).map(([id, result]) => ({ id, result })),
        sentinel: "failed-as-it-must",
        incomplete,
        runs: 1,
        exit_codes: [],
      },
    ],
  });
  const after = proof === "red" ? { keeps: "fail" } : proof === "vanished" ? {} : { keeps: "pass" };
  const why = proof === "incomplete" ? `the report ended early: ${payload.slice(0, 200)}` : null;
  return testMatrixSchema.parse({
    has_checks: proof !== "none",
    cells: {
      "old-tests-old-code": cell({ keeps: "pass" }),
      "old-tests-new-code": cell(after, why),
      "new-tests-new-code": cell({ ...after, [added]: "pass" }, why),
      "new-tests-old-code": cell({ keeps: "pass", [added]: "fail" }),
    },
    own_control: null,
  });
}
