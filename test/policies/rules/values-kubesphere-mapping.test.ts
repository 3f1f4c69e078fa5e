import { valuesKubeSphereMapping } from "../../../policies/rules/values-kubesphere-mapping";
import { identityProviderEntry } from "../../../policies/types";
import { describeRule } from "../harness";

const configuration = (method: string): object => ({ "configuration.yaml": `name: okta\nmappingMethod: ${method}\n` });

describeRule(valuesKubeSphereMapping, {
  passing: {
    type: "kubernetes:core/v1:Secret",
    props: { type: "config.kubesphere.io/identityprovider", stringData: configuration("lookup") },
  },
  alsoPassing: { "manual mapping": { change: { stringData: configuration("manual") } } },
  violations: {
    "automatic accounts in KubeSphere 3": {
      resources: [
        {
          type: "kubernetes:installer.kubesphere.io/v1alpha1:ClusterConfiguration",
          props: { spec: { authentication: { oauthOptions: { identityProviders: [{ name: "okta", mappingMethod: "auto" }] } } } },
        },
      ],
      messages: ['spec.authentication.oauthOptions.identityProviders[0].mappingMethod: expected lookup or manual, got "auto"'],
    },
    "automatic accounts in an entry of its own": {
      resources: [{ type: identityProviderEntry, props: { configuration: { name: "okta", mappingMethod: "auto" } } }],
      messages: ['configuration.mappingMethod: expected lookup or manual, got "auto"'],
    },
    "automatic accounts": {
      change: { stringData: configuration("auto") },
      messages: ["stringData['configuration.yaml'].mappingMethod: expected lookup or manual, got \"auto\""],
    },
  },
});
