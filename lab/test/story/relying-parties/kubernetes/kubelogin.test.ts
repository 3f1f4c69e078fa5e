import { kubeloginArguments, personKubeconfig } from "../../../../story/relying-parties/kubernetes/kubelogin-arguments";
import { personalKubeconfig } from "../../../../../model";

const generated = personalKubeconfig({
  clusterName: "lab",
  server: "https://127.0.0.1:6443",
  certificateAuthority: "CLUSTER",
  issuer: "https://127.0.0.1:18443/oauth2/default",
  issuerCertificateAuthority: "IDP",
  clientId: "0oa1",
  scopes: ["openid", "profile"],
  loopbackPorts: [8000, 18000],
});

test("reads the generated kubeconfig as kubectl and kubelogin do", () => {
  expect(personKubeconfig(generated)).toEqual({
    server: "https://127.0.0.1:6443",
    certificateAuthority: "CLUSTER",
    kubelogin: {
      issuer: "https://127.0.0.1:18443/oauth2/default",
      clientId: "0oa1",
      scopes: ["openid", "profile"],
      listen: [
        { host: "127.0.0.1", port: 8000 },
        { host: "127.0.0.1", port: 18000 },
      ],
      certificateAuthority: "IDP",
    },
  });
});

test.each([
  [
    "a context that names another cluster",
    generated.replace("current-context: lab", "current-context: other"),
    "expected a current context",
  ],
  [
    "another version of the exec interface",
    generated.replace("client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta2"),
    "client.authentication",
  ],
  ["a credential in the file", generated.replace("interactiveMode:", "token: abc\n        interactiveMode:"), "token"],
])("refuses %s", (_what, text, message) => {
  expect(() => personKubeconfig(text)).toThrow(message);
});

const args = [
  "oidc-login",
  "get-token",
  "--oidc-issuer-url=https://i",
  "--oidc-client-id=c",
  "--oidc-pkce-method=S256",
  "--grant-type=authcode",
];

test.each([
  ["an unknown flag", [...args, "--oidc-use-magic=true"], "unknown flag: --oidc-use-magic"],
  ["a flag without a value", [...args, "--oidc-extra-scope"], "unknown flag: --oidc-extra-scope"],
  ["no issuer", args.filter((flag) => !flag.includes("issuer")), "--oidc-issuer-url once"],
  ["two clients", [...args, "--oidc-client-id=d"], "--oidc-client-id once"],
  ["no PKCE", args.map((flag) => flag.replace("S256", "no")), "PKCE S256"],
  ["another plugin", ["gke", ...args.slice(1)], "expected the arguments oidc-login get-token"],
])("kubelogin refuses %s", (_what, given, message) => {
  expect(() => kubeloginArguments(given)).toThrow(message);
});

test("kubelogin's own addresses without a flag", () => {
  expect(kubeloginArguments(args).listen.map(({ port }) => port)).toEqual([8000, 18000]);
});
