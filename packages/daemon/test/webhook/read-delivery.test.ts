/** What is read of a delivery: headers in their one form, a signature over exactly these bytes, a repository's name. */
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deliveryHead, isSigned, repositoryOf } from "../../src/webhook/read-delivery.ts";

const id = "72d3162e-cc78-11e3-81ab-4c9367dc0958";
const good = {
  "content-type": "application/json",
  "x-github-delivery": id,
  "x-github-event": "issues",
  "x-hub-signature-256": `sha256=${"a".repeat(64)}`,
};

describe("the headers", () => {
  it("GitHub's headers are read", () => {
    expect(deliveryHead(good)).toEqual({ id, event: "issues", signature: "a".repeat(64) });
    expect(deliveryHead({ ...good, "content-type": "application/json; charset=utf-8" })).toMatchObject({ id });
  });

  it.each([
    ["wrong-type", { "content-type": "application/x-www-form-urlencoded" }],
    ["wrong-type", { "content-type": undefined }],
    ["wrong-type", { "content-type": "application/jsonp" }],
    ["bad-headers", { "x-github-delivery": undefined }],
    ["bad-headers", { "x-github-delivery": "1" }],
    ["bad-headers", { "x-github-delivery": `${id}, ${id}` }],
    ["bad-headers", { "x-github-event": undefined }],
    ["bad-headers", { "x-github-event": "issues\u001b[2J" }],
    ["unsigned", { "x-hub-signature-256": undefined }],
    ["unsigned", { "x-hub-signature-256": `sha1=${"a".repeat(40)}` }],
    ["unsigned", { "x-hub-signature-256": `sha256=${"a".repeat(63)}` }],
    ["unsigned", { "x-hub-signature-256": `sha256=${"a".repeat(64)}, sha256=${"b".repeat(64)}` }],
  ] as const)("headers are refused as %s: %j", (why, other) => {
    expect(deliveryHead({ ...good, ...other })).toBe(why);
  });
});

describe("the signature", () => {
  it("the signature is that of GitHub's documentation", () => {
    const signature = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    expect(isSigned(Buffer.from("Hello, World!"), { signature }, "It's a Secret to Everybody")).toBe(true);
    expect(isSigned(Buffer.from("Hello, World?"), { signature }, "It's a Secret to Everybody")).toBe(false);
  });

  it("the signature is only of these bytes with this secret", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), fc.string(), fc.string(), (body, other, secret, wrong) => {
        const signature = createHmac("sha256", secret).update(body).digest("hex");
        expect(isSigned(body, { signature }, secret)).toBe(true);
        // HMAC pads a short key with zero bytes.
        const unpadded = (text: string) => text.replace(/\0+$/, "");
        if (unpadded(wrong) !== unpadded(secret) && wrong.length < 64 && secret.length < 64)
          expect(isSigned(body, { signature }, wrong)).toBe(false);
        if (Buffer.compare(body, other) !== 0) expect(isSigned(other, { signature }, secret)).toBe(false);
      }),
    );
  });
});

describe("the body", () => {
  const repository = (text: string, event = "issues") => repositoryOf(Buffer.from(text), { event });

  it("of the body only the repository's name is read", () => {
    expect(repository('{"repository":{"full_name":"Acme/Shop"},"issue":{"title":"rm -rf /"}}')).toBe("acme/shop");
    expect(repository("{}", "ping")).toBe("test");
  });

  it.each([
    "",
    "null",
    "[]",
    "{",
    '{"repository":null}',
    '{"repository":{"full_name":7}}',
    `{"repository":{"full_name":"${"a".repeat(201)}"}}`,
    '{"__proto__":{"repository":{"full_name":"acme/shop"}}}',
    "[".repeat(500_000),
  ])("a body that names no repository is refused: %.60s", (text) => {
    expect(repository(text)).toBeNull();
  });
});
