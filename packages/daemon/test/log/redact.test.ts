/** What is taken out of an event before it is stored, and what is left as it is. */
import { describe, expect, it } from "vitest";
import { createRedactor } from "../../src/log/redact.ts";

const redactor = createRedactor(["own-secret-value-1", 'quoted "secret" \\ value', "short"]);
const pem = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\nAAAA\n-----END OPENSSH PRIVATE KEY-----";

describe("redaction", () => {
  it.each([
    ["sk-ant-api03-abcdefgh_-12", "[redacted]"],
    ["sk-proj-abcdefgh12345", "[redacted]"],
    [`key: sk-${"a1".repeat(12)}.`, "key: [redacted]."],
    [`ghp_${"a1B2".repeat(9)}`, "[redacted]"],
    [`github_pat_${"a1B2_".repeat(9)}`, "[redacted]"],
    ["id AKIAIOSFODNN7EXAMPLE", "id [redacted]"],
    [`before ${pem} after`, "before [redacted] after"],
    [pem.slice(0, 50), "[redacted]"],
    ["Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.e30", "Authorization: Bearer [redacted]"],
    ["https://user:hunter2@git.example/a", "https://[redacted]@git.example/a"],
    ["an own-secret-value-1 here", "an [redacted] here"],
    ['a quoted "secret" \\ value here', "a [redacted] here"],
  ])("redaction takes the secret out of %j", (text, clean) => {
    expect(redactor.text(text)).toBe(clean);
    const { data, json } = redactor.event({ list: [{ text }], count: 1 });
    expect(data).toEqual({ list: [{ text: clean }], count: 1 });
    expect(JSON.parse(json)).toEqual(data);
  });

  it.each([
    ["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["t-sk0antaaaaaaaaaa"],
    ["task-branch of risk-assessment-and-more"],
    ["the bearer of this token decides"],
    ["find the token sk-ant- in code"],
    ["https://git.example/a?b=c@d"],
    ["ssh://git@git.example/a.git"],
    ["short values are words"],
  ])("redaction leaves %j alone", (text) => {
    const data = { text };
    expect(redactor.event(data).data).toEqual(data);
    expect(redactor.text(text)).toBe(text);
  });
});
