import { z } from "zod";
import { days } from "../../text/calendar";
import { daySchema, daysSchema } from "../../text/calendar-schemas";
import { certificateSchema } from "../../text/certificates";
import { addProblem } from "../../text/problems";
import { rotationWithAdopted } from "../adopted-secrets";
import { diagnosticRedirectUri } from "../diagnostic-redirect";
import type { IdentityProviderCapabilities, IdentityProviderDefinition } from "../definition";
import { keycloakAdoption } from "./adoption";
import { keycloakDirectory } from "./directory";
import { existingClientProblems, existingClientsField } from "./existing-clients";
import { keycloakFailureCauses } from "./failures";
import { keycloakClaimValue, keycloakGroupProblems, keycloakNameFault } from "./groups";
import { keycloakIssuerSchema, keycloakRealm } from "./issuer";
import { keycloakUnseen } from "./unseen";

const secretSchema = z
  .strictObject({
    rotateEvery: daysSchema.optional().describe("Make a new client secret each time this many days have passed, such as 90d."),
    rotatedOn: z
      .array(daySchema)
      .default([])
      .describe("Days on which a new secret was asked for by hand; `gatehouse secret rotate` adds today."),
    overlap: daysSchema
      .optional()
      .describe(
        "How long the old secret stays valid beside the new one. The server's preview feature client-secret-rotation and a client policy of the realm must give it: both are looked at before anything is made.",
      ),
    lifetime: daysSchema
      .optional()
      .describe("How long a secret is valid, with overlap: the policy that keeps the old secret also gives each one an end."),
  })
  .superRefine((secret, context) => {
    const { rotateEvery, overlap, lifetime } = secret;
    if ([rotateEvery, overlap, lifetime].some((length) => length !== undefined && !daysSchema.safeParse(length).success)) {
      return;
    }
    if (overlap === undefined) {
      if (lifetime !== undefined) {
        addProblem(context, ["lifetime"], {
          expected: "none without overlap: Keycloak's client secrets have an end by a client policy alone",
          received: lifetime,
          fix: "remove it, or write overlap as well",
        });
      }
      return;
    }
    for (const [key, value] of Object.entries({ rotateEvery, lifetime })) {
      if (value === undefined) {
        addProblem(context, [key], {
          expected: "a number of days beside overlap, such as 90d: the policy that keeps the old secret also ends the new one",
          received: "nothing",
        });
      }
    }
    if (rotateEvery !== undefined && days(overlap) >= days(rotateEvery)) {
      addProblem(context, ["overlap"], {
        expected: `less than rotateEvery (${rotateEvery}): Keycloak keeps one former secret, and a third ends the first`,
        received: overlap,
      });
    }
    if (rotateEvery !== undefined && lifetime !== undefined && days(lifetime) < days(rotateEvery) + days(overlap)) {
      addProblem(context, ["lifetime"], {
        expected: `at least rotateEvery plus overlap (${days(rotateEvery) + days(overlap)}d): otherwise a secret ends while it is in use`,
        received: lifetime,
      });
    }
  });

/** `gatehouse:idp` of a stack on Keycloak. */
const keycloakSchema = z
  .strictObject({
    kind: z.literal("keycloak"),
    issuer: keycloakIssuerSchema.describe(
      "The realm's issuer, https://host/realms/<realm> (or /auth/realms/), as its discovery document gives it. The realm is there already.",
    ),
    serverVersion: z
      .string()
      .regex(/^\d{2}(\.\d+){0,2}$/, "a version of Keycloak such as 26 or 26.4.7")
      .default("26")
      .describe("Version of the server: up to 24 there is no client scope `basic`, and later ones put `sub` into access tokens with it."),
    groupClaims: z
      .enum(["granted", "paths", "insecureNames"])
      .default("granted")
      .describe(
        "What the token carries: the granted groups alone, by name (granted: a role of the platform's own client for each); every group of the person by its path (paths); or every group by its bare name, which anybody who may make a subgroup can have (insecureNames).",
      ),
    groupsClaim: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_]*$/, "a claim name of letters, digits and underscores")
      .default("groups")
      .describe("Name of the claim that lists a person's groups."),
    signIn: z
      .enum(["open", "granted"])
      .default("open")
      .describe(
        "Who gets past the sign-in: everybody of the realm, and grants alone decide (open); or people of a group with a grant (granted), by a sign-in flow of the client's own in place of the realm's. It needs the role manage-realm.",
      ),
    requiredAcr: z
      .string()
      .regex(/^[A-Za-z0-9:._/-]{1,128}$/, "a level of authentication as the realm names it, such as 2 or gold")
      .optional()
      .describe("The level of authentication (acr) that each sign-in must have. The clients ask for it, the verifier requires it."),
    tokenLifetimeSeconds: z
      .int()
      .min(60)
      .max(86_400)
      .default(300)
      .describe("How long ID and access tokens are valid. Keycloak takes digits alone: anything else would fail every sign-in."),
    certificateAuthority: certificateSchema
      .optional()
      .describe("PEM of a private authority behind the issuer's certificate; each platform gets it its own way. Default: public ones."),
    existingClients: existingClientsField,
    secret: secretSchema
      .prefault({})
      .describe("Rotation of the client secret. Without overlap the old secret ends with the new one's beginning."),
    diagnosticRedirect: z
      .boolean()
      .default(false)
      .describe(
        "Add a loopback redirect for `gatehouse login` to each client. A confidential one needs its secret there. Not for production stacks.",
      ),
  })
  .superRefine(({ requiredAcr, signIn }, context) => {
    if (requiredAcr !== undefined && signIn === "granted") {
      // Tried on 26.4.7: a flow without steps of its own for levels gives acr 1, whatever the client asks for, and 0 by the cookie.
      addProblem(context, ["signIn"], {
        expected:
          "open beside requiredAcr: the clients' own sign-in flow takes the place of the realm's, and knows no levels of authentication",
        received: "granted",
        fix: "write signIn: open, and let grants alone decide; or leave requiredAcr out",
      });
    }
  });

export type KeycloakSpec = z.infer<typeof keycloakSchema>;

/** The same as it is written, with defaults left out. */
export type KeycloakInput = z.input<typeof keycloakSchema>;

const capabilities: IdentityProviderCapabilities = {
  title: "Keycloak",
  claimValue: "name",
  // No limit: 300 groups gave a token of 13 KB (Keycloak 26.4.7). The claim is bounded all the same.
  overlappingSecrets: false,
  pairwiseSubject: false,
  stableUsernameClaim: "sub",
  profileInIdToken: true,
  thinIdToken: false,
};

export const keycloak: IdentityProviderDefinition<KeycloakSpec> = {
  kind: "keycloak",
  schema: keycloakSchema,
  sample: { issuer: "https://keycloak.example.com/realms/example" },
  capabilities,
  facts: (spec) => ({
    kind: spec.kind,
    issuer: spec.issuer,
    groupsClaim: spec.groupsClaim,
    // A scope that is not attached to the client fails the sign-in (invalid_scope); there is no `groups` scope.
    scopes: ["openid", "profile", "email"],
    capabilities: { ...capabilities, overlappingSecrets: spec.secret.overlap !== undefined },
    certificateAuthority: spec.certificateAuthority,
    // Access tokens of other apps name a client in `aud` as soon as the person holds a role of it; only ID tokens say `typ: ID`.
    requiredClaims: { typ: "ID" },
    requiredAcr: spec.requiredAcr,
    // A client is confidential or public as a whole.
    diagnosticRedirect: spec.diagnosticRedirect ? { uri: diagnosticRedirectUri, clientAuthentication: "as-platform" } : undefined,
  }),
  adoption: keycloakAdoption,
  platformProblems: ({ existingClients, signIn }, platforms) => existingClientProblems(existingClients, signIn, Object.keys(platforms)),
  groupProblems: (spec, groups) => keycloakGroupProblems(spec.groupClaims, groups),
  claimValue: (spec, _key, name) => keycloakClaimValue(spec.groupClaims, name),
  memberNames: "user-names",
  userFault: (_spec, user) => keycloakNameFault(user),
  // No function of the provider lists the members of a group (keycloak/terraform-provider-keycloak#1431).
  seesMembers: false,
  redirectFault: keycloakRedirectFault,
  certificates: ({ certificateAuthority }) =>
    certificateAuthority === undefined ? [] : [{ path: ["certificateAuthority"], pem: certificateAuthority }],
  rotation: ({ secret, existingClients }, platform) =>
    rotationWithAdopted({ ...secret, ...(existingClients === undefined ? {} : { adopted: existingClients }) }, platform),
  // The secret is an output of the client itself, which the server makes.
  clientSecretTypes: ["keycloak:openid/client:Client"],
  directory: keycloakDirectory,
  failureCauses: keycloakFailureCauses,
  unseen: keycloakUnseen,
  referencedGroups: () => [],
  groupBound(spec, granted) {
    switch (spec.groupClaims) {
      case "granted":
        return granted.length === 0
          ? "no group"
          : `roles of the client itself, one for each group with a grant: ${granted.map((name) => name.split("/").at(-1)).join(", ")}; members of their subgroups inherit them`;
      case "paths":
        return "nothing: every group that the person is in, by its path";
      case "insecureNames":
        return "nothing: every group that the person is in, by its name without the path";
      default:
        return spec.groupClaims satisfies never;
    }
  },
  signIn: (spec) => [
    {
      what: "who may sign in",
      value:
        spec.signIn === "granted"
          ? "people in a group with a grant, by the client's own sign-in flow; people who come through a brokered identity provider pass it the first time (keycloak/keycloak#10250), and RBAC alone decides there"
          : "everybody of the realm; RBAC alone decides what they may do",
      strictness: spec.signIn === "granted" ? 1 : 0,
    },
    ...Object.entries(spec.existingClients ?? {}).flatMap(([platform, { browserFlowId }]) =>
      browserFlowId === undefined
        ? []
        : [{ what: `sign-in flow of ${platform}`, value: `of its own, from before the stack (${browserFlowId})` }],
    ),
    { what: "level of authentication (acr)", value: spec.requiredAcr ?? "the realm's own choice" },
    { what: "lifetime of tokens", value: `${spec.tokenLifetimeSeconds} s`, strictness: -spec.tokenLifetimeSeconds },
  ],
  byHand: (spec) => ({
    clients: false,
    settings: [
      `The realm is there: nothing makes it in passing.`,
      `A service account for the deployment holds the client roles manage-clients and manage-users of realm-management${spec.signIn === "granted" ? ", and manage-realm for the sign-in flow" : ""}.`,
      ...(spec.requiredAcr === undefined
        ? []
        : [`The realm maps the level of authentication ${spec.requiredAcr} (ACR to LoA Mapping), and its browser flow has a step for it.`]),
      ...(spec.secret.overlap === undefined
        ? []
        : [
            `The server is built with the preview feature client-secret-rotation, and the realm has a client policy (condition client-access-type: confidential; executor secret-rotation) that keeps a former secret for ${spec.secret.overlap} (rotated-expiration-period) and a present one for ${spec.secret.lifetime ?? ""} (expiration-period) at least.`,
            "The service account may see the realm (view-realm or manage-realm): the policy is looked at before anything is made.",
          ]),
      ...(spec.signIn === "granted"
        ? [
            "Each brokered identity provider has a post login flow: allow-access-authenticator REQUIRED, then CONDITIONAL with conditional-user-role (the client's granted role, negated) and deny-access-authenticator; without it, people who come through it pass the first time (keycloak/keycloak#10250).",
          ]
        : []),
    ],
    doesNotWork:
      spec.secret.overlap === undefined
        ? [
            "Two client secrets at once, unless the server's preview feature client-secret-rotation and a client policy of the realm give them (secret.overlap).",
          ]
        : [],
  }),
  risks(spec) {
    return [
      ...(spec.groupClaims === "insecureNames"
        ? [
            "insecureNames: tokens carry group names without their path, so a member of any subgroup of a granted name has that group's access.",
          ]
        : []),
      ...(spec.signIn === "granted"
        ? [
            "signIn granted: the clients' own sign-in flow takes the place of the realm's, so Kerberos, passkeys and other steps of the realm's flow do not apply to them.",
          ]
        : []),
      ...(keycloakRealm(spec.issuer).realm === "master"
        ? ["The realm is master, whose people can be administrators of the whole server: a realm of its own is safer for applications."]
        : []),
      ...(spec.diagnosticRedirect ? ["diagnosticRedirect: programs on a person's own machine can receive sign-ins of these clients."] : []),
    ];
  },
};

/** Keycloak takes a star for any text, and refuses fragments (services/clientregistration, RedirectUtils). */
function keycloakRedirectFault(uri: string): string | undefined {
  if (uri.includes("*")) {
    return "has a star, which Keycloak takes for any text";
  }
  return uri.includes("#") ? "has a fragment, which Keycloak refuses" : undefined;
}
