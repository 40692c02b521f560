/** The pages that a person sees, in a real browser of a phone's size: readable, accessible, without a script; and the tap that decides. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ApprovalSubject } from "@aedev/contracts/events";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, chromium, type Page } from "playwright-core";
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
  openControl,
  requestApproval,
  submit,
} from "../packages/daemon/test/phone/approval/asked-home.ts";
import { Laboratory } from "./support/laboratory.ts";

const phone = { width: 320, height: 640 };
const ordinaryWordLengthMax = 20;
/** Three columns, the last of which is crushed on a phone. */
const crushedTable = `<table><tr><th>supplychainsensitive</th><td>publicinterfaces</td><td>characteristically</td></tr></table>`;
/** Folder for screenshots that people can check. */
const pictures = process.env["AEDEV_TEST_PICTURES"];

let laboratory: Laboratory;
let browser: Browser;
/** Paths of the approval pages, by the kind of question. */
const pages = { change: "", specification: "", question: "", questions: "", budget: "", mission: "" };
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
      specification: await askAboutSpecification(control),
      question: await askCodersQuestion(control, "Round half up or half even?"),
      questions: await askRound(control),
      budget: await offerBudget(control),
    };
    for (const name of ["change", "specification", "question", "questions", "budget"] as const) {
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
async function open(address: string, colorScheme: "light" | "dark"): Promise<Page> {
  const context = await browser.newContext({ viewport: phone, colorScheme, hasTouch: true, isMobile: true });
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
