import { delimiter } from "node:path";
import { searchPath, withoutOtherSystems } from "../../../story/session/variables";

test("the folder of a tool that is on PATH comes no earlier than the user has it: another Node.js may be in there", () => {
  const path = ["/home/ana/node-20/bin", "/usr/local/bin", "/usr/bin"].join(delimiter);
  const tools = [
    { path: "/usr/local/bin/helm", source: "PATH" },
    { path: "/home/ana/.cache/gatehouse/pulumi/pulumi", source: "cache" },
  ] as const;
  expect(searchPath("/lab/bin", tools, path)).toBe(["/lab/bin", "/home/ana/.cache/gatehouse/pulumi", path].join(delimiter));
});

test("the user's own settings of Pulumi, Helm, Kubernetes and identity providers do not reach the lab", () => {
  const kept = { GATEHOUSE_PLUGIN_DEBUG: "1", HOME: "/home/ana", HTTPS_PROXY: "http://proxy", LANG: "C.UTF-8", XDG_CACHE_HOME: "/cache" };
  expect(
    withoutOtherSystems({
      ...kept,
      ARM_TENANT_ID: "production",
      HELM_KUBEAPISERVER: "https://production",
      KEYCLOAK_URL: "https://production",
      KUBECONFIG: "/home/ana/.kube/config",
      KUBERNETES_SERVICE_HOST: "10.0.0.1",
      OKTA_API_PRIVATE_KEY: "key",
      PULUMI_CONFIG_PASSPHRASE: "own",
      PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
      PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY: "false",
    }),
  ).toEqual(kept);
});
