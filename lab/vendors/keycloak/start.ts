/**
 * The real Keycloak: a process on a database of its own, a realm with the organisation's people, and an account that deploys. As an external
 * issuer it also has the clients that somebody made by hand. Nothing is emulated here.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { keycloakRealm } from "../../../model";
import { ensureKeycloak, firstAccountOf, startKeycloakProcess, type KeycloakServer } from "../../machine/toolchain";
import type { LabIdentityProvider, VendorDefinition, VendorOptions } from "../contract";
import { administration, type Administration, type ServiceAccount } from "./administration";
import { clientByHand, realmRepresentation } from "./realm";

export const keycloakVendor: VendorDefinition<"keycloak"> = {
  prepare: (report) => ensureKeycloak(report),
  async start(options) {
    const { provider, account, origin, realm } = await startRealm(options);
    return {
      ...provider,
      environment: {
        KEYCLOAK_URL: origin,
        KEYCLOAK_CLIENT_ID: account.clientId,
        KEYCLOAK_CLIENT_SECRET: account.clientSecret,
        KEYCLOAK_REALM: realm,
        // Seconds; the provider gives up after 15, in which a server on a busy machine may not have its first answer.
        KEYCLOAK_CLIENT_TIMEOUT: "300",
      },
    };
  },
};

/** The same server as somebody else's issuer: its owner has made the clients that the stack names. */
export const keycloakByHand: VendorDefinition<"external"> = {
  prepare: (report) => ensureKeycloak(report),
  async start(options, spec) {
    const { provider, administer, realm } = await startRealm(options);
    const clientSecrets: Record<string, string> = {};
    for (const wanted of options.checklist.clients) {
      const secret = newSecret();
      const clientId = spec.clients[wanted.platform]?.clientId ?? "";
      await administer.call("POST", `/${realm}/clients`, clientByHand(clientId, wanted, secret));
      clientSecrets[wanted.platform] = secret;
    }
    return { ...provider, clientSecrets };
  },
};

const newSecret = (): string => randomBytes(24).toString("base64url");

interface Realm {
  readonly provider: Omit<LabIdentityProvider, "environment"> & { readonly environment: Readonly<Record<string, string>> };
  readonly account: ServiceAccount;
  readonly administer: Administration;
  readonly origin: string;
  readonly realm: string;
}

async function startRealm(options: VendorOptions): Promise<Realm> {
  const { name = "identity-provider", people, issuer, stateDir, authority, processes, report = () => undefined } = options;
  const { base: origin, realm } = keycloakRealm(issuer);
  const server = await ensureKeycloak(report);
  report(`Keycloak ${server.version} (${server.source}, Java ${server.java.version})`);
  const { milliseconds } = await startKeycloakProcess({
    server,
    name,
    home: join(stateDir, "keycloak"),
    issuerOrigin: origin,
    certificate: await authority.issueServer({ name }),
    ca: authority.certificate,
    processes,
  });
  const account: ServiceAccount = { clientId: "gatehouse", clientSecret: newSecret() };
  const owner: ServiceAccount = { clientId: "realm-owner", clientSecret: newSecret() };
  await makeRealm(server, origin, authority.certificate, realmRepresentation(realm, people, { deploys: account, owner }));
  const administer = administration(origin, authority.certificate, realm, account);
  return { provider: { issuer, milliseconds, environment: {}, owner }, account, administer, origin, realm };
}

/** Makes the realm as the server's first account, and takes that account away: its secret is the same in every lab of this machine. */
async function makeRealm(server: KeycloakServer, origin: string, ca: string, representation: object): Promise<void> {
  const first = firstAccountOf(server);
  const administer = administration(origin, ca, "master", first);
  await administer.call("POST", "", representation);
  const [client] = (await administer.call("GET", `/master/clients?clientId=${first.clientId}`)) as { id: string }[];
  await administer.call("DELETE", `/master/clients/${client?.id ?? ""}`);
}
