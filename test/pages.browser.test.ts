/** The pages that a person sees, in a real browser of a phone's size: readable, accessible, without a script; and the tap that decides. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ApprovalSubject } from "@aedev/contracts/events";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "../packages/daemon/src/control/control.ts";
import { phoneLinkAddress } from "../packages/daemon/src/phone/approval/phone-link.ts";
import { approvalKey, mintToken } from "../packages/daemon/src/phone/approval/token.ts";
import { addressOf } from "../packages/daemon/test/phone/approval/ask.ts";
import {
  askAboutChange,
  askAboutSpecification,
  askCodersQuestion,
  askForClarity,
  holdForBudget,
  hostile,
  openControl,
  requestApproval,
  submit,
} from "../packages/daemon/test/phone/approval/asked-home.ts";
import { Laboratory } from "./support/laboratory.ts";

const phone = { width: 320, height: 640 };
const ordinaryPhone = { width: 360, height: 740 };
const ordinaryWordLengthMax = 20;
const sentenceLengthMin = 25;
/** Three columns, the last of which is crushed on a phone. */
const crushedTable = `<table><tr><th>supplychainsensitive</th><td>publicinterfaces</td><td>characteristically</td></tr></table>`;
/** Folder for screenshots that people can check. */
const pictures = process.env["AEDEV_TEST_PICTURES"];

let laboratory: Laboratory;
let browser: Browser;
/** Paths of the approval pages, by the kind of question. */
const pages = { change: "", crowded: "", specification: "", question: "", questions: "", budget: "", mission: "" };
let taskId = "";

beforeAll(async () => {
  laboratory = await Laboratory.open({ configuration: "limits: { day_usd: 20 }\n" });
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  laboratory.environment["AEDEV_PUBLIC_URL"] = "https://phone.example";
  laboratory.environment["AEDEV_APPROVAL_PORT"] = "0";
  {
    await using control = await openControl(laboratory.home);
    const subject = await askAboutChange(control);
    if (subject.kind !== "landing") throw new Error("a change was expected");
    taskId = subject.task_id;
    const subjects = {
      change: subject,
      crowded: await askAboutCrowdedChange(control),
      specification: await askAboutSpecification(control),
      question: await askCodersQuestion(control, "Round half up or half even?"),
      questions: await askRound(control),
      budget: await offerBudget(control),
    };
    for (const name of ["change", "crowded", "specification", "question", "questions", "budget"] as const) {
      const approval = await requestApproval(control, subjects[name]);
      const token = mintToken(approvalKey(laboratory.home), approval, { action: "look" });
      pages[name] = addressOf(approval.approval_id, token);
    }
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    await submit(control, { kind: "MakePhoneLink", link_id: newId("l"), expires_at });
    const [link] = control.log.state.system.phone_links ?? [];
    if (link === undefined) throw new Error("no link was made");
    pages.mission = phoneLinkAddress(laboratory.home, "", link);
  }
  await laboratory.must("daemon", "start");
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"],
  });
});
afterAll(async () => {
  await browser.close();
  await laboratory[Symbol.asyncDispose]();
});

/** A change with everything that could push the buttons off the screen: a long title, many and hostile names, long lines, many reasons. */
async function askAboutCrowdedChange(control: Awaited<ReturnType<typeof openControl>>) {
  const names = Array.from({ length: 40 }, (_, at) => `src/${"deep/".repeat(at % 9)}module-${at}.js`);
  const patch = [...names, `lib/${hostile.replace(/["\p{C}]/gu, "")}${"w".repeat(180)}.js`].map((name, at) =>
    [
      ...[`diff --git a/${name} b/${name}`, `index ${"1".repeat(40)}..${"2".repeat(40)} 100644`],
      ...[`--- a/${name}`, `+++ b/${name}`, "@@ -1,2 +1,3 @@ export function half(value) {", " // The same as before."],
      ...["-  return value / 3;", `+  return value / 2; // ${at} ${hostile}`, `+${"long ".repeat(60)}`],
    ].join("\n"),
  );
  const found = (factor: string, points: number, why: string) => ({ factor, points, why, missing: false });
  return askAboutChange(
    control,
    {},
    {
      title:
        `${hostile.slice(0, 60)} Never round a price twice, neither in the cart nor in the invoice, ${"long ".repeat(9)}`.slice(
          0,
          120,
        ),
      patch: `${patch.join("\n")}\n`,
      reasons: [
        { kind: "chance-of-harm", chance: 340, bound: 0, profile: "safe" },
        { kind: "unneeded-code", parts: [`${names[0]}:1 ${hostile}`], more: 3 },
        { kind: "test-support", path: hostile },
      ],
      shares: [
        found("changed_tests", 1900, "two tests are edited, and their old versions fail"),
        found("unneeded_code", 1800, `4 parts, such as ${hostile}`),
        found("code_without_test", 60, "no test file changes"),
        found("same_outside_tests", -1000, "2 changed functions gave the results that the tests saw"),
        found("tests_can_fail", -900, "3 tests of the base were shown able to fail"),
      ],
    },
  );
}
async function askRound(control: Awaited<ReturnType<typeof openControl>>) {
  const [round] = await askForClarity(control, "make it nice");
  if (round === undefined) throw new Error("nothing is asked");
  return round;
}
async function offerBudget(control: Awaited<ReturnType<typeof openControl>>): Promise<ApprovalSubject> {
  const held = await holdForBudget(control, "usd ($20.00 of $20.00: limits.day_usd)");
  const mission_id = control.log.state.tasks[held.task_id]?.mission_id;
  return { kind: "budget", mission_id, ...held, budget: "limits.day_usd", raise_to: "40" } as ApprovalSubject;
}
function record(): { port: number; approval_port: number } {
  return JSON.parse(readFileSync(join(laboratory.home, "run/daemon.json"), "utf8")) as never;
}
async function open(address: string, colorScheme: "light" | "dark", viewport = phone): Promise<Page> {
  const context = await browser.newContext({ viewport, colorScheme, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  await page.goto(address);
  return page;
}
/** The findings of axe, each with its place; empty if the page has no known barrier. */
async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`);
}
/** Problems on a narrow screen: elements that extend past it, and ordinary words that a narrow column breaks. A diff scrolls on purpose. */
async function stumbles(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const scrolls = (node) => (node.parentElement ?? node).closest("pre") !== null;
    const wide = [...document.querySelectorAll("body *")].filter(
      (element) => !scrolls(element) && element.getBoundingClientRect().right > ${phone.width} + 0.5,
    );
    const broken = [];
    const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text !== null; text = texts.nextNode())
      for (const { 0: word, index } of text.data.matchAll(/[a-z]{3,${ordinaryWordLengthMax}}/gi)) {
        const alone = !/\\S/.test((text.data[index - 1] ?? " ") + (text.data[index + word.length] ?? " "));
        const range = document.createRange();
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
        if (alone && !scrolls(text) && lines.size > 1) broken.push(word);
      }
    return [...wide.map(({ outerHTML }) => "too wide: " + outerHTML.slice(0, 80)), ...broken.map((word) => "broken: " + word)];
  })()`);
}
/** Sentences that a reader sees twice, with every part of the page open. */
async function repeatedSentences(page: Page): Promise<string[]> {
  await page.evaluate("for (const part of document.querySelectorAll('details')) part.removeAttribute('name')");
  await page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true");
  // The lines of a diff may be alike.
  await page.evaluate("for (const part of document.querySelectorAll('pre')) part.remove()");
  const text = (await page.evaluate("document.body.innerText")) as string;
  const sentences = text.split(/\n|[.?!:;] /u).map((sentence) => sentence.trim().replace(/[.?!:;]$/u, ""));
  const known = new Set<string>();
  return sentences.filter((sentence) => sentence.length > sentenceLengthMin && known.size === known.add(sentence).size);
}
/** How far below the top of the page these parts end; a part that is not seen ends nowhere. */
async function ends(page: Page, parts: Record<string, Locator>): Promise<Record<string, number>> {
  await page.evaluate("scrollTo(0, 0)");
  const found: Record<string, number> = {};
  for (const [name, part] of Object.entries(parts)) {
    const box = await part.first().boundingBox();
    const isSeen = box !== null && box.y >= 0 && box.width > 0 && box.height > 0;
    found[name] = isSeen ? box.y + box.height : Number.POSITIVE_INFINITY;
  }
  return found;
}
async function landings(): Promise<number> {
  const { stdout } = await laboratory.must("events", "export");
  return stdout.split("\n").filter((line) => line.includes('"type":"LandingApproved"') && line.includes(taskId)).length;
}

describe("the pages on a phone", () => {
  for (const scheme of ["light", "dark"] as const)
    it(`fit, are readable, and axe finds nothing on approval pages and status board (${scheme})`, async () => {
      const { port, approval_port } = record();
      for (const [name, address] of [
        ["change", `http://127.0.0.1:${approval_port}${pages.change}`],
        ["crowded", `http://127.0.0.1:${approval_port}${pages.crowded}`],
        ["specification", `http://127.0.0.1:${approval_port}${pages.specification}`],
        ["question", `http://127.0.0.1:${approval_port}${pages.question}`],
        ["questions", `http://127.0.0.1:${approval_port}${pages.questions}`],
        ["budget", `http://127.0.0.1:${approval_port}${pages.budget}`],
        ["mission", `http://127.0.0.1:${approval_port}${pages.mission}`],
        ["board", `http://127.0.0.1:${port}/status-board`],
      ] as const) {
        const page = await open(address, scheme);
        if (pictures !== undefined)
          await page.screenshot({ path: join(pictures, `${name}-${scheme}.png`), fullPage: true });
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(phone.width);
        expect(await page.locator("script").count()).toBe(name === "board" ? 1 : 0);
        expect(await barriers(page)).toEqual([]);
        expect(await stumbles(page)).toEqual([]);
        // The control: the same checks find a crushed table, an element that is too wide, and a barrier.
        await page.evaluate(`document.querySelector('main').insertAdjacentHTML('beforeend', '${crushedTable}')`);
        expect((await stumbles(page)).join()).toMatch(/broken: characteristically|too wide: <table/);
        await page.evaluate("document.querySelector('table').outerHTML = '<canvas width=400></canvas>'");
        expect(await stumbles(page)).toEqual([expect.stringContaining("too wide: <canvas")]);
        await page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x><input>')");
        expect((await barriers(page)).join()).toMatch(/image-alt[\s\S]*label|label[\s\S]*image-alt/);
        await page.context().close();
      }
    });

  for (const scheme of ["light", "dark"] as const)
    it(`show the decision, why, risk, tests, judges and the three buttons in the first screen, and no sentence twice (${scheme})`, async () => {
      for (const name of ["change", "crowded"] as const) {
        const page = await open(`http://127.0.0.1:${record().approval_port}${pages[name]}`, scheme, ordinaryPhone);
        const fact = (of: string) => page.locator("dl.facts > div", { hasText: new RegExp(`^${of}`) }).locator("dd");
        const parts = {
          asked: page.getByRole("heading", { level: 1 }),
          title: page.locator("header .title"),
          ...{ why: fact("Why"), risk: fact("Risk"), tests: fact("Tests"), judges: fact("Judges") },
          approve: page.getByRole("button", { name: "Approve", exact: true }),
          change: page.locator("summary", { hasText: "Change…" }),
          reject: page.locator("summary", { hasText: "Reject" }),
        };
        if (pictures !== undefined) await page.screenshot({ path: join(pictures, `first-${name}-${scheme}.png`) });
        const bottoms = await ends(page, parts);
        for (const [part, bottom] of Object.entries(bottoms))
          expect({ name, part, isSeen: bottom <= ordinaryPhone.height, bottom }).toMatchObject({ isSeen: true });
        // No fact is behind the bar.
        const bar = await page.locator(".bar").boundingBox();
        expect(bottoms["judges"]).toBeLessThanOrEqual(bar?.y ?? 0);
        await page.evaluate("scrollTo(0, 1500)");
        expect((await page.locator(".bar").boundingBox())?.y).toBeCloseTo(bar?.y ?? 0, 0);
        expect((await page.locator("pre").allTextContents()).join("")).not.toMatch(/(?:index|git a)\b|1{40}|\+\+\+/);
        expect(await page.evaluate("getComputedStyle(document.querySelector('.file code')).userSelect")).toBe("all");
        await page.locator("summary", { hasText: "Change…" }).tap();
        expect(await page.getByLabel("What should change?").isVisible()).toBe(true);
        if (pictures !== undefined) await page.screenshot({ path: join(pictures, `sheet-${name}-${scheme}.png`) });
        expect(await barriers(page)).toEqual([]);
        expect(await repeatedSentences(page)).toEqual([]);
        if (pictures !== undefined)
          await page.screenshot({ path: join(pictures, `opened-${name}-${scheme}.png`), fullPage: true });
        expect(await barriers(page)).toEqual([]);
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(ordinaryPhone.width);
        // The control: the same checks notice a repeated sentence, and a title that pushes the rest down.
        await page.evaluate("document.querySelector('dl').before(document.querySelector('dl').cloneNode(true))");
        expect(await repeatedSentences(page)).not.toEqual([]);
        await page.reload();
        await page.evaluate("document.querySelector('h1').style.paddingBottom = '500px'");
        expect((await ends(page, parts))["judges"]).toBeGreaterThan(ordinaryPhone.height);
        await page.context().close();
      }
    });

  it("return a refused form with the person's text, which the keyboard alone then sends", async () => {
    const page = await open(`http://127.0.0.1:${record().approval_port}${pages.questions}`, "dark");
    const first = page.getByRole("textbox").first();
    await first.fill("TBD");
    await page.getByRole("button", { name: "Send answers" }).tap();
    await page.getByRole("alert").waitFor();
    expect(await first.inputValue()).toBe("TBD");
    expect(await barriers(page)).toEqual([]);
    expect(await stumbles(page)).toEqual([]);
    await first.fill("");
    await page.getByRole("radio").first().focus();
    await page.keyboard.press("ArrowDown");
    expect(await page.getByRole("radio").nth(1).isChecked()).toBe(true);
    await page.getByRole("button", { name: "Send answers" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("Your answer was recorded").waitFor();
    await page.goto(`http://127.0.0.1:${record().approval_port}${pages.mission}`);
    await page.getByLabel("What do you want done?").fill("Refuse negative ages in lib/age.js");
    await page.getByLabel("How will we know").fill("age(-1) throws a RangeError, shown by a new test");
    await page.getByRole("button", { name: "Submit this mission" }).press("Enter");
    await page.getByText("It waits for its approval.").waitFor();
    await page.context().close();
  });

  it("the board of a running daemon shows what changes without a reload, in the chosen language", async () => {
    const page = await open(`http://127.0.0.1:${record().port}/status-board`, "light");
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => complaints.push(message.text()));
    await page.getByRole("button", { name: "中文" }).tap();
    await page.getByRole("button", { name: "立即刷新" }).waitFor();
    expect(await page.getByText("所有工作已暂停").count()).toBe(0);
    await laboratory.must("pause");
    await page.getByRole("button", { name: "立即刷新" }).tap();
    await page.getByText("所有工作已暂停").waitFor();
    await laboratory.must("resume");
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("decide nothing when viewed, once on a tap on Approve, and then show the decision", async () => {
    const page = await open(`http://127.0.0.1:${record().approval_port}${pages.change}`, "light");
    await page.reload();
    expect(await landings()).toBe(0);
    await page.getByRole("button", { name: /^approve/i }).tap();
    await page.waitForLoadState();
    await page
      .getByText(/Approved/)
      .first()
      .waitFor();
    expect(await landings()).toBe(1);
    await page.goto(`http://127.0.0.1:${record().approval_port}${pages.change}`);
    await page
      .getByText(/already decided/)
      .first()
      .waitFor();
    await page.context().close();
  });
});
