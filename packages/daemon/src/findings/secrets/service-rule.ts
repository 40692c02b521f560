/** Finds secrets by a service's name: a random value assigned to any name that contains it. */
import { lazy } from "@aedev/contracts";
import { alternations, entropyBits, isChainAddress } from "./high-entropy.ts";
import { literalFilter } from "./literal-filter.ts";
import { namedValues } from "./secret-forms.ts";
import type { SecretMatch } from "./secret-match.ts";

/** Services whose keys have or had no recognizable form, as parts of regular expressions. */
const services: readonly string[] = [
  ...["adafruit", "adobe", "adyen", "airtable", "algolia", "alibaba", "amplitude", "artifactory", "asana", "atlassian"],
  ...["auth0", "backblaze", "beamer", "bintray", "bitbucket", "bittrex", "binance", "braintree", "bugsnag", "circleci"],
  ...["cloudflare", "cloudinary", "codecov", "cohere", "co_api_key", "coinbase", "confluence", "confluent"],
  ...["contentful", "contribsys", "datadog", "deepseek", "digitalocean", "discord", "droneci", "dropbox", "etsy"],
  ...["facebook", "fastly", "finicity", "finnhub", "firebase", "flickr", "freshbooks", "freshdesk", "gitter"],
  ...["gocardless", "groq", "heroku", "hetzner", "hubspot", "instagram", "intercom", "jenkins", "jfrog", "jira"],
  ...["klaviyo", "kraken", "kucoin", "launchdarkly", "linear", "linked[_-]?in", "linode", "looker", "mailchimp"],
  ...["mailgun", "mailjet", "mapbox", "mattermost", "meraki", "message[_-]?bird", "mistral", "mixpanel", "mongodb"],
  ...["netlify", "new[_-]?relic", "nexmo", "nytimes", "new-?york-?times", "okta", "openrouter", "opsgenie"],
  ...["pagerduty", "paypal", "pinecone", "plaid", "plivo", "postmark", "private[_-]?ai", "pusher", "rapidapi"],
  ...["razorpay", "replicate", "rollbar", "salesforce", "scaleway", "sendbird", "sendgrid", "sentry", "shodan"],
  ...["snyk", "sonar", "sparkpost", "spotify", "squarespace", "sumo", "supabase", "telegr", "travis", "trello"],
  ...["twilio", "twitch", "twitter", "typeform", "vercel", "vonage", "vultr", "wasabi", "xray", "yandex", "zendesk"],
];
/** Words that make any name with them a credential's name. */
const credentialWords = ["access", "auth", "api", "credential", "creds", "key", "passw(?:or)?d", "secret", "token"];

/** Text between a name and its value: the rest of the name, quotes, an assignment of any language, quotes. */
const between = String.raw`[ \t\w.-]{0,22}[\s'"]{0,3}(?:=>|={1,3}|>|:{1,3}=?|\|\||\?=|,)[\x60'"\s=]{0,5}`;
const valueEnd = String.raw`(?=[\x60'"\s;]|\\[nr]|$)`;
/** A lookahead reads the value, so that one name can't hide the next. */
const serviceAssignment = assignment(services, String.raw`[\w=+/.:%-]{12,200}`);
/** Services whose keys have a documented length, which need less randomness. */
const namedAssignments = lazy(() =>
  namedValues().map(({ rule, names, value }) => ({
    rule,
    /** The first word of each name, since the joint between words differs. */
    literals: names.map((name) => name.split("_")[0] ?? name),
    pattern: assignment(
      names.map((name) => name.replaceAll("_", "[_-]?")),
      value,
    ),
  })),
);
const credentialAssignment = assignment(credentialWords, String.raw`[\w.=-]{10,150}|[a-z0-9][a-z0-9+/]{11,400}={0,3}`);

function assignment(names: readonly string[], value: string): RegExp {
  return new RegExp(`(?:${names.join("|")})(?=${between}(${value})${valueEnd})`, "gid");
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const harmless =
  /example|placeholder|change[-_]?me|redacted|dummy|sample|your[-_]|fake|mock|https?:|^(sha(1|224|256|384|512)[-:]|www\.|\/|\.|@|data:)|\.(js|ts|json|html?|css|png|svg|md|com|org|io|net)$|[xX*.]{6}|0123456789|123456789|abcdefgh/i;

/** Names of public keys, and of keys that name a place. */
const openKey = /(public|publishable|cache|primary|foreign|partition|sort)[_-]?$/i;

export function scanForServiceSecrets(text: string): SecretMatch[] {
  const found = (pattern: RegExp, isSecret: (value: string) => boolean, rule: string) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const [start, end] = match.indices?.[1] ?? [0, 0];
      return isSecret(match[1] ?? "") ? [{ rule, start, end, keyword: match.index }] : [];
    });
  const mayContain = literalFilter(text);
  return [
    ...namedAssignments()
      .filter(({ literals }) => literals.some(mayContain))
      .flatMap(({ rule, pattern }) => found(pattern, isNamedSecret, rule)),
    ...found(serviceAssignment, isServiceSecret, "service-secret"),
    ...found(credentialAssignment, isCredential, "credential").filter(({ keyword }) => !isOpenKey(text, keyword)),
  ].map(({ rule, start, end }) => ({ rule, start, end, isCertain: false }));
}

/** Whether the name before the offset `keyword` makes it an open key. */
function isOpenKey(text: string, keyword: number): boolean {
  return /^key/i.test(text.slice(keyword, keyword + 3)) && openKey.test(text.slice(Math.max(0, keyword - 12), keyword));
}

function isServiceSecret(value: string): boolean {
  if (harmless.test(value)) return false;
  if (uuid.test(value) || /^\d{15,19}(-\w{20,40})?$/.test(value) || /^[a-f0-9]{8}:[a-f0-9]{8}$/.test(value))
    return true;
  // Random text of letters only is long, in mixed case, and has more distinct letters than words.
  if (/^[\w-]{28,}$/.test(value) && /[a-z]/.test(value) && /[A-Z].*[A-Z]/.test(value) && entropyBits(value) >= 4.2)
    return true;
  return entropyBits(value) >= 2.9 && alternations(value) >= 2 && density(value) >= 1 / 11;
}

/** Whether a value of the right length is random; names and sentences have few digits or no mixed case. */
function isNamedSecret(value: string): boolean {
  if (harmless.test(value) || entropyBits(value) < 2.9) return false;
  return /\d.*\d/.test(value) || (/[a-z]/.test(value) && /[A-Z].*[A-Z]/.test(value)) || /^[a-z]{20,}$/.test(value);
}

/** Whether a value under a credential's name is a secret; stricter, because these words are common. */
function isCredential(value: string): boolean {
  if (harmless.test(value) || uuid.test(value) || isChainAddress(value)) return false;
  return entropyBits(value) >= 3.2 && alternations(value) >= 4 && density(value) >= 1 / 9;
}

function density(value: string): number {
  return alternations(value) / value.length;
}
