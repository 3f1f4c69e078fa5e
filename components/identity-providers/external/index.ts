/**
 * Any OpenID Connect issuer whose clients are there already. Nothing is made at the identity provider: a client secret is read where the
 * stack says it is, and groups are what tokens carry for them. What follows from the stack file alone, the presets of vendors included,
 * stands in model/identity-providers/external.
 */
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { groupName, type ExternalSpec } from "../../../model";
import type { Scope } from "../../scope";
import type { IdentityProvider, IdentityProviderInputs, IdentityProviderKind } from "../contract";
import { secretOfConfiguration } from "../secret-of-configuration";

type SecretReference = NonNullable<ExternalSpec["clients"][string]["secret"]>;

function setUp({ spec, environment, scope }: IdentityProviderInputs<ExternalSpec>): IdentityProvider {
  return {
    groups: Object.fromEntries(
      Object.entries(environment.groups).map(([key, group]) => {
        const value = pulumi.output(groupName(group));
        return [key, { id: value, claimValue: value }];
      }),
    ),
    register(platform) {
      const client = spec.clients[platform];
      if (client === undefined) {
        throw new Error(`idp.clients: expected the client of '${platform}' among them, got ${Object.keys(spec.clients).join(", ")}.`);
      }
      return {
        clientId: pulumi.output(client.clientId),
        clientSecret: client.secret === undefined ? undefined : readSecret(platform, client.secret, scope),
        // Whoever made the client knows when its secret ends, and makes the next one.
        secretExpiresAt: pulumi.output(null),
        secretRotatesAt: null,
      };
    },
  };
}

function readSecret(platform: string, reference: SecretReference, scope: Scope): pulumi.Output<string> {
  if ("config" in reference) {
    return secretOfConfiguration(reference.config);
  }
  const { namespace, name, key } = reference.kubernetesSecret;
  const source = kubernetes.core.v1.Secret.get(scope.name(`${platform}-client-source`), `${namespace}/${name}`, {
    ...scope.options,
    additionalSecretOutputs: ["data"],
  });
  return pulumi.secret(
    source.data.apply((data) => {
      const value = data[key];
      if (value === undefined) {
        throw new pulumi.RunError(
          `gatehouse:idp.clients.${platform}.secret: expected the key '${key}' in Secret ${namespace}/${name}, got ${Object.keys(data).join(", ") || "none"}.`,
        );
      }
      return Buffer.from(value, "base64").toString("utf8");
    }),
  );
}

export const external: IdentityProviderKind<ExternalSpec> = {
  setUp,
  issuer: { setting: "issuer", fix: (_spec, named) => `write ${named}` },
};
