/**
 * Finds secrets by their own form: vendors' token prefixes, private keys, and the shape that such prefixes share. They complement secretlint's
 * rules, which require today's exact lengths.
 */
import { hasHighEntropy } from "./high-entropy.ts";
import type { SecretMatch } from "./secret-match.ts";

interface TokenRule {
  readonly rule: string;
  readonly pattern: RegExp;
  /** The whole match must look random too: ordinary names can have the same form. */
  readonly highEntropy?: true;
}

/** Base64 of a key, also as a string literal with escaped newlines, quotes and concatenation between lines, or with header lines. */
const keyBody = String.raw`(?:[\s"'+,;\x60]|\\[nr]|[\w-]{1,40}: ?[^\n]{0,100}\n){0,200}(?:[A-Za-z0-9+/=](?:[\s"'+,\x60]|\\[nr]){0,40}){40}`;

/** `token("x", "abc-", "[a-z]{20}")`: the prefix, not inside another word, and what must follow it. */
function token(rule: string, prefix: string, body: string): TokenRule {
  return { rule, pattern: new RegExp(`(?<![A-Za-z0-9])(?:${prefix})${body}`, "g") };
}

/** Prefixes as the vendors document them; lengths are lower bounds, because vendors lengthen their tokens. */
const vendorTokens: readonly TokenRule[] = [
  token("aws-access-key", "A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA", "[A-Z0-9]{16}(?![A-Za-z0-9])"),
  token("aws-bedrock-key", "ABSK", "[A-Za-z0-9+/]{100,300}"),
  token("aws-bedrock-key", "bedrock-api-key-", "[A-Za-z0-9+/=]{20,2000}"),
  token("github-token", "gh[pousr]_", "[A-Za-z0-9]{30,255}"),
  token("github-token", "github_pat_", "[A-Za-z0-9_]{30,255}"),
  token("anthropic-key", "sk-ant-[a-z]{2,10}[0-9]{2}-", "[\\w-]{20,200}"),
  token("openai-key", "sk-(?:proj|svcacct|admin|None)-", "[\\w-]{20,250}"),
  { rule: "openai-key", pattern: /(?<![A-Za-z0-9-])sk-[A-Za-z0-9]{40,64}(?![A-Za-z0-9-])/g },
  token("perplexity-key", "pplx-", "[A-Za-z0-9]{40,64}"),
  token("hugging-face-token", "hf_|api_org_", "[A-Za-z0-9]{30,60}(?![\\w])"),
  token("google-key", "AIza", "[\\w-]{35}(?![\\w-])"),
  token("google-oauth-secret", "GOCSPX-", "[\\w-]{20,60}"),
  token("stripe-key", "[rs]k_(?:live|test|prod)_", "[A-Za-z0-9]{10,200}"),
  token("square-token", "EAAA|sq0(?:atp|csp|idp)-", "[\\w-]{22,80}(?![\\w-])"),
  token("facebook-token", "EAA[A-Z]", "[A-Za-z0-9]{90,400}"),
  { rule: "facebook-token", pattern: /(?<![\w])\d{15,16}[|%][0-9a-z_-]{27,40}(?![\w-])/gi },
  token("slack-token", "xox[abeoprs]-", "[A-Za-z0-9-]{8,250}"),
  token("slack-token", "xoxe.xox[bp]-", "[A-Za-z0-9-]{20,250}"),
  { rule: "slack-token", pattern: /xapp-\d-[A-Z0-9]{4,40}-\d{4,40}-[a-z0-9]{10,100}/gi },
  { rule: "slack-hook", pattern: /hooks.slack.com\/(?:services|workflows|triggers)\/[A-Za-z0-9+/]{30,80}/g },
  {
    rule: "teams-hook",
    pattern: /\.webhook\.office\.com\/webhookb2\/[\w@-]{30,120}\/IncomingWebhook\/[\w/-]{30,120}/g,
  },
  { rule: "discord-hook", pattern: /discord(?:app)?\.com\/api\/webhooks\/\d{10,25}\/[\w-]{40,100}/g },
  token("telegram-token", "[0-9]{8,12}:A", "[\\w-]{33,36}(?![\\w-])"),
  token("gitlab-token", "gl(?:pat|dt|rt|ptt|soat|cbt|ft|ffct|imt|agent|oas)-", "[\\w.-]{20,320}"),
  token("gitlab-token", "GR1348941", "[\\w-]{20,40}"),
  token("gitlab-session", "_gitlab_session=", "[0-9a-z]{32}"),
  token("npm-token", "npm_", "[A-Za-z0-9]{36}(?![A-Za-z0-9])"),
  token("pypi-token", "pypi-AgE", "[\\w-]{50,1000}"),
  token("rubygems-token", "rubygems_", "[a-f0-9]{40,60}"),
  { rule: "clojars-token", pattern: /CLOJARS_[a-z0-9]{50,70}/gi },
  token("artifactory-token", "AKCp|cmVmd", "[A-Za-z0-9]{55,80}(?![A-Za-z0-9])"),
  token("octopus-key", "API-", "[A-Z0-9]{26}(?![\\w])"),
  token("age-secret-key", "AGE-SECRET-KEY-1", "[A-Z0-9]{58}"),
  token("1password-key", "A3-[A-Z0-9]{6}-", "[A-Z0-9]{6,11}(?:-[A-Z0-9]{5}){3,4}"),
  token("1password-token", "ops_eyJ", "[\\w+/=-]{100,2000}"),
  { rule: "vault-token", pattern: /(?<![\w.])s\.[A-Za-z0-9]{24}(?![\w.])/g, highEntropy: true },
  token("vault-token", "hv[bsr]\\.", "[\\w-]{60,320}"),
  { rule: "terraform-token", pattern: /[a-z0-9]{14}\.atlasv1\.[\w=-]{50,80}/gi },
  token("pulumi-token", "pul-", "[a-f0-9]{40}"),
  token("databricks-token", "dapi", "[a-f0-9]{32}(?![a-f0-9])"),
  token("doppler-token", "dp\\.(?:pt|st|sa|ct|scim|audit)\\.", "[A-Za-z0-9_.]{40,80}"),
  token("dynatrace-token", "dt0[a-z][0-9]{2}\\.", "[A-Za-z0-9]{24}\\.[A-Za-z0-9]{64}"),
  token("alibaba-key", "LTAI", "[A-Za-z0-9]{20}(?![A-Za-z0-9])"),
  token("adobe-secret", "p8e-", "[A-Za-z0-9]{32}"),
  token("airtable-token", "pat[A-Za-z0-9]{14}\\.", "[a-f0-9]{64}"),
  token("harness-token", "[ps]at\\.[\\w-]{22}\\.", "[A-Za-z0-9]{24}\\.[A-Za-z0-9]{20}"),
  token("atlassian-token", "ATATT3", "[\\w=-]{100,400}"),
  token(
    "authress-key",
    "(?:sc|ext|scauth|authress)_[A-Za-z0-9]{5,30}\\.[A-Za-z0-9]{4,6}\\.",
    "acc[_-][\\w-]{10,32}\\.[\\w+/=-]{30,120}",
  ),
  { rule: "azure-secret", pattern: /(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])/g },
  { rule: "azure-secret", pattern: /(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40,90}={0,2}/g },
  token("clickhouse-key", "4b1d", "[A-Za-z0-9]{38}(?![A-Za-z0-9])"),
  token("cloudflare-key", "v1\\.0-[a-f0-9]{24}-", "[a-f0-9]{100,200}"),
  { rule: "duffel-token", pattern: /duffel_(?:test|live)_[\w=-]{40,50}/gi },
  token("easypost-key", "EZ[AT]K", "[A-Za-z0-9]{54}"),
  { rule: "flutterwave-key", pattern: /FLW(?:SECK|PUBK)_TEST-[a-h0-9]{12,32}/gi },
  token("fly-token", "fo1_|fm1[ar]_|fm2_", "[\\w+/=-]{40,2000}"),
  token("frame-io-token", "fio-u-", "[\\w=-]{60,70}"),
  {
    rule: "grafana-key",
    pattern: /(?<![\w])(?:eyJrIjoi[A-Za-z0-9]{70,400}|glc_[A-Za-z0-9+/]{32,400}|glsa_[A-Za-z0-9]{32}_[A-F0-9]{8})/gi,
  },
  token("heroku-key", "HRKU-", "[\\w-]{40,80}"),
  token("infracost-key", "ico-", "[A-Za-z0-9]{32}(?![A-Za-z0-9])"),
  token("intra-secret", "s-s4t2(?:ud|af)-", "[A-Fa-f0-9]{64}"),
  token("json-web-token", "ey[A-Za-z0-9]{17,2000}\\.ey[\\w/\\\\-]{17,4000}", "\\.[\\w/\\\\-]{0,2000}"),
  { rule: "json-web-token", pattern: /(?<![\w+/])ZXlK[\w+/\\-]{40,4000}/g },
  token("linear-key", "lin_(?:api|oauth)_", "[A-Za-z0-9]{32,64}"),
  token("lob-key", "(?:live|test)_(?:pub_)?", "[a-f0-9]{31,35}(?![a-f0-9])"),
  { rule: "maxmind-key", pattern: /(?<![\w])[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk(?![\w])/g },
  token("mapbox-token", "[ps]k\\.[A-Za-z0-9_-]{50,150}\\.", "[A-Za-z0-9_-]{20,30}"),
  token("newrelic-key", "NRAK-|NRJS-|NRII-", "[A-Za-z0-9-]{19,40}"),
  token("notion-token", "ntn_|secret_", "[A-Za-z0-9]{40,60}(?![A-Za-z0-9])"),
  token("openshift-token", "sha256~", "[\\w-]{43}"),
  token("planetscale-token", "pscale_(?:tkn|oauth|pw)_", "[\\w=.-]{32,64}"),
  token("postman-key", "PMAK-", "[A-Fa-f0-9]{24}-[A-Fa-f0-9]{34}"),
  token("scalingo-token", "tk-us-", "[\\w-]{48}"),
  token("sendgrid-key", "SG\\.", "[\\w=.-]{60,70}"),
  token("sendinblue-key", "xkeysib-", "[a-f0-9]{64}-[A-Za-z0-9]{16}"),
  token("sentry-token", "sntry[su]_", "[\\w+/=-]{40,500}"),
  token("shopify-token", "shp(?:at|ca|pa|ss)_", "[A-Fa-f0-9]{32}"),
  token("sourcegraph-token", "sgp_(?:(?:[A-Fa-f0-9]{16}|local)_)?", "[A-Fa-f0-9]{40}"),
  token("settlemint-token", "sm_(?:aat|pat|sat)_", "[A-Za-z0-9]{16}(?![A-Za-z0-9])"),
  token("sonar-token", "sq[uap]_", "[\\w=-]{40}"),
  token("twilio-key", "SK|AC", "[A-Fa-f0-9]{32}(?![A-Za-z0-9])"),
  token("mailgun-key", "key-", "[a-f0-9]{32}(?![A-Za-z0-9])"),
  token("mailchimp-key", "[a-f0-9]{32}-us", "[0-9]{1,2}(?![0-9])"),
  token("dnkey", "dnkey-", "[\\w=-]{60,90}"),
];

const sharedForms: readonly TokenRule[] = [
  // The shape of most newer tokens of any vendor: words, then one long random run.
  {
    rule: "token-form",
    pattern: /(?<![A-Za-z0-9_./-])[a-z][a-z0-9]{1,11}(?:[_-][a-z0-9]{1,8}){0,2}_[A-Za-z0-9]{32,255}(?![\w-])/g,
    highEntropy: true,
  },
  {
    rule: "private-key",
    pattern: new RegExp(`-----BEGIN[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)?-----${keyBody}`, "g"),
  },
];
const tokenRules = [...vendorTokens, ...sharedForms];
const placeholder = /example|placeholder|redacted|dummy|changeme|your[-_]?(key|token)|(.)\2{15}|[xX*.]{6}/i;

/** Every token of a known form that is not an obvious placeholder. */
export function scanForTokens(text: string): SecretMatch[] {
  return tokenRules.flatMap(({ rule, pattern, highEntropy }) =>
    [...text.matchAll(pattern)]
      .filter((match) => rule === "private-key" || !placeholder.test(match[0]))
      .filter((match) => highEntropy !== true || hasHighEntropy(match[0].slice(match[0].lastIndexOf("_") + 1)))
      .map((match) => ({ rule, start: match.index, end: match.index + match[0].length })),
  );
}
