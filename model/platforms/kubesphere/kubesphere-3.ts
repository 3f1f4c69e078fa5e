import { z } from "zod";
import type { PlatformDefinition } from "../definition";
import {
  checkKubeSphere,
  kubeSphereBindings,
  kubeSphereFields,
  kubeSphereIdentity,
  kubeSphereNamespace,
  kubeSphereOccupies,
  kubeSpherePeople,
  kubeSphereRequirements,
  kubeSphereRisks,
  kubeSphereRoles,
} from "./common";

/** One entry of `gatehouse:platforms` for KubeSphere 3.2 to 3.4, which is installed already. */
const kubeSphere3Schema = z
  .strictObject({
    kind: z.literal("kubesphere3"),
    ...kubeSphereFields,
    mappingMethod: z
      .enum(["lookup", "auto"])
      .default("lookup")
      .describe(
        "lookup: only the people of this stack may sign in. auto: anybody else whom the identity provider lets in chooses a user name at the first sign-in, and has no role.",
      ),
  })
  .superRefine(checkKubeSphere);

export type KubeSphere3Spec = z.infer<typeof kubeSphere3Schema>;

export const kubeSphere3: PlatformDefinition<KubeSphere3Spec> = {
  kind: "kubesphere3",
  schema: kubeSphere3Schema,
  capabilities: {
    title: "KubeSphere 3",
    callbackPath: "/oauth/redirect/<provider>",
    scopeFormat: "list-without-openid",
    prefixedBy: "nobody",
    authorises: "users-only",
    readsUserInfo: false,
    // The whole provider stands in the custom resource; release 3 knows no reference to a Secret.
    secretByReference: false,
    secretChange: "read-live",
  },
  roles: kubeSphereRoles,
  url: (spec) => `${spec.host}/`,
  requirements: kubeSphereRequirements,
  identity: () => kubeSphereIdentity,
  bindings: (_spec, grant) => kubeSphereBindings(grant),
  people: kubeSpherePeople,
  occupies: kubeSphereOccupies,
  installs: () => undefined,
  risks: (spec) => [
    `the client secret stands in plain text in ClusterConfiguration ${kubeSphereNamespace}/ks-installer and in ConfigMap kubesphere-config beside it: KubeSphere 3 takes no reference to a Secret. Whoever may read either object has it; KubeSphere 4 keeps it in a Secret.`,
    ...kubeSphereRisks(spec),
  ],
};
