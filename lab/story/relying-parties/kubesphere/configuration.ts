/** What KubeSphere's API server would read of the cluster: identity providers and accounts. */
import { parse } from "yaml";
import { z } from "zod";
import type { ClusterApi } from "../cluster-api";
import { providerSchema, userSchema, type Provider, type User } from "./rules";

const secretsSchema = z.object({
  items: z.array(z.object({ type: z.string().optional(), data: z.record(z.string(), z.string()).optional() })),
});

const configurationSchema = z.object({
  spec: z.object({
    authentication: z.object({
      oauthOptions: z.object({ identityProviders: z.array(z.unknown()).default([]) }).default({ identityProviders: [] }),
    }),
  }),
});

/** Release 4 wants both the label and the type (identityprovider/configuration.go); release 3 has its list in the custom resource. */
async function configuredProviders(api: ClusterApi, release: 3 | 4): Promise<unknown[]> {
  if (release === 3) {
    const path = "/apis/installer.kubesphere.io/v1alpha1/namespaces/kubesphere-system/clusterconfigurations/ks-installer";
    return (await api.get(path, configurationSchema)).spec.authentication.oauthOptions.identityProviders;
  }
  const selector = encodeURIComponent("config.kubesphere.io/type=identityprovider");
  const { items } = await api.get(`/api/v1/namespaces/kubesphere-system/secrets?labelSelector=${selector}`, secretsSchema);
  return items
    .filter((secret) => secret.type === "config.kubesphere.io/identityprovider")
    .map((secret): unknown => parse(Buffer.from(secret.data?.["configuration.yaml"] ?? "", "base64").toString("utf8")));
}

/** The provider whose callback is `redirectUri`: the console takes the name from the path, and compares it exactly. */
export async function providerFor(api: ClusterApi, release: 3 | 4, redirectUri: string): Promise<Provider> {
  const name = new URL(redirectUri).pathname.split("/").at(-1) ?? "";
  const all = await configuredProviders(api, release);
  const named = all.filter((entry) => z.object({ name: z.literal(name) }).safeParse(entry).success);
  const [only] = named;
  if (named.length !== 1) {
    throw new Error(`KubeSphere ${release}: expected one identity provider named '${name}', got ${named.length} of ${all.length}`);
  }
  const provider = providerSchema.parse(only);
  if (provider.disabled) {
    throw new Error(`KubeSphere ${release}: identity provider '${name}' is disabled`);
  }
  return provider;
}

export async function usersOf(api: ClusterApi, release: 3 | 4): Promise<User[]> {
  const version = release === 3 ? "v1alpha2" : "v1beta1";
  return (await api.get(`/apis/iam.kubesphere.io/${version}/users`, z.object({ items: z.array(userSchema) }))).items;
}
