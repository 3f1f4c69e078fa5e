import { randomBytes } from "node:crypto";
import type { VendorDefinition } from "../contract";
import { startServerProcess } from "../server-process";
import type { ExternalConfiguration } from "./server";

export { groupId, manners, type MannerName } from "./manners";

/** Issuers of somebody else on the lab's own OpenID server: their owner has made each client as the checklist says. */
export const externalVendor: VendorDefinition<"external"> = {
  async start(options, spec) {
    const { people, issuer, checklist } = options;
    const { origin, port } = new URL(issuer);
    const controlToken = randomBytes(24).toString("base64url");
    const made = checklist.clients.map((wanted) => ({
      wanted,
      secret: wanted.type === "public" ? undefined : randomBytes(24).toString("base64url"),
    }));
    const configuration: Omit<ExternalConfiguration, "certificate"> = {
      port: Number(port),
      controlToken,
      people: people.map(({ login, firstName, lastName, password, existingGroups }) => ({
        login,
        firstName,
        lastName,
        password,
        groups: [...(existingGroups ?? [])],
      })),
      clients: made.map(({ wanted, secret }) => ({
        clientId: spec.clients[wanted.platform]?.clientId ?? "",
        secrets: secret === undefined ? [] : [secret],
        redirectUris: [...wanted.redirectUris],
        postLogoutRedirectUris: [...wanted.postLogoutRedirectUris],
        grantTypes: [...wanted.grantTypes],
        clientAuthentication: wanted.clientAuthentication ?? "none",
        codeChallenge: wanted.codeChallenge,
        groups: [...wanted.groups],
      })),
    };
    const secrets = [controlToken, ...made.flatMap(({ secret }) => secret ?? []), ...people.map(({ password }) => password)];
    // Every manner has its own issuer; the one of the stack file says that the server is up.
    const { milliseconds } = await startServerProcess(
      { ...options, issuer: issuer.replace(/\/$/, "") },
      "external/main.ts",
      configuration,
      secrets,
    );
    return {
      issuer,
      milliseconds,
      environment: {},
      clientSecrets: Object.fromEntries(made.flatMap(({ wanted, secret }) => (secret === undefined ? [] : [[wanted.platform, secret]]))),
      control: { url: `${origin}/.lab`, token: controlToken },
    };
  },
};
