/** The chain azuread-load-groups: OpenUnison looks a person's groups up in Microsoft Graph, with the app's own credentials. */
import { z } from "zod";
import { send, type Route } from "../../sign-in/transport";
import { SignInRefusal } from "../page-server";
import type { Attributes } from "./identity";

/** The Target that the chain asks, as its chart rendered it. */
export const targetSchema = z.object({
  spec: z.object({
    params: z.array(z.object({ name: z.string(), value: z.string() })),
    secretParams: z.array(z.object({ name: z.string(), secretKey: z.string() })).default([]),
  }),
});

/** Where and as whom groups are looked up. */
export interface DirectoryConfiguration {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The attribute that names the person to Microsoft Graph: an object id, or a user principal name. */
  readonly personAttribute: string;
}

/**
 * @param script the chain's own, which names the attribute that it looks people up by
 * @param secrets content of the Secret that OpenUnison reads
 */
export function directoryConfiguration(
  target: z.infer<typeof targetSchema>,
  script: string,
  secrets: Readonly<Record<string, string>>,
): DirectoryConfiguration {
  const { params, secretParams } = target.spec;
  const text = (name: string): string => {
    const key = secretParams.find((param) => param.name === name)?.secretKey;
    const value = key === undefined ? params.find((param) => param.name === name)?.value : secrets[key];
    if (value === undefined || value === "") {
      throw new Error(`Target azuread: expected ${name}, as a parameter or by a key of the Secret, got none.`);
    }
    return value;
  };
  // Charts before 1.0.10 look people up by uid, the newer ones by the attribute that azure.uid_attribute_name gives.
  const [personAttribute = "uid"] = [...script.matchAll(/\.get\(\s*["']([a-zA-Z_]+)["']\s*\)/g)].map(([, name]) => name ?? "");
  return { tenantId: text("tenantId"), clientId: text("clientId"), clientSecret: text("clientSecret"), personAttribute };
}

const discoverySchema = z.object({ token_endpoint: z.url(), msgraph_host: z.string() });
const tokenSchema = z.object({ access_token: z.string() });
const groupsSchema = z.object({
  value: z.array(z.object({ "@odata.type": z.string(), displayName: z.string().optional() })),
  "@odata.nextLink": z.url().optional(),
});

/**
 * The person's attributes with `memberOf` emptied and filled with the display names that Microsoft Graph gives.
 * @param issuer its discovery document says where tokens and Graph are
 * @throws SignInRefusal when Graph does not know the person, or does not let the app look
 */
export async function withGroupNames(
  person: Attributes,
  claims: Readonly<Record<string, unknown>>,
  directory: DirectoryConfiguration,
  issuer: string,
  route: Route,
): Promise<Attributes> {
  const claim = claims[directory.personAttribute];
  const id = person[directory.personAttribute]?.[0] ?? (typeof claim === "string" ? claim : "");
  if (id === "") {
    throw new SignInRefusal(`the group chain expected the attribute ${directory.personAttribute} of the person, got an empty one`);
  }
  const discovery = discoverySchema.parse(await body(new URL(`${issuer}/.well-known/openid-configuration`), route));
  const graph = `https://${discovery.msgraph_host}`;
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: directory.clientId,
    client_secret: directory.clientSecret,
    scope: `${graph}/.default`,
  });
  const { access_token: token } = tokenSchema.parse(await body(new URL(discovery.token_endpoint), route, form.toString()));
  const names: string[] = [];
  for (let next: string | undefined = `${graph}/v1.0/users/${encodeURIComponent(id)}/memberOf`; next !== undefined;) {
    const page = groupsSchema.parse(await body(new URL(next), route, undefined, token));
    names.push(...page.value.flatMap((entry) => (entry["@odata.type"] === "#microsoft.graph.group" ? (entry.displayName ?? []) : [])));
    next = page["@odata.nextLink"];
  }
  return { ...person, memberOf: names };
}

async function body(url: URL, route: Route, form?: string, token?: string): Promise<unknown> {
  const answer = await send(url, route, {
    method: form === undefined ? "GET" : "POST",
    headers: {
      ...(form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: form,
  });
  if (answer.status !== 200) {
    throw new SignInRefusal(`the group chain could not find the user: expected status 200 from ${url.pathname}, got ${answer.status}`);
  }
  return JSON.parse(answer.body) as unknown;
}
