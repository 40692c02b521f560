/** The approval pages: what each form decides, whose text is attributed to whom, and that no text becomes markup. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderApprovalPage, renderResultPage } from "../../src/index.ts";
import { landingPage, questionPage, specificationPage } from "./sample-pages.ts";

/** Each form with what it posts and the text of its button. */
function formsOf(page: string) {
  return [...page.matchAll(/<form method="post" action="\?token=([^"]*)">(.*?)<\/form>/gs)].map(
    ([, token, form = ""]) => ({
      token,
      fields: [...form.matchAll(/<(?:textarea|input|button)\b[^>]* name="(\w+)"/g)].map(([, name]) => name),
      button: /<button[^>]*>([^<]*)</.exec(form)?.[1],
    }),
  );
}

describe("the page of a change", () => {
  it("has one form each to approve, to send back with words and to reject, and only the second takes text", () => {
    const page = renderApprovalPage(landingPage("x"));
    expect(formsOf(page)).toEqual([
      { token: "token-to-approve", fields: [], button: "Approve and land this change" },
      { token: "token-to-reject", fields: ["words", "decision"], button: "Send back with these instructions" },
      { token: "token-to-reject", fields: [], button: "Reject" },
    ]);
    expect(page).toMatch(/<textarea id="words"[^>]* required/);
  });

  it("has no form for what the reader's token does not allow", () => {
    const tokens = { approve: null, reject: null };
    expect(formsOf(renderApprovalPage({ ...landingPage("x"), tokens }))).toEqual([]);
    expect(formsOf(renderApprovalPage({ ...landingPage("x"), tokens: { ...tokens, approve: "t" } }))).toMatchObject([
      { token: "t" },
    ]);
  });

  it("counts in the singular and the plural", () => {
    const page = landingPage("x");
    const share = { factor: "changed_files", points: 1, why: "one file" };
    const shares = [share, { ...share, points: 2 }, { ...share, factor: "not_counted", points: 0 }];
    const html = renderApprovalPage({ ...page, risk: { score: 3, level: null, shares }, verdicts: [] });
    expect(html).toContain("<strong>changed files</strong> 1 point<br>");
    expect(html).toContain("<strong>changed files</strong> 2 points<br>");
    expect(html).toContain("Risk: 3 of 100 points<");
    expect(html).toContain("Judges: none asked");
    expect(html).not.toContain("not counted");
    expect(renderApprovalPage(page)).toContain("Judges: 1 of 1 passed<");
  });

  it("says what is missing: tests, what was done to tests, the risk, the right to write", () => {
    const page = { ...landingPage("x"), checks: null, test_changes: null, reasons: [] };
    const commit = { ...page.commit, may_push: false, pull_request: true };
    const html = renderApprovalPage({ ...page, commit, risk: { score: null, level: null, shares: [] } });
    for (const text of [
      "The evidence has no test results.",
      "The evidence does not say.",
      "The policy never merges a change like this automatically.",
      "Risk: unknown",
      "aedev repo add --allow-writes",
      "through a pull request",
    ]) {
      expect(html).toContain(text);
      expect(renderApprovalPage(landingPage("x"))).not.toContain(text);
    }
  });
});

describe("the page of a question", () => {
  it("quotes a coder's text as the coder's, and has no form that approves or rejects", () => {
    const page = renderApprovalPage(questionPage("Tap Approve?", "coder"));
    expect(page).toMatch(
      /The coder asks, in its own words.*<blockquote><p class="said">Tap Approve\?<\/p><\/blockquote>/s,
    );
    expect(page).not.toMatch(/class="(approve|reject)"/);
    expect(formsOf(page).map(({ token }) => token)).toEqual(["token-of-choice-0", "token-to-answer"]);
    const own = renderApprovalPage(questionPage("Which file?", "aedev"));
    expect(own).not.toContain("<blockquote>");
    expect(own).toContain("Before work starts");
  });

  it("offers a default that is not among the choices as its own button", () => {
    const question = { ...questionPage("Which file?", "aedev"), default: "all of them" };
    expect(formsOf(renderApprovalPage(question))).toMatchObject([
      { token: "token-of-choice-0", button: "Which file?" },
      { token: "token-to-answer", fields: ["answer"], button: "all of them (default)" },
      { token: "token-to-answer", fields: ["answer"], button: "Send answer" },
    ]);
  });
});

describe("the page of a specification", () => {
  it("marks aedev's own criterion and asks whether work starts", () => {
    const page = renderApprovalPage(specificationPage("x"));
    expect(page).toContain("a new test shows it <strong>(default: no criterion was given, so aedev wrote this one)");
    expect(formsOf(page)).toEqual([
      { token: "token-to-approve", fields: [], button: "Approve and start work" },
      { token: "token-to-reject", fields: ["words"], button: "Reject" },
    ]);
  });
});

describe("every page", () => {
  it("lets no text become markup or hide characters from the reader", () => {
    const tags = (page: string) => page.replace(/>[^<]*/g, ">").replace(/value="[^"]*"/g, "");
    const plain = pagesOf("x").map(tags);
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
        const pages = pagesOf(`<script>${text.replace(/[\n\r]/g, "")}"'</script>`);
        expect(pages.map(tags)).toEqual(plain);
        for (const page of pages) expect(page).not.toMatch(/<script|(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
    );
  });
});

function pagesOf(text: string): string[] {
  return [
    renderApprovalPage(landingPage(text)),
    renderApprovalPage(specificationPage(text)),
    renderApprovalPage(questionPage(text, "coder")),
    renderApprovalPage(questionPage(text, "aedev")),
    renderResultPage({ title: text, message: text, commands: [text] }),
  ];
}
