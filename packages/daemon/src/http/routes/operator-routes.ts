/** Operators over HTTP: list, add, remove, and the proof that a client asks of the daemon before it sends an operator's token. */
import type { Immutable, OperatorDocument, RouteAnswer } from "@aedev/contracts/api";
import { operatorDocument, operatorsOf, type State } from "@aedev/core";
import { daemonProof, newOperatorToken } from "../../control/operator-token.ts";
import type { Commands, Home, Records } from "../../control/parts.ts";
import { approvalKey } from "../../phone/approval/token.ts";
import { answer, type Handlers, presentEntity } from "./handler.ts";

/** `port`: where the API listens for clients that have no home. */
export function operatorRoutes(control: Home & Records & Commands, port: () => number) {
  return {
    listOperators: async () => listOf(control.log.state),
    async addOperator({ body: { name, role, github_login = null, is_owner }, caller }) {
      const { token, digest } = newOperatorToken(approvalKey(control.home));
      return answer(
        { control, caller },
        { kind: "AddOperator", name, role, token_digest: digest, github_login, is_owner },
        (state) => ({
          operator: presentEntity(listOf(state).operators.find((operator) => operator.name === name)),
          token,
        }),
      );
    },
    removeOperator: ({ params: { name }, caller }) =>
      answer({ control, caller }, { kind: "RemoveOperator", name }, listOf),
    proveDaemon: async ({ query: { key: proofKey, nonce } }) => ({
      proof: daemonProof(approvalKey(control.home), { proofKey, nonce, port: port() }),
    }),
  } satisfies Partial<Handlers>;
}

function listOf(state: State): Immutable<RouteAnswer<"listOperators">> {
  return { operators: operatorsOf(state).map((operator): OperatorDocument => operatorDocument(state, operator)) };
}
