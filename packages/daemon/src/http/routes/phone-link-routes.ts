/** Links that submit missions from a phone, over HTTP: make, list, revoke. Only the answer that makes a link has its address with the token. */
import { Fault } from "@aedev/contracts";
import type { PhoneLinkDocument } from "@aedev/contracts/api";
import { type PhoneLinkState, phoneLink, phoneLinkStatus, type State } from "@aedev/core";
import { newId } from "../../control/control.ts";
import type { Commands, Configured, Home, Records } from "../../control/parts.ts";
import { phoneLinkAddress } from "../../phone/approval/phone-link.ts";
import type { Notifier } from "../../phone/notifier.ts";
import { answer, ErrorAnswer, type Handlers, notFound, presentEntity } from "./handler.ts";

export function phoneLinkRoutes(
  control: Home & Records & Commands & Configured<"notifications">,
  notifier: Pick<Notifier, "sendLink">,
) {
  return {
    listPhoneLinks: async () => {
      const { system } = control.log.state;
      return { links: (system.phone_links ?? []).map((link) => documentOf(system, link)) };
    },
    async makePhoneLink({ body: { expires_in_ms, push }, caller }) {
      const { publicUrl } = control.configuration.notifications;
      if (publicUrl === null)
        throw new Fault("no-public-address", "a phone could not open the link: no public address is configured", {
          hint: "set notifications.public_url in config.yaml or AEDEV_PUBLIC_URL, then start the daemon again (docs/PHONE.md)",
        });
      const link_id = newId("l");
      const expires_at = new Date(Date.now() + expires_in_ms).toISOString();
      const made = await answer(
        { control, caller },
        { kind: "MakePhoneLink", link_id, expires_at },
        ({ system }) => system,
      );
      if (made instanceof ErrorAnswer) return made;
      const link = presentEntity(phoneLink(made, link_id));
      const address = phoneLinkAddress(control.home, publicUrl, link);
      const problem = push ? await problemOfPush(notifier, address, expires_at) : null;
      return { ...documentOf(made, link), address, pushed: push && problem === null, push_problem: problem };
    },
    async revokePhoneLink({ params: { id }, caller }) {
      if (phoneLink(control.log.state.system, id) === undefined) return notFound("phone-link", id, "aedev phone list");
      return answer({ control, caller }, { kind: "RevokePhoneLink", link_id: id }, ({ system }) =>
        documentOf(system, presentEntity(phoneLink(system, id))),
      );
    },
  } satisfies Partial<Handlers>;
}

/** Why the link did not reach the phone; null if it did. The link works either way. */
async function problemOfPush(
  notifier: Pick<Notifier, "sendLink">,
  address: string,
  expiresAt: string,
): Promise<string | null> {
  try {
    return await notifier.sendLink({ address, expiresAt });
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
}

function documentOf(system: State["system"], link: PhoneLinkState): PhoneLinkDocument {
  const { link_id, made_at, expires_at } = link;
  return { link_id, made_at, expires_at, status: phoneLinkStatus(system, link, new Date().toISOString()) };
}
