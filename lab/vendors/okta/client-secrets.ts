/** An app's client secrets: two at most, each active or not (Okta management API, "ApplicationSSOPublicKeys": OAuth2ClientSecret). */
import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { noContent, ok, parseBody, type Call, type Reply, type Route, appOf } from "./call";
import { found, invalid } from "./errors";
import type { AppRecord, ClientSecretRecord } from "./model";
import { newId, timestamp } from "./store";

const secretsAtMost = 2;

const secretBody = z
  .strictObject({ client_secret: z.string().optional(), status: z.enum(["ACTIVE", "INACTIVE"]).default("ACTIVE") })
  .default({ status: "ACTIVE" });

/** The first secret of an app, and the one that takes the place of another. */
function newSecret(
  secret: string = randomBytes(48).toString("base64url"),
  status: ClientSecretRecord["status"] = "ACTIVE",
): ClientSecretRecord {
  const now = timestamp();
  return { id: newId("ocs"), secret, status, created: now, lastUpdated: now };
}

/**
 * What the app's own create and update say of its secret. None said, or an empty one, keeps what there is (recorded:
 * ResourceOktaAppOauth_omitSecretSafeEnable); another value takes the newest one's place.
 */
export function saidByApp(secrets: readonly ClientSecretRecord[], said: string | undefined): ClientSecretRecord[] {
  if (secrets.length === 0) {
    return [newSecret(said === "" ? undefined : said)];
  }
  if (said === undefined || said === "" || secrets.some(({ secret }) => secret === said)) {
    return [...secrets];
  }
  return [...secrets.slice(0, -1), newSecret(said)];
}

/** The secrets that the token endpoint takes. */
export function acceptedSecrets({ clientSecrets }: AppRecord): string[] {
  return clientSecrets.filter(({ status }) => status === "ACTIVE").map(({ secret }) => secret);
}

/** What the app's own answers show: its newest active one. */
export function shownSecret(app: AppRecord): string | undefined {
  return acceptedSecrets(app).at(-1);
}

function secretOf(call: Call): ClientSecretRecord {
  return found(appOf(call).clientSecrets, call.params.secretId, "OAuth2ClientSecretMediated");
}

function render(call: Call, record: ClientSecretRecord): Record<string, unknown> {
  const self = `${call.base}/api/v1/apps/${appOf(call).id}/credentials/secrets/${record.id}`;
  const link = (href: string, method: string): unknown => ({ href, hints: { allow: [method] } });
  return {
    id: record.id,
    created: record.created,
    lastUpdated: record.lastUpdated,
    status: record.status,
    client_secret: record.secret,
    secret_hash: createHash("md5").update(record.secret).digest("base64url"),
    _links:
      record.status === "ACTIVE"
        ? { deactivate: link(`${self}/lifecycle/deactivate`, "POST") }
        : { activate: link(`${self}/lifecycle/activate`, "POST"), delete: link(self, "DELETE") },
  };
}

function create(call: Call): Reply {
  const app = appOf(call);
  const { client_secret: given, status } = parseBody(secretBody, call.body, "client_secret");
  if (["none", "private_key_jwt"].includes(app.authMethod)) {
    throw invalid("client_secret", `client_secret: expected a client that authenticates with a secret, got ${app.authMethod}`);
  }
  if (given !== undefined && given.length < 14) {
    throw invalid("client_secret", "client_secret: 'client_secret' must be at least '14' characters long.");
  }
  if (given !== undefined && given.length > 100) {
    throw invalid("client_secret", "client_secret: 'client_secret' can't be more than '100' characters long.");
  }
  if (given !== undefined && !/^[\x20-\x7e]+$/.test(given)) {
    throw invalid("client_secret", "client_secret: ''client_secret'' must only contain printable ASCII: [x20-x7E]+");
  }
  if (app.clientSecrets.length >= secretsAtMost) {
    throw invalid("client_secret", `You have reached the maximum number of client secrets allowed (${secretsAtMost}).`);
  }
  const made = newSecret(given, status);
  app.clientSecrets.push(made);
  call.store.changed();
  return { status: 201, body: render(call, made) };
}

function setStatus(status: ClientSecretRecord["status"]): (call: Call) => Reply {
  return (call) => {
    const record = secretOf(call);
    const others = appOf(call).clientSecrets.filter((secret) => secret !== record && secret.status === "ACTIVE");
    if (status === "INACTIVE" && others.length === 0) {
      throw invalid("OAuth2ClientSecretMediated", "You can't deactivate the only active client secret.");
    }
    record.status = status;
    record.lastUpdated = timestamp();
    call.store.changed();
    return ok(render(call, record));
  };
}

function remove(call: Call): Reply {
  const record = secretOf(call);
  if (record.status === "ACTIVE") {
    throw invalid("OAuth2ClientSecretMediated", "You can't delete an active client secret. Deactivate the secret before deleting it.");
  }
  const app = appOf(call);
  app.clientSecrets = app.clientSecrets.filter((secret) => secret !== record);
  call.store.changed();
  return noContent;
}

const all = "/api/v1/apps/:appId/credentials/secrets";
const one = `${all}/:secretId`;

export const clientSecretRoutes: readonly Route[] = [
  {
    method: "GET",
    path: all,
    scope: "okta.apps.read",
    handle: (call) => ok(appOf(call).clientSecrets.map((secret) => render(call, secret))),
  },
  { method: "POST", path: all, scope: "okta.apps.manage", handle: create },
  { method: "GET", path: one, scope: "okta.apps.read", handle: (call) => ok(render(call, secretOf(call))) },
  { method: "DELETE", path: one, scope: "okta.apps.manage", handle: remove },
  { method: "POST", path: `${one}/lifecycle/activate`, scope: "okta.apps.manage", handle: setStatus("ACTIVE") },
  { method: "POST", path: `${one}/lifecycle/deactivate`, scope: "okta.apps.manage", handle: setStatus("INACTIVE") },
];
