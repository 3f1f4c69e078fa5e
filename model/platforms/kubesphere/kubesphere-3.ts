import { z } from "zod";
import { addProblem } from "../../text/problems";
import type { PlatformDefinition } from "../definition";
import { kubeSphere3Adoption } from "./adoption";
import {
  checkKubeSphere,
  kubeSphereCapabilities,
  kubeSphereDefinition,
  kubeSphereFields,
  kubeSphereNamespace,
  kubeSphereRisks,
  kubeSphereSignIn,
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
    disableLoginConfirmation: z
      .boolean()
      .default(false)
      .describe(
        "With mappingMethod auto: make the account of preferred_username at once, without the page on which the person chooses the name.",
      ),
  })
  .superRefine((spec, context) => {
    checkKubeSphere(spec, context);
    if (spec.disableLoginConfirmation && spec.mappingMethod !== "auto") {
      addProblem(context, ["disableLoginConfirmation"], {
        expected: "it left out: without mappingMethod auto nobody is asked for a user name",
        received: "true",
        fix: "remove the key",
      });
    }
  });

export type KubeSphere3Spec = z.infer<typeof kubeSphere3Schema>;

/** As it is written, with defaults left out. */
export type KubeSphere3Input = z.input<typeof kubeSphere3Schema>;

export const kubeSphere3: PlatformDefinition<KubeSphere3Spec> = {
  kind: "kubesphere3",
  schema: kubeSphere3Schema,
  sample: { host: "https://console.example.com" },
  capabilities: {
    title: "KubeSphere 3",
    ...kubeSphereCapabilities,
    // The whole provider stands in the custom resource; release 3 knows no reference to a Secret.
    secretByReference: false,
    secretChange: "in the ClusterConfiguration ks-installer, whose installer restarts what reads it",
  },
  ...kubeSphereDefinition,
  adoption: kubeSphere3Adoption,
  signIn: kubeSphereSignIn,
  // The template of ks-apiserver (3.2.1, 3.3.2, 3.4.1) ignores apiserver.extraVolumes, and ks-installer offers no other way.
  identityProviderFault: (_spec, { certificateAuthority }) =>
    certificateAuthority === undefined
      ? undefined
      : {
          path: ["kind"],
          expected: "an issuer whose certificate is from a public authority: KubeSphere 3 can be told of no other",
          received: "kubesphere3, and idp.certificateAuthority",
          fix: "give the issuer a public certificate, or use KubeSphere 4",
        },
  risks: (spec) => [
    `the client secret stands in plain text in ClusterConfiguration ${kubeSphereNamespace}/ks-installer and in ConfigMap kubesphere-config beside it: KubeSphere 3 takes no reference to a Secret. Whoever may read either object has it; KubeSphere 4 keeps it in a Secret.`,
    ...kubeSphereRisks(spec),
  ],
};
