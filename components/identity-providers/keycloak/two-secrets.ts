import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import {
  jsonOrNothing,
  keycloakOverlapFault,
  keycloakPoliciesSchema,
  keycloakProfilesSchema,
  keycloakRealm,
  keycloakServerSchema,
  requestKeycloakToken,
  type KeycloakSpec,
} from "../../../model";
import { reasonOf, request } from "../request";

const setting = "gatehouse:idp.secret.overlap";

/** What Keycloak's own provider would sign in with: configuration before environment, as it does itself. */
function settingOf(config: pulumi.Config, key: string, variable: string): string | undefined {
  return config.get(key) || process.env[variable] || undefined;
}

/**
 * Compares the overlap that the stack file promises with what server and realm give. Keycloak takes two secrets without a word where it
 * keeps one, so a plan over that promise must not be green.
 * @throws pulumi.RunError that says what is missing, and where
 */
export async function requireTwoSecrets(spec: KeycloakSpec): Promise<void> {
  const { overlap, lifetime } = spec.secret;
  if (overlap === undefined || lifetime === undefined) {
    return;
  }
  const get = await openRealm(spec);
  const fault = keycloakOverlapFault(
    {
      server: await get("/admin/serverinfo", keycloakServerSchema),
      profiles: await get("client-policies/profiles?include-global-profiles=true", keycloakProfilesSchema),
      policies: await get("client-policies/policies", keycloakPoliciesSchema),
    },
    { overlap, lifetime },
  );
  if (fault !== undefined) {
    throw new pulumi.RunError(
      `${setting}: expected the preview feature client-secret-rotation and a client policy that keeps a former secret for ${overlap}, got ${fault.received}. ` +
        `Nothing was created. Fix: ${fault.fix}.`,
    );
  }
}

type Get = <T>(path: string, schema: z.ZodType<T>) => Promise<T>;

async function openRealm(spec: KeycloakSpec): Promise<Get> {
  const config = new pulumi.Config("keycloak");
  const { base: issued, realm } = keycloakRealm(spec.issuer);
  const url = settingOf(config, "url", "KEYCLOAK_URL");
  const base = url === undefined ? issued : `${url}${settingOf(config, "basePath", "KEYCLOAK_BASE_PATH") ?? ""}`;
  const certificateAuthority = config.get("rootCaCertificate") ?? spec.certificateAuthority;
  const what = "Keycloak's admin API";
  const ask = (address: string, question: Pick<Parameters<typeof request>[1], "method" | "headers" | "body">): ReturnType<typeof request> =>
    request(address, { ...question, certificateAuthority, what }).catch((error: unknown) => {
      throw refused(`an answer from ${address}`, reasonOf(error), "the promise of two secrets cannot be checked without it");
    });
  const variables: Readonly<Record<string, string | undefined>> = {
    KEYCLOAK_CLIENT_ID: settingOf(config, "clientId", "KEYCLOAK_CLIENT_ID"),
    KEYCLOAK_CLIENT_SECRET: settingOf(config, "clientSecret", "KEYCLOAK_CLIENT_SECRET"),
    // The provider's own default, not the realm of the people.
    KEYCLOAK_REALM: settingOf(config, "realm", "KEYCLOAK_REALM") ?? "master",
  };
  const { status, token } = await requestKeycloakToken({
    issuer: `${base}/realms/${encodeURIComponent(realm)}`,
    variable: (name) => variables[name],
    fetch: async (address, init) => {
      const answer = await ask(address, { method: "POST", headers: init.headers, body: init.body });
      return { status: answer.status, text: () => Promise.resolve(answer.body) };
    },
  });
  if (token === undefined) {
    throw refused(
      "a token for the service account that deploys",
      `status ${status}`,
      "set keycloak:clientId and keycloak:clientSecret (or KEYCLOAK_CLIENT_ID and KEYCLOAK_CLIENT_SECRET), and keycloak:realm where it is not master",
    );
  }
  return async (path, schema) => {
    const address = `${base}${path.startsWith("/") ? path : `/admin/realms/${encodeURIComponent(realm)}/${path}`}`;
    const answer = await ask(address, { headers: { accept: "application/json", authorization: `Bearer ${token}` } });
    const read = answer.status === 200 ? schema.safeParse(jsonOrNothing(answer.body)) : undefined;
    if (read?.success !== true) {
      const got = read === undefined ? `status ${answer.status}` : "something else";
      throw refused(
        `Keycloak to show ${path.split("?")[0] ?? path}`,
        got,
        "give the service account the client role view-realm (or manage-realm) of realm-management, or remove overlap",
      );
    }
    return read.data;
  };
}

function refused(expected: string, got: string, fix: string): pulumi.RunError {
  return new pulumi.RunError(`${setting}: expected ${expected}, got ${got}. Nothing was created. Fix: ${fix}.`);
}
