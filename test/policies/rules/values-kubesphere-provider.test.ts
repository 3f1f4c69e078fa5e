import { valuesKubeSphereProvider } from "../../../policies/rules/values-kubesphere-provider";
import { identityProviderEntry } from "../../../policies/types";
import { describeRule } from "../harness";

const providers = "spec > authentication > oauthOptions > identityProviders > 0 >";
const path = "spec.authentication.oauthOptions.identityProviders[0]";
const yaml = "name: okta\nprovider:\n  scopes: [openid, email]\n";
const secret = (props: object) => ({
  type: "kubernetes:core/v1:Secret",
  props: { type: "config.kubesphere.io/identityprovider", ...props },
});

describeRule(valuesKubeSphereProvider, {
  passing: {
    type: "kubernetes:installer.kubesphere.io/v1alpha1:ClusterConfiguration",
    props: {
      spec: {
        authentication: {
          oauthOptions: {
            identityProviders: [
              { name: "okta", provider: { scopes: ["email", "profile"], redirectURL: "https://ks.example.com/oauth/redirect/okta" } },
            ],
          },
        },
      },
    },
  },
  alsoPassing: {
    "an ordinary Secret": {
      resources: [{ type: "kubernetes:core/v1:Secret", props: { type: "Opaque", stringData: { "configuration.yaml": yaml } } }],
    },
    "a Secret that is no YAML": { resources: [secret({ stringData: { "configuration.yaml": "{{ x" } })] },
  },
  violations: {
    "the scope openid": {
      change: { [`${providers} provider > scopes`]: ["openid", "email"] },
      messages: [`${path}.provider.scopes: expected scopes without openid, got ["openid","email"]`],
    },
    "another name in the callback": {
      change: { [`${providers} name`]: "Okta" },
      messages: [
        `${path}.provider.redirectURL: expected a URL ending in /oauth/redirect/Okta, got "https://ks.example.com/oauth/redirect/okta"`,
      ],
    },
    "KubeSphere 3, by Gatehouse's own entry": {
      resources: [{ type: identityProviderEntry, props: { configuration: { name: "okta", provider: { scopes: ["openid", "email"] } } } }],
      messages: [`configuration.provider.scopes: expected scopes without openid, got ["openid","email"]`],
    },
    "KubeSphere 4": {
      resources: [secret({ stringData: { "configuration.yaml": yaml } })],
      messages: [`stringData['configuration.yaml'].provider.scopes: expected scopes without openid, got ["openid","email"]`],
    },
    "KubeSphere 4, encoded": {
      resources: [secret({ data: { "configuration.yaml": Buffer.from(yaml).toString("base64") } })],
      messages: [`data['configuration.yaml'].provider.scopes: expected scopes without openid, got ["openid","email"]`],
    },
  },
});
