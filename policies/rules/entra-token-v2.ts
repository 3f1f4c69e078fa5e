import { mismatch, resourceRule } from "../rule";
import { entra } from "../types";
import { at, unknownValue } from "../value";

export const entraTokenV2 = resourceRule({
  id: "entra-token-v2",
  candidate: 6,
  title: "An Entra application asks for version 2 access tokens",
  severity: "low",
  level: "advisory",
  rationale:
    "The provider's default is version 1, whose issuer is https://sts.windows.net/<tenant>/ with a slash, not the https://login.microsoftonline.com/<tenant>/v2.0 of the discovery document: a verifier that compares issuers byte for byte refuses such a token (Azure/kubelogin#138).",
  remediation: "Set api.requestedAccessTokenVersion (requestedAccessTokenVersion on a registration) to 2.",
  controls: [],
  unknowns: "An unknown version is not judged.",
  types: [entra.application, entra.registration],
  settings: {},
  check({ type, properties }) {
    const path = type === entra.registration ? "requestedAccessTokenVersion" : "api.requestedAccessTokenVersion";
    const version = at(properties, ...path.split("."));
    return version === 2 || version === unknownValue ? [] : [mismatch(path, "2", version)];
  },
});
