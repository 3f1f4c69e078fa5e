/**
 * A custom authorization server of Okta as `gatehouse adopt` finds it: its groups claim is one for all clients of the server, so a stack
 * may narrow it where the server serves one client alone.
 */
import { z } from "zod";
import type { ImportedResource } from "../../platforms/adoption";
import type { Problem } from "../../text/problems";
import { askFor, type AskManagement, type WantedClient } from "../adoption";

/** OAuth2Claim of Okta's management API; this one field has another spelling there. */
const claimSchema = z
  .looseObject({
    id: z.string(),
    name: z.string(),
    status: z.string().nullish(),
    claimType: z.string(),
    valueType: z.string().nullish(),
    group_filter_type: z.string().nullish(),
    value: z.string().nullish(),
  })
  .transform(({ group_filter_type: groupFilterType, ...claim }) => ({ ...claim, groupFilterType }));
type ServerClaim = z.infer<typeof claimSchema>;

const policySchema = z.looseObject({
  name: z.string(),
  status: z.string(),
  conditions: z.looseObject({ clients: z.looseObject({ include: z.array(z.string()).nullish() }).nullish() }).nullish(),
});

export interface CustomServer {
  /** The groups claim of ID tokens; undefined where there is none. */
  readonly claim?: ServerClaim;
  readonly resources: readonly ImportedResource[];
  readonly problems: readonly Problem[];
}

/** The id of the custom authorization server in an issuer; undefined for the organisation's own. */
export function customServerId(issuer: string): string | undefined {
  return /^\/oauth2\/([A-Za-z0-9]+)$/.exec(new URL(issuer).pathname)?.[1];
}

export async function readCustomServer(
  ask: AskManagement,
  id: string,
  { clientId, groupsClaim }: Pick<WantedClient, "clientId" | "groupsClaim">,
): Promise<CustomServer> {
  const path = `/api/v1/authorizationServers/${id}`;
  const claims = await askFor(ask, { path: `${path}/claims`, file: "okta-server-claims.json" }, z.array(claimSchema), []);
  const policies = await askFor(ask, { path: `${path}/policies`, file: "okta-server-policies.json" }, z.array(policySchema), []);
  const claim = claims.find(({ name, claimType, status }) => name === groupsClaim && claimType === "IDENTITY" && status !== "INACTIVE");
  const others = policies
    .filter(({ status }) => status === "ACTIVE")
    .flatMap(({ name, conditions }) =>
      (conditions?.clients?.include ?? ["ALL_CLIENTS"]).filter((one) => one !== clientId).map((one) => `${one} (policy '${name}')`),
    );
  return {
    claim,
    // Its id is the server's and its own (terraform-provider-okta, docs/resources/auth_server_claim.md, "Import").
    resources:
      claim === undefined
        ? []
        : [
            { type: "gatehouse:index:OktaDirectory", name: "groups" },
            { type: "okta:auth/serverClaim:ServerClaim", name: "groups-groups-claim", id: `${id}/${claim.id}`, parent: "groups" },
          ],
    problems: [
      ...(others.length === 0
        ? []
        : [
            {
              path: ["issuer"],
              expected: `an authorization server that serves ${clientId} alone: the stack narrows its groups claim to its own groups`,
              received: others.join(", "),
              fix: "name this client alone in the server's access policies, or give the platform a server of its own",
            },
          ]),
      ...(claim === undefined || claim.valueType === "GROUPS"
        ? []
        : [
            {
              path: ["client", "claim"],
              expected: "a groups claim that filters by name: what an expression carries is Okta's to say",
              received: claim.valueType ?? "nothing",
              fix: "let the claim be of the value type Groups first",
            },
          ]),
    ],
  };
}
