/** The forked plane under the permission model with fakes on loopback: every failure of either family, keys, redirects, proxies, bugs. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { type Blob, type Family, families, viewNames } from "@aedev/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contents, layBundle, passing, plantedText, sealed, workOf } from "./fixture.ts";
import { bodyOf, fakeVendor, makeHome, type Recorded, startPlane } from "./plane.ts";

const keys: Record<Family, string> = {
  openai: "sk-proj-planted-openai-key",
  gemini: "planted-gemini-key",
  compatible: "planted-other-key",
};
const names: Record<Family, string> = {
  openai: "AEDEV_OPENAI_API_KEY",
  gemini: "AEDEV_GEMINI_API_KEY",
  compatible: "AEDEV_COMPATIBLE_API_KEY",
};
const secrets = { [names.openai]: keys.openai, [names.gemini]: keys.gemini, [names.compatible]: keys.compatible };
const pathOf: Record<Family, string> = {
  openai: "/v1/chat/completions",
  gemini: "/v1beta/models/judge-model:generateContent",
  compatible: "/v1/chat/completions",
};
let home: string;
let bundle: Blob;
let plane: Awaited<ReturnType<typeof startPlane>>;
let works = 0;

beforeAll(async () => {
  home = makeHome();
  bundle = layBundle(home);
  plane = await startPlane({ home, secrets });
});
afterAll(async () => {
  plane.close();
  expect(await plane.exited()).toBe(0);
  for (const key of Object.values(keys)) expect(plane.output()).not.toContain(key);
  rmSync(home, { recursive: true });
});

const json = (response: ServerResponse, status: number, body: object | string) =>
  response
    .writeHead(status, { "content-type": "application/json" })
    .end(typeof body === "string" ? body : JSON.stringify(body));
const nextWork = (family: Family, baseUrl: string, asked = bundle) => {
  works += 1;
  return workOf({ family, bundle: asked, baseUrl, workId: `judge-${works}` });
};
const withWorking = async (
  answer: (request: Recorded, response: ServerResponse) => void,
  use: (server: Awaited<ReturnType<typeof fakeVendor>>) => Promise<void>,
) => {
  const server = await fakeVendor(answer);
  try {
    await use(server);
  } finally {
    await server.close();
  }
};
const saying = (family: Family, answer: object) => (_: Recorded, response: ServerResponse) =>
  json(response, 200, bodyOf(family, JSON.stringify(answer)));

describe.each(families)("%s", (family) => {
  const pass = () => passing(bundle.digest);
  const invented = () => [{ id: "c1", result: "met", citations: [{ file: "index.js", line: 9000 }] }];
  type Answer = (request: Recorded, response: ServerResponse) => void;
  const cases: [string, () => Answer, string, string | null][] = [
    ["pass", () => saying(family, pass()), "pass", null],
    ["fail", () => saying(family, { ...pass(), verdict: "fail" }), "fail", null],
    ["inconclusive", () => saying(family, { ...pass(), verdict: "inconclusive" }), "inconclusive", "verdict"],
    ["500", () => (_, response) => json(response, 500, { error: { message: "down" } }), "inconclusive", "http_500"],
    ["429", () => (_, response) => json(response, 429, {}), "inconclusive", "http_429"],
    [
      "invalid JSON text",
      () => (_, response) => json(response, 200, bodyOf(family, "{nope")),
      "inconclusive",
      "invalid_json",
    ],
    ["a body that is no JSON", () => (_, response) => json(response, 200, "<html>"), "inconclusive", "invalid_json"],
    [
      "an endless body",
      () => (_, response) => json(response, 200, " ".repeat(5_000_000)),
      "inconclusive",
      "invalid_json",
    ],
    ["a dropped connection", () => (_, response) => void response.destroy(), "inconclusive", "unreachable"],
    ["wrong nonce", () => saying(family, { ...pass(), nonce: "ee".repeat(16) }), "inconclusive", "nonce"],
    ["wrong digest", () => saying(family, { ...pass(), bundle_digest: "ee".repeat(32) }), "inconclusive", "digest"],
    ["invented citation", () => saying(family, { ...pass(), criteria: invented() }), "inconclusive", "citation"],
  ];
  for (const [title, answer, verdict, detail] of cases)
    test(`${title} becomes ${detail ?? verdict}`, () =>
      withWorking(answer(), async (server) => {
        const report = await plane.judge(nextWork(family, server.url));
        expect(report.verdict).toMatchObject({ family, verdict, detail, bundle_digest: bundle.digest });
        expect(server.requests.map((request) => request.path)).toEqual([pathOf[family], pathOf[family]]);
      }));

  const silences: [string, Answer][] = [
    ["never answers", () => undefined],
    [
      "never ends its body",
      (_, response) => response.writeHead(200, { "content-type": "application/json" }).write("{"),
    ],
  ];
  test.each(silences)("a judge that %s is inconclusive at the deadline", (_, answer) =>
    withWorking(answer, async (server) => {
      const began = Date.now();
      const report = await plane.judge({ ...nextWork(family, server.url), timeout_ms: 500 });
      expect(report.verdict).toMatchObject({ verdict: "inconclusive", detail: "timeout" });
      expect(server.requests).toHaveLength(2);
      // Far below the vendors' own limits of minutes, and far above a busy machine's seconds.
      expect(Date.now() - began).toBeLessThan(20_000);
    }),
  );

  test("sends the patch without framing and the key only in its header, and receives tokens and answer", () =>
    withWorking(
      saying(family, { ...pass(), defects: [{ severity: "low", file: "", line: 0, text: keys[family] }] }),
      async (server) => {
        const report = await plane.judge(nextWork(family, server.url));
        const request = server.requests[0];
        expect(request?.body).toContain(plantedText);
        expect(request?.body).toContain(`nonce: ${workOf({ family, bundle, baseUrl: null }).verdict_nonce}\\n`);
        expect(request?.body).not.toMatch(/framing|framed|987654/);
        expect(request?.body).not.toContain(keys[family]);
        expect(request?.path).not.toContain(keys[family]);
        expect(request?.headers[family === "gemini" ? "x-goog-api-key" : "authorization"]).toContain(keys[family]);
        expect(report.verdict).toMatchObject({ verdict: "pass", usage: { input_tokens: 22, output_tokens: 10 } });
        const kept = JSON.parse(report.answer ?? "");
        for (const view of viewNames) expect(JSON.parse(kept[view]).verdict).toBe("pass");
        expect(JSON.stringify(report)).not.toContain(keys[family]);
      },
    ));

  test("follows no redirect, so that the key stays where it was sent", () =>
    withWorking(saying(family, pass()), (elsewhere) =>
      withWorking(
        (request, response) => void response.writeHead(307, { location: `${elsewhere.url}${request.path}` }).end(),
        async (server) => {
          const report = await plane.judge(nextWork(family, server.url));
          expect(report.verdict).toMatchObject({ verdict: "inconclusive", detail: "http_307" });
          expect(server.requests).toHaveLength(2);
          expect(elsewhere.requests).toHaveLength(0);
        },
      ),
    ));

  test("does not send a prompt that exceeds its bytes", () =>
    withWorking(saying(family, pass()), async (server) => {
      const report = await plane.judge({ ...nextWork(family, server.url), prompt_bytes: 500 });
      expect(report.verdict).toMatchObject({ verdict: "inconclusive", detail: "too_large" });
      expect(server.requests).toHaveLength(0);
    }));
});

describe("a judge that gives no answer at first", () => {
  /** The answers to the n-th request of each view; the last answer is repeated. */
  const inTurn = (...answers: ((request: Recorded, response: ServerResponse) => void)[]) => {
    const asked: Record<string, number> = {};
    return (request: Recorded, response: ServerResponse) => {
      const view = request.body.includes(plantedText) ? "plain" : "blanked";
      asked[view] = (asked[view] ?? 0) + 1;
      answers[Math.min(asked[view], answers.length) - 1]?.(request, response);
    };
  };
  const status = (code: number, headers: Record<string, string> = {}) => {
    return (_: Recorded, response: ServerResponse) => {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      json(response, code, { error: { message: "words of the vendor", code: headers["x-code"] ?? null } });
    };
  };
  const pass = (family: Family) => saying(family, passing(bundle.digest));

  test("asks again after an error and an unreadable answer, and records each request without its text", () =>
    Promise.all(
      families.map((family) =>
        withWorking(
          inTurn(
            status(503, { "retry-after": "0" }),
            (_, response) => json(response, 200, bodyOf(family, "{nope")),
            pass(family),
          ),
          async (server) => {
            const report = await plane.judge({ ...nextWork(family, server.url), tries: 3 });
            expect(report.verdict).toMatchObject({ verdict: "pass", detail: null });
            for (const view of viewNames) {
              const tries = report.verdict.tries?.filter((one) => one.view === view);
              expect(tries?.map(({ result }) => result)).toEqual(["http_503", "invalid_json", "pass"]);
              expect(tries?.map(({ wait_ms }) => wait_ms === null)).toEqual([false, false, true]);
            }
            expect(server.requests).toHaveLength(6);
            // Two answers of each view were billed.
            expect(report.verdict.usage).toEqual({ input_tokens: 44, output_tokens: 20, requests: 6 });
            expect(JSON.stringify(report)).not.toContain("words of the vendor");
          },
        ),
      ),
    ));

  test.each(families)(
    "does not ask again after %s if its `retry-after` is beyond the deadline, or its key is refused",
    (family) =>
      withWorking(inTurn(status(429, { "retry-after": "3600" }), pass(family)), async (limited) => {
        const work = { ...nextWork(family, limited.url), tries: 4 };
        expect((await plane.judge(work)).verdict).toMatchObject({ verdict: "inconclusive", detail: "http_429" });
        expect(limited.requests).toHaveLength(2);
        await withWorking(inTurn(status(401), pass(family)), async (refusing) => {
          const { verdict } = await plane.judge({ ...nextWork(family, refusing.url), tries: 4 });
          expect(verdict).toMatchObject({ verdict: "inconclusive", detail: "http_401" });
          expect(verdict).not.toHaveProperty("tries");
          expect(refusing.requests).toHaveLength(2);
        });
      }),
  );

  test("distinguishes used-up credit from a temporary 429", () =>
    withWorking(inTurn(status(429, { "x-code": "insufficient_quota" }), pass("openai")), async (server) => {
      const { verdict } = await plane.judge({ ...nextWork("openai", server.url), tries: 4 });
      expect(verdict).toMatchObject({ verdict: "inconclusive", detail: "quota" });
      expect(server.requests).toHaveLength(2);
    }));

  test("does not ask an answered view again beside an unanswered one, and asks neither after a fail", () =>
    withWorking(
      (request, response) => {
        const answer = request.body.includes(plantedText) ? pass("openai") : status(500);
        answer(request, response);
      },
      async (server) => {
        const { verdict } = await plane.judge({ ...nextWork("openai", server.url), tries: 2 });
        expect(verdict).toMatchObject({ verdict: "inconclusive", detail: "http_500" });
        expect(verdict.tries?.map(({ view, result }) => `${view} ${result}`)).toEqual([
          "plain pass",
          "blanked http_500",
          "blanked http_500",
        ]);
        expect(server.requests).toHaveLength(3);
        await withWorking(
          (request, response) => {
            const fail = saying("openai", { ...passing(bundle.digest), verdict: "fail" });
            const answer = request.body.includes(plantedText) ? fail : status(500, { "retry-after": "50" });
            answer(request, response);
          },
          async (failing) => {
            const failed = await plane.judge({ ...nextWork("openai", failing.url), tries: 4 });
            expect(failed.verdict).toMatchObject({ verdict: "fail", detail: null });
            expect(failing.requests).toHaveLength(2);
          },
        );
      },
    ));
});

describe("two views", () => {
  const isBlanked = ({ body }: Recorded) => !body.includes(plantedText);
  type Said = object | number;
  /** The answers to each view, and the resulting verdict. */
  const cases: [title: string, plain: Said, blanked: Said, verdict: string, detail: string | null][] = [
    ["two passes are a pass", {}, {}, "pass", null],
    ["two fails are a fail", { verdict: "fail" }, { verdict: "fail" }, "fail", null],
    ["a pass that turns into a fail is a flip", {}, { verdict: "fail" }, "inconclusive", "flip"],
    ["a fail that turns into a pass is a flip", { verdict: "fail" }, {}, "inconclusive", "flip"],
    ["a fail stands beside silence", { verdict: "fail" }, 500, "fail", null],
    ["a fail stands beside doubt", { verdict: "inconclusive" }, { verdict: "fail" }, "fail", null],
    ["a pass beside doubt is doubt", {}, { verdict: "inconclusive" }, "inconclusive", "verdict"],
    ["a pass beside silence is silence", {}, 503, "inconclusive", "http_503"],
    ["an answer goes before silence", 500, { nonce: "ee".repeat(16) }, "inconclusive", "nonce"],
  ];
  test.each(cases)("%s", (_, plain, blanked, verdict, detail) =>
    withWorking(
      (request, response) => {
        const said = isBlanked(request) ? blanked : plain;
        if (typeof said === "number") json(response, said, {});
        else saying("openai", { ...passing(bundle.digest), ...said })(request, response);
      },
      async (server) => {
        const report = await plane.judge(nextWork("openai", server.url));
        expect(report.verdict).toMatchObject({ verdict, detail });
        expect(report.verdict.views.map(({ view }) => view)).toEqual(["plain", "blanked"]);
        expect(server.requests.map(isBlanked).toSorted()).toEqual([false, true]);
      },
    ),
  );

  test("asks no judge in a plane whose prompt differs from the control plane's", () =>
    withWorking(saying("openai", passing(bundle.digest)), async (server) => {
      const other = { ...nextWork("openai", server.url), prompt_digest: "7".repeat(64) };
      const report = await plane.judge(other);
      expect(report.verdict).toMatchObject({ verdict: "inconclusive", detail: "digest", views: [] });
      expect(server.requests).toHaveLength(0);
      expect((await plane.judge(nextWork("openai", server.url))).verdict.verdict).toBe("pass");
    }));

  test("does not ask an endpoint without schema support again without a schema, and never asks a judge without an address", () =>
    withWorking(
      (_, response) => json(response, 400, { error: { message: "response_format json_schema is not supported" } }),
      async (server) => {
        const refused = await plane.judge(nextWork("compatible", server.url));
        expect(refused.verdict).toMatchObject({ verdict: "inconclusive", detail: "http_400" });
        for (const { body } of server.requests) expect(JSON.parse(body).response_format.type).toBe("json_schema");
        expect(server.requests).toHaveLength(2);
        const nobody = await plane.judge({ ...nextWork("compatible", server.url), base_url: null });
        expect(nobody.verdict).toMatchObject({ verdict: "inconclusive", detail: "unreachable" });
        expect(server.requests).toHaveLength(2);
      },
    ));
});

test("does not send a bundle with a changed byte, a missing blob or another manifest", async () => {
  const other = layBundle(home, { ...contents, patch: contents.patch.replace("done", "gone") });
  const { manifest } = sealed({ ...contents, patch: contents.patch.replace("done", "gone") });
  const path = `${home}/bundles/${other.digest}/${manifest.entries.patch?.digest}`;
  await withWorking(saying("openai", passing(other.digest)), async (server) => {
    expect((await plane.judge(nextWork("openai", server.url, other))).verdict.verdict).toBe("pass");
    writeFileSync(path, contents.patch.replace("done", "gene"));
    const inconclusive = { verdict: "inconclusive", detail: "digest" };
    expect((await plane.judge(nextWork("openai", server.url, other))).verdict).toMatchObject(inconclusive);
    rmSync(path);
    expect((await plane.judge(nextWork("openai", server.url, other))).verdict).toMatchObject(inconclusive);
    const unknown = { ...bundle, digest: "00".repeat(32) };
    expect((await plane.judge(nextWork("openai", server.url, unknown))).verdict).toMatchObject(inconclusive);
    expect(server.requests).toHaveLength(2);
  });
});

test("does not even read a patch that no prompt can hold", async () => {
  const parts = { ...contents, patch: contents.patch.replace("done", "gone too") };
  const asked = layBundle(home, parts);
  const patch = sealed(parts).manifest.entries.patch;
  await withWorking(saying("openai", passing(asked.digest)), async (server) => {
    const verdictWith = async (prompt_bytes: number) =>
      (await plane.judge({ ...nextWork("openai", server.url, asked), prompt_bytes })).verdict;
    expect((await verdictWith(100_000)).verdict).toBe("pass");
    rmSync(`${home}/bundles/${asked.digest}/${patch?.digest}`);
    expect(await verdictWith(100_000)).toMatchObject({ verdict: "inconclusive", detail: "digest" });
    const small = (patch?.size_bytes ?? 0) - 1;
    expect(await verdictWith(small)).toMatchObject({ verdict: "inconclusive", detail: "too_large" });
    expect(server.requests).toHaveLength(2);
  });
});

test("reports a missing or empty key as not_configured without a call, and reads the file again for each work, which must have mode 0600", async () => {
  const own = makeHome();
  const asked = layBundle(own);
  const fileKey = "key-from-the-file-1234";
  const path = `${own}/secrets/judgement.env`;
  const started = await startPlane({ home: own, secrets: { [names.gemini]: "" } });
  await withWorking(saying("openai", passing(asked.digest)), async (server) => {
    const verdictOf = async (family: Family) =>
      (await started.judge(nextWork(family, server.url, asked))).verdict.verdict;
    expect(await verdictOf("openai")).toBe("not_configured");
    writeFileSync(path, `${names.openai}=${fileKey}\n${names.gemini}=${fileKey}\n`, { mode: 0o600 });
    expect(await verdictOf("openai")).toBe("pass");
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${fileKey}`);
    expect(await verdictOf("gemini")).toBe("not_configured");
    chmodSync(path, 0o644);
    expect(await verdictOf("openai")).toBe("not_configured");
    writeFileSync(path, `${names.openai}=\n`);
    chmodSync(path, 0o600);
    expect(await verdictOf("openai")).toBe("not_configured");
    expect(server.requests).toHaveLength(2);
  });
  started.close();
  expect(await started.exited()).toBe(0);
  expect(started.output()).toContain("can be read by other users");
  expect(started.output()).not.toContain(fileKey);
  rmSync(own, { recursive: true });
});

test("ignores proxies and addresses in the environment", () =>
  withWorking(
    (_, response) => json(response, 502, {}),
    (proxy) =>
      withWorking(
        (request, response) =>
          saying(request.path.includes("chat") ? "openai" : "gemini", passing(bundle.digest))(request, response),
        async (server) => {
          const started = await startPlane({
            home,
            secrets,
            environment: {
              NODE_USE_ENV_PROXY: "1",
              HTTP_PROXY: proxy.url,
              http_proxy: proxy.url,
              HTTPS_PROXY: proxy.url,
              ALL_PROXY: proxy.url,
              OPENAI_BASE_URL: proxy.url,
              OPENAI_LOG: "debug",
              OPENAI_CUSTOM_HEADERS: "x-planted: 1",
            },
          });
          for (const family of families)
            expect((await started.judge(nextWork(family, server.url))).verdict.verdict).toBe("pass");
          expect(proxy.requests).toHaveLength(0);
          expect(server.requests).toHaveLength(2 * families.length);
          expect(server.requests.every((request) => request.headers["x-planted"] === undefined)).toBe(true);
          started.close();
          expect(await started.exited()).toBe(0);
          expect(started.output()).not.toContain(keys.openai);
        },
      ),
  ));

test("refuses an untrusted certificate, whatever the environment says", async () => {
  const folder = makeHome();
  const files = { key: `${folder}/key.pem`, cert: `${folder}/cert.pem` };
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const made = ["-keyout", files.key, "-out", files.cert, "-days", "2", "-nodes"];
  execFileSync(
    "openssl",
    ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", ...made, ...subject],
    {
      stdio: "ignore",
    },
  );
  const requests: string[] = [];
  const server = createServer({ key: readFileSync(files.key), cert: readFileSync(files.cert) }, (request, response) => {
    requests.push(request.url ?? "");
    json(response, 200, bodyOf("openai", JSON.stringify(passing(bundle.digest))));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `https://localhost:${(server.address() as AddressInfo).port}`;
  const verdictUnder = async (environment: Record<string, string>) => {
    const started = await startPlane({ home, secrets, environment });
    const report = await started.judge(nextWork("openai", address));
    started.close();
    await started.exited();
    return report.verdict;
  };
  const switchedOff = await verdictUnder({ NODE_TLS_REJECT_UNAUTHORIZED: "0" });
  expect(switchedOff).toMatchObject({ verdict: "inconclusive", detail: "unreachable" });
  expect(requests).toHaveLength(0);
  const vouchedFor = await verdictUnder({ NODE_EXTRA_CA_CERTS: files.cert });
  expect(vouchedFor.verdict).toBe("pass");
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

test("asks for several judgements at the same time", async () => {
  const held: ServerResponse[] = [];
  await withWorking(
    (_, response) => {
      held.push(response);
      if (held.length === 4)
        for (const each of held) saying("openai", passing(bundle.digest))({ path: "", headers: {}, body: "" }, each);
    },
    async (server) => {
      const reports = await Promise.all([1, 2].map(() => plane.judge(nextWork("openai", server.url))));
      expect(reports.map((report) => report.verdict.verdict)).toEqual(["pass", "pass"]);
    },
  );
});

test("runs no more judgements at a vendor than the configuration allows", async () => {
  const peakWith = async (vendor_judgements: number) => {
    const open = { now: 0, peak: 0 };
    await withWorking(
      (_, response) => {
        open.now += 1;
        open.peak = Math.max(open.peak, open.now);
        setTimeout(() => {
          open.now -= 1;
          saying("openai", passing(bundle.digest))({ path: "", headers: {}, body: "" }, response);
        }, 200);
      },
      async (server) => {
        const started = await startPlane({ home, secrets, vendor_judgements });
        const reports = await Promise.all([1, 2, 3].map(() => started.judge(nextWork("openai", server.url))));
        expect(reports.map(({ verdict }) => verdict.verdict)).toEqual(["pass", "pass", "pass"]);
        started.close();
        await started.exited();
      },
    );
    return open.peak;
  };
  // Each judgement asks for two views at once.
  expect(await peakWith(1)).toBe(2);
  expect(await peakWith(4)).toBeGreaterThan(2);
});

test.each([
  ["work of another plane", { kind: "ForgetRun", run_id: "r-aaaaaaaaaaaaaaaa" }],
  [
    "a second start",
    { kind: "StartJudgement", home: "/", generation: 2, vendor_judgements: 4, secrets: { A: "planted-secret-value" } },
  ],
  ["a message without form", { kind: "Work", work: "planted-secret-value" }],
])("treats %s as a bug: the plane exits 1 and prints no value", async (_, message) => {
  const started = await startPlane({ home, secrets });
  started.send(message);
  expect(await started.exited()).toBe(1);
  expect(started.output()).toContain("the judgement plane");
  expect(started.output()).not.toContain("planted-secret-value");
});
