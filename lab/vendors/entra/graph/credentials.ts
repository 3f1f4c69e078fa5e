import { randomBytes } from "node:crypto";
import { GraphError, badRequest, resourceNotFound, valueRequired } from "./errors";
import type { Application, FederatedCredential, PasswordCredential } from "./entities";
import { found, list, noContent, one, readBody, requireOwnership, type GraphCall, type Route } from "./call";
import { readApplications, writeApplications } from "./permissions";
import { addPasswordBody, federatedCredentialBody, removePasswordBody, type FederatedCredentialBody } from "./shapes";
import type { TenantStore } from "./store";

const oneDay = 86_400_000;
const mostFederated = 20;

/** 40 characters with a `~` and a `.`, as Entra's generated secrets have. */
function newSecret(): string {
  const text = randomBytes(30).toString("base64url").replace(/-/g, "_");
  return `${text.slice(0, 3)}8Q~${text.slice(3, 20)}.${text.slice(20, 36)}`;
}

/** Adds a secret; the text is in the answer and nowhere else. `text` only for the lab's own caller, whose secret is given. */
export function addPassword(
  store: TenantStore,
  application: Application,
  given: { displayName?: string | null; startDateTime?: string | null; endDateTime?: string | null },
  text = newSecret(),
): PasswordCredential & { secretText: string } {
  const start = given.startDateTime ?? store.timestamp();
  const credential: PasswordCredential = {
    keyId: store.newId(),
    displayName: given.displayName ?? null,
    hint: text.slice(0, 3),
    startDateTime: start,
    endDateTime: given.endDateTime ?? twoYearsAfter(start),
  };
  application.passwords.push(credential);
  application.secrets.set(credential.keyId, text);
  return { ...credential, secretText: text };
}

/** application-addPassword: "endDateTime ... default value is startDateTime + 2 years". */
function twoYearsAfter(start: string): string {
  const date = new Date(start);
  date.setUTCFullYear(date.getUTCFullYear() + 2);
  return date.toISOString().replace(/\.\d{3}Z$/, "Z");
}

function checkLifetime(call: GraphCall, start: number, end: number): void {
  if (end <= start) {
    throw badRequest("The endDateTime of a password credential must be later than its startDateTime.");
  }
  const limit = call.limits.passwordLifetimeDays;
  if (limit !== undefined && end - start > limit * oneDay) {
    // What a tenant's app management policy (passwordLifetime) makes of it.
    const text = `Credential lifetime exceeds the max value allowed as per assigned policy: ${String(limit)} days.`;
    throw new GraphError(400, "CredentialInvalidLifetimeAsPerAppPolicy", text);
  }
}

/** The secrets that the token endpoint takes now, and whether a given one was right but is out of its time. */
export function secretState(application: Application, presented: string, now: number): "valid" | "expired" | "notYet" | "unknown" {
  let state: "expired" | "notYet" | "unknown" = "unknown";
  for (const { keyId, startDateTime, endDateTime } of application.passwords) {
    if (application.secrets.get(keyId) !== presented) {
      continue;
    }
    if (Date.parse(startDateTime) > now) {
      state = "notYet";
    } else if (Date.parse(endDateTime) <= now) {
      state = "expired";
    } else {
      return "valid";
    }
  }
  return state;
}

export function validSecrets(application: Application, now: number): string[] {
  return [...application.secrets.values()].filter((text) => secretState(application, text, now) === "valid");
}

function federatedRow(credential: FederatedCredential): Record<string, unknown> {
  return { ...credential };
}

function required(body: FederatedCredentialBody, field: "name" | "issuer" | "subject"): string {
  const value = body[field];
  if (value === undefined) {
    throw valueRequired(field, "FederatedIdentityCredential");
  }
  return value;
}

function checkFederated(application: Application, made: FederatedCredential): void {
  if (!URL.canParse(made.issuer) || new URL(made.issuer).protocol !== "https:") {
    throw badRequest(`Invalid value specified for property 'issuer' of resource 'FederatedIdentityCredential'. Expected an https URL.`);
  }
  for (const other of application.federatedCredentials.values()) {
    if (other.id === made.id) {
      continue;
    }
    if (other.name === made.name) {
      throw badRequest("FederatedIdentityCredential with same name already exists.");
    }
    if (other.issuer === made.issuer && other.subject === made.subject) {
      throw badRequest("FederatedIdentityCredential with same issuer and subject already exists.");
    }
  }
}

function federated(call: GraphCall): { application: Application; credential: FederatedCredential } {
  const application = found(call, "application", call.params["id"] ?? "");
  const credential = application.federatedCredentials.get((call.params["credential"] ?? "").toLowerCase());
  if (credential === undefined) {
    throw resourceNotFound(call.params["credential"] ?? "");
  }
  return { application, credential };
}

const federatedPath = "applications/:id/federatedIdentityCredentials";

export const credentialRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "applications/:id/addPassword",
    requires: writeApplications,
    handle: (call) => {
      const application = found(call, "application", call.params["id"] ?? "");
      requireOwnership(call, application);
      const given = readBody(addPasswordBody, call.body, "PasswordCredential").passwordCredential ?? {};
      const start = given.startDateTime ?? call.store.timestamp();
      checkLifetime(call, Date.parse(start), Date.parse(given.endDateTime ?? twoYearsAfter(start)));
      return one(call, { ...addPassword(call.store, application, { ...given, startDateTime: start }), customKeyIdentifier: null });
    },
  },
  {
    method: "POST",
    path: "applications/:id/removePassword",
    requires: writeApplications,
    handle: (call) => {
      const application = found(call, "application", call.params["id"] ?? "");
      requireOwnership(call, application);
      const keyId = readBody(removePasswordBody, call.body, "PasswordCredential").keyId.toLowerCase();
      const at = application.passwords.findIndex((one) => one.keyId === keyId);
      if (at < 0) {
        throw badRequest(`No password credential found with keyId '${keyId}'.`);
      }
      application.passwords.splice(at, 1);
      application.secrets.delete(keyId);
      return noContent;
    },
  },
  {
    method: "GET",
    path: federatedPath,
    requires: readApplications,
    query: ["$filter", "$select", "$top"],
    handle: (call) => {
      const application = found(call, "application", call.params["id"] ?? "");
      return list(call, [...application.federatedCredentials.values()].map(federatedRow), ["id", "name", "subject", "issuer"]);
    },
  },
  {
    method: "POST",
    path: federatedPath,
    requires: writeApplications,
    handle: (call) => {
      const application = found(call, "application", call.params["id"] ?? "");
      requireOwnership(call, application);
      const body = readBody(federatedCredentialBody.omit({ id: true }), call.body, "FederatedIdentityCredential");
      if (application.federatedCredentials.size >= mostFederated) {
        throw badRequest(`At most ${String(mostFederated)} federated credentials are allowed.`);
      }
      const audiences = body.audiences;
      if (audiences === undefined) {
        throw valueRequired("audiences", "FederatedIdentityCredential");
      }
      const made: FederatedCredential = {
        id: call.store.newId(),
        name: required(body, "name"),
        description: body.description ?? null,
        issuer: required(body, "issuer"),
        subject: required(body, "subject"),
        audiences,
      };
      checkFederated(application, made);
      application.federatedCredentials.set(made.id, made);
      return one(call, federatedRow(made), 201);
    },
  },
  {
    method: "GET",
    path: `${federatedPath}/:credential`,
    requires: readApplications,
    query: ["$select"],
    handle: (call) => one(call, federatedRow(federated(call).credential)),
  },
  {
    method: "PATCH",
    path: `${federatedPath}/:credential`,
    requires: writeApplications,
    handle: (call) => {
      const { application, credential } = federated(call);
      requireOwnership(call, application);
      const body = readBody(federatedCredentialBody, call.body, "FederatedIdentityCredential");
      if (body.name !== undefined && body.name !== credential.name) {
        throw badRequest("Property 'name' of a federatedIdentityCredential is read-only.");
      }
      const made = {
        ...credential,
        issuer: body.issuer ?? credential.issuer,
        subject: body.subject ?? credential.subject,
        audiences: body.audiences ?? credential.audiences,
        description: body.description === undefined ? credential.description : body.description,
      };
      checkFederated(application, made);
      application.federatedCredentials.set(credential.id, made);
      return noContent;
    },
  },
  {
    method: "DELETE",
    path: `${federatedPath}/:credential`,
    requires: writeApplications,
    handle: (call) => {
      const { application, credential } = federated(call);
      requireOwnership(call, application);
      application.federatedCredentials.delete(credential.id);
      return noContent;
    },
  },
];
