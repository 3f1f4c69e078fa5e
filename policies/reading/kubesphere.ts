import type { Subject } from "../rule";
import { clusterConfiguration, identityProviderEntry } from "../types";
import { at, items, text, type Value } from "../value";
import { parseYaml } from "./yaml";

/** A KubeSphere identity provider: the item of `oauthOptions.identityProviders` (v3) or the content of the labelled Secret (v4). */
export interface KubeSphereProvider {
  readonly path: string;
  readonly configuration: Value;
}

/** The identity providers that a resource configures. In v4 the whole configuration is one Secret key, unknown while the client secret is. */
export function kubeSphereProviders(resource: Subject): KubeSphereProvider[] {
  const { type, properties } = resource;
  if (type === clusterConfiguration) {
    const path = "spec.authentication.oauthOptions.identityProviders";
    return items(properties, ...path.split(".")).map((configuration, index) => ({ path: `${path}[${index}]`, configuration }));
  }
  if (type === identityProviderEntry) {
    const configuration = at(properties, "configuration");
    return at(configuration, "name") === undefined ? [] : [{ path: "configuration", configuration: configuration ?? null }];
  }
  if (text(properties, "type") !== "config.kubesphere.io/identityprovider") {
    return [];
  }
  const plain = text(properties, "stringData", "configuration.yaml");
  const encoded = text(properties, "data", "configuration.yaml");
  const [path, yaml] =
    plain !== undefined
      ? ["stringData['configuration.yaml']", plain]
      : ["data['configuration.yaml']", encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString("utf8")];
  const configuration = yaml === undefined ? undefined : parseYaml(yaml);
  return at(configuration, "name") === undefined ? [] : [{ path, configuration: configuration ?? null }];
}
