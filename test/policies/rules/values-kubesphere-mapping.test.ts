import { valuesKubeSphereMapping } from "../../../policies/rules/values-kubesphere-mapping";
import { describeRule } from "../harness";

const configuration = (method: string): object => ({ "configuration.yaml": `name: okta\nmappingMethod: ${method}\n` });

describeRule(valuesKubeSphereMapping, {
  passing: {
    type: "kubernetes:core/v1:Secret",
    props: { type: "config.kubesphere.io/identityprovider", stringData: configuration("lookup") },
  },
  alsoPassing: { "manual mapping": { change: { stringData: configuration("manual") } } },
  violations: {
    "automatic accounts": {
      change: { stringData: configuration("auto") },
      messages: ["stringData['configuration.yaml'].mappingMethod: expected lookup or manual, found \"auto\""],
    },
  },
});
