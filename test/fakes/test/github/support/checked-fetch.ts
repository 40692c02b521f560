/** A fetch that compares each exchange with GitHub's description and throws on a difference. */
import { parseJson } from "@aedev/host/parse-json";
import { type Description, type Exchange, openDescription } from "./description.ts";

/** Errors of the description about GitHub, each with the reason. */
const errorsOfTheDescription: readonly { readonly difference: RegExp; readonly why: string }[] = [
  {
    difference: /^GET \/repos\/\{owner\}\/\{repo\}\/pulls 200 \/\d+\/labels\/\d+\/description: must be string/,
    why: "GitHub answers null for a label without a description, as the description of a single pull request says",
  },
  {
    difference: /^GET \/app\/installations 200 \/\d+\/account: /,
    why: "the account is an account or an enterprise, as the description of one installation says; here it asks for both at once",
  },
];

let description: Description | undefined;
export function sharedDescription(): Description {
  description ??= openDescription();
  return description;
}

function unexpectedDifferences(exchange: Exchange): string[] {
  return sharedDescription()
    .differences(exchange)
    .filter((difference) => !errorsOfTheDescription.some((known) => known.difference.test(difference)));
}

/** `apiUrl`: only exchanges with this address are compared. GraphQL is not described. */
export function checkedFetch(apiUrl: string): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const sent = await request.clone().text();
    const response = await fetch(request);
    const path = request.url.startsWith(`${apiUrl}/`) ? request.url.slice(apiUrl.length) : undefined;
    if (path === undefined || path === "/graphql") return response;
    const answered = await response.clone().text();
    const found = unexpectedDifferences({
      method: request.method,
      path,
      requestBody: sent === "" ? undefined : parseJson(sent),
      status: response.status,
      responseBody: answered === "" ? undefined : parseJson(answered),
    });
    if (found.length > 0) throw new Error(`not as GitHub describes it:\n${found.join("\n")}`);
    return response;
  };
}
