import type { Subject } from "../rule";
import { clusterConfiguration, identityProviderEntry, secretTypes } from "../types";
import { at, isProperties, items, text, type Value } from "../value";
import { objectsOf } from "./objects";
import { secretFiles } from "./secret-files";
import { parseYaml } from "./yaml";

/** A KubeSphere identity provider: the item of `oauthOptions.identityProviders` (v3) or the content of the labelled Secret (v4). */
export interface KubeSphereProvider {
  readonly path: string;
  readonly configuration: Value;
}

/** The type of the Secrets that KubeSphere 4 reads as identity providers. */
const identityProviderType = "config.kubesphere.io/identityprovider";

/** The identity providers that a resource configures. In v4 the whole configuration is one Secret key, unknown while the client secret is. */
export function kubeSphereProviders(resource: Subject): KubeSphereProvider[] {
  if (clusterConfiguration.test(resource.type)) {
    const list = "spec.authentication.oauthOptions.identityProviders";
    return objectsOf(resource).flatMap(({ object, path }) =>
      items(object, ...list.split(".")).map((configuration, index) => ({ path: `${path}${list}[${index}]`, configuration })),
    );
  }
  if (resource.type === identityProviderEntry) {
    const configuration = at(resource.properties, "configuration");
    return at(configuration, "name") === undefined ? [] : [{ path: "configuration", configuration: configuration ?? null }];
  }
  // The patch of a Secret need not repeat the type.
  const patch = resource.type.endsWith("Patch");
  return !secretTypes.test(resource.type)
    ? []
    : secretFiles(resource).flatMap(({ path, name, content, object }) => {
        const configuration = name === "configuration.yaml" ? parseYaml(content) : undefined;
        const type = text(object, "type") ?? (patch && isProperties(at(configuration, "provider")) ? identityProviderType : undefined);
        return at(configuration, "name") !== undefined && type === identityProviderType
          ? [{ path, configuration: configuration ?? null }]
          : [];
      });
}
