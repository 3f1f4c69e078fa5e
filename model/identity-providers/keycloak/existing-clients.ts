import { z } from "zod";
import { guidPattern } from "../../text/guid";
import { keySchema } from "../../text/names";
import { describeReceived, type Problem } from "../../text/problems";

/** Clients that each realm brings along (keycloak services/managers/RealmManager, ClientManager). */
const builtIn = ["account", "account-console", "admin-cli", "broker", "realm-management", "security-admin-console"];

const scopeNames = z
  .array(z.string().regex(/^[\x21\x23-\x5B\x5D-\x7E]{1,255}$/, "the name of a client scope (RFC 6749 section 3.3)"))
  .min(1);

/** Clients that were there before the stack: what of each stays as it was. */
export const existingClientsField = z
  .record(
    keySchema,
    z.strictObject({
      clientId: z
        .string()
        .regex(/^[\x21-\x7E]{1,255}$/, "a client id of the realm")
        .refine((id) => !builtIn.includes(id), "a client of one's own: Keycloak needs its own clients itself")
        .describe("The client id that it has, and keeps."),
      browserFlowId: z
        .string()
        .regex(guidPattern, "the id of a sign-in flow of the realm, a UUID")
        .optional()
        .describe("The sign-in flow of its own that it has, by its id. Left out: the realm's flow, or that of signIn: granted."),
      defaultScopes: scopeNames
        .optional()
        .describe(
          "Client scopes that stay attached to it as default ones, beside the stack's own, for as long as the platform needs them.",
        ),
      optionalScopes: scopeNames
        .optional()
        .describe("Client scopes that stay attached to it as optional ones, for as long as the platform asks for them."),
    }),
  )
  .optional()
  .describe(
    "Clients that were there before the stack, by platform. Each keeps its client id, and its secret until the first rotation by hand, from which on rotateEvery counts; `gatehouse adopt` writes it.",
  );

export type ExistingClients = z.infer<typeof existingClientsField>;

/** What contradicts the platforms, or each other. Paths begin at the environment. */
export function existingClientProblems(clients: ExistingClients, signIn: string, platforms: readonly string[]): Problem[] {
  const owners = new Map<string, string>();
  return Object.entries(clients ?? {}).flatMap(([key, { clientId, browserFlowId }]): Problem[] => {
    const path = ["idp", "existingClients", key];
    const earlier = owners.get(clientId);
    owners.set(clientId, key);
    return [
      ...(platforms.includes(key)
        ? []
        : [{ path, expected: `a platform of the environment (${platforms.join(", ")})`, received: describeReceived(key, []) }]),
      ...(earlier === undefined
        ? []
        : [
            {
              path: [...path, "clientId"],
              expected: "a client of this platform alone",
              received: `${describeReceived(clientId, [])}, which is also that of '${earlier}'`,
              fix: "give one of the platforms a client of its own: leave its entry out",
            },
          ]),
      ...(browserFlowId === undefined || signIn === "open"
        ? []
        : [
            {
              path: [...path, "browserFlowId"],
              expected: "none beside signIn: granted, which gives each client a flow of the stack's own",
              received: browserFlowId,
              fix: "write signIn: open, or leave browserFlowId out",
            },
          ]),
    ];
  });
}
