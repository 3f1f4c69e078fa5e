/**
 * Somebody else's OpenID issuers: the certified provider of ../openid, one for each manner on one port, with clients that were made by hand.
 * No management API: nobody but the owner changes anything here.
 */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { z } from "zod";
import { close, listen, readText, requestTarget, sameText, sendJson, serve } from "../../machine/http";
import type { Directory, DirectoryClient, Person } from "../openid/directory";
import { createOpenIdProvider } from "../openid/openid-provider";
import { newSigningKey } from "../openid/signing-key";
import { TokenStorage } from "../openid/token-storage";
import { manners, type Manner, type Member } from "./manners";

const client = z.strictObject({
  clientId: z.string(),
  /** Empty for a public client. */
  secrets: z.array(z.string()),
  redirectUris: z.array(z.string()),
  postLogoutRedirectUris: z.array(z.string()),
  grantTypes: z.array(z.string()),
  clientAuthentication: z.string(),
  codeChallenge: z.boolean(),
  /** The owner lets these groups in, and nobody else. */
  groups: z.array(z.string()),
});

export const externalConfiguration = z.strictObject({
  port: z.int().min(0).max(65_535),
  certificate: z.strictObject({ certPem: z.string(), keyPem: z.string() }),
  controlToken: z.string().min(16),
  people: z.array(
    z.strictObject({ login: z.string(), firstName: z.string(), lastName: z.string(), password: z.string(), groups: z.array(z.string()) }),
  ),
  clients: z.array(client),
});

export type ExternalConfiguration = z.output<typeof externalConfiguration>;
type Client = z.output<typeof client>;
type KnownMember = Member & { readonly password: string };

/** Starts all issuers on one TLS port. */
export async function startExternalIssuers(configuration: ExternalConfiguration): Promise<{ origin: string; stop: () => Promise<void> }> {
  const { certificate, controlToken, people } = configuration;
  const clients = new Map(configuration.clients.map((one) => [one.clientId, one]));
  const server = createServer({ cert: certificate.certPem, key: certificate.keyPem });
  const origin = `https://127.0.0.1:${await listen(server, configuration.port)}`;
  const signingKey = await newSigningKey();
  const cookieKey = randomBytes(24).toString("base64url");
  const providers = await Promise.all(
    Object.entries(manners).map(([name, manner]) => {
      const mount = manner.path.replace(/\/$/, "");
      return createOpenIdProvider({
        directory: directoryOf(origin + manner.path, manner, people, clients),
        mount,
        paths: {
          discovery: "/.well-known/openid-configuration",
          authorization: "/authorize",
          token: "/token",
          jwks: "/keys",
          userinfo: "/userinfo",
          endSession: "/end-session",
          signIn: "/sign-in",
        },
        signingKey,
        storage: new TokenStorage(),
        cookiePrefix: `external${name}`,
        cookieKey,
        vendor: "The other organisation",
      });
    }),
  );
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = requestTarget(request);
    const provider = providers.find((candidate) => candidate.owns(pathname));
    if (provider !== undefined) {
      return provider.handle(request, response);
    }
    const id = /^\/\.lab\/clients\/([^/]+)\/secrets$/.exec(pathname)?.[1];
    const known = clients.get(decodeURIComponent(id ?? ""));
    if (request.method !== "PUT" || known === undefined || !isBearer(request.headers.authorization, controlToken)) {
      sendJson(response, 404, { error: `nothing at ${pathname}` });
      return;
    }
    clients.set(known.clientId, { ...known, secrets: z.array(z.string()).parse(JSON.parse(await readText(request))) });
    sendJson(response, 200, {});
  };
  serve(server, answer, (problem) => console.error(problem));
  return { origin, stop: () => close(server) };
}

function isBearer(header = "", token: string): boolean {
  return sameText(header, `Bearer ${token}`);
}

function directoryOf(issuer: string, manner: Manner, people: readonly KnownMember[], clients: ReadonlyMap<string, Client>): Directory {
  const member = (login: string): KnownMember | undefined => people.find((person) => person.login === login);
  const asPerson = ({ login, firstName, lastName }: Member): Person => ({ id: login, login, displayName: `${firstName} ${lastName}` });
  const claims = (login: string, scopes: readonly string[]): Record<string, unknown> => {
    const person = member(login);
    if (person === undefined) {
      throw new Error(`claims: expected a person ${login}`);
    }
    return { ...personal(person, scopes), ...manner.groups(person, scopes) };
  };
  return {
    issuer,
    scopesSupported: manner.scopes,
    unknownScopeRefused: manner.refusesUnknownScopes ?? false,
    subjectType: manner.pairwise === true ? "pairwise" : "public",
    client: (clientId) => asClient(clients.get(clientId)),
    authenticate: (login, password) => {
      const person = member(login);
      return Promise.resolve(person?.password === password ? asPerson(person) : undefined);
    },
    authorise: (person, clientId) =>
      member(person.id)?.groups.some((group) => clients.get(clientId)?.groups.includes(group)) === true
        ? undefined
        : { code: "access_denied", reason: "Permission denied: no group of yours is bound to this application." },
    person: (login) => {
      const person = member(login);
      return person === undefined ? undefined : asPerson(person);
    },
    subject: (login, clientId) => {
      const person = member(login);
      return person === undefined ? "" : manner.subject(person, clientId);
    },
    idTokenClaims: (login, _clientId, scopes) => claims(login, scopes),
    userInfoClaims: (login, _clientId, scopes) => claims(login, scopes),
  };
}

function personal({ login, firstName, lastName }: Member, scopes: readonly string[]): Record<string, unknown> {
  return {
    ...(scopes.includes("profile")
      ? { name: `${firstName} ${lastName}`, given_name: firstName, family_name: lastName, preferred_username: login }
      : {}),
    // False, as authentik has it since 2025.10: whoever takes the address for a name must not be served.
    ...(scopes.includes("email") ? { email: login, email_verified: false } : {}),
  };
}

function asClient(known: Client | undefined): DirectoryClient | undefined {
  return known === undefined
    ? undefined
    : {
        clientId: known.clientId,
        secrets: () => known.secrets,
        redirectUris: known.redirectUris,
        postLogoutRedirectUris: known.postLogoutRedirectUris,
        grantTypes: known.grantTypes,
        responseTypes: ["code"],
        tokenEndpointAuthMethod: known.clientAuthentication,
        pkceRequired: known.codeChallenge,
        applicationType: "web",
        active: true,
      };
}
