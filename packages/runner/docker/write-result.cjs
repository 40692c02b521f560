// Reads the coder CLI's raw answer on standard input and writes cli-envelope.json (unchanged) and result.json (short).
// Runs only inside the runner image. Its usage figures are not trusted: the gateway counts usage itself.
const fs = require("node:fs");

const RAW_TEXT_CHARS_MAX = 8000;
const SUMMARY_CHARS_MAX = 200;

/** Replaces whatever the coder left at the path: a link, a folder or a pipe. */
function replaceFile(path, content) {
  fs.rmSync(path, { recursive: true, force: true });
  fs.writeFileSync(path, content, { flag: "wx", mode: 0o644 });
}

function parseEnvelope(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const tokens = (value) => (Number.isSafeInteger(value) && value >= 0 ? value : 0);

const raw = fs.readFileSync(0, "utf8");
const envelope = parseEnvelope(raw);
const text = typeof envelope?.result === "string" ? envelope.result : envelope ? "" : raw;

replaceFile("/workspace/cli-envelope.json", raw);
replaceFile(
  "/workspace/result.json",
  `${JSON.stringify({
    raw_text: text.slice(0, RAW_TEXT_CHARS_MAX),
    usage: {
      input_tokens: tokens(envelope?.usage?.input_tokens),
      output_tokens: tokens(envelope?.usage?.output_tokens),
    },
    summary: (text.trimStart().split("\n", 1)[0] ?? "").slice(0, SUMMARY_CHARS_MAX),
    is_error: envelope?.is_error !== false,
  })}\n`,
);
