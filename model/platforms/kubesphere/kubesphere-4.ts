import { z } from "zod";
import { objectNameSchema } from "../../text/names";
import { addProblem } from "../../text/problems";
import type { PlatformDefinition } from "../definition";
import { kubeSphere4Adoption } from "./adoption";
import {
  checkKubeSphere,
  kubeSphereCapabilities,
  kubeSphereDefinition,
  kubeSphereFields,
  kubeSphereRisks,
  kubeSphereSignIn,
} from "./common";

/** One entry of `gatehouse:platforms` for KubeSphere 4.1 and later, which is installed already. */
const kubeSphere4Schema = z
  .strictObject({
    kind: z.literal("kubesphere4"),
    ...kubeSphereFields,
    mappingMethod: z
      .enum(["lookup", "manual", "auto"])
      .default("lookup")
      .describe(
        "lookup: only the people of this stack may sign in. manual: anybody else whom the identity provider lets in registers a user name first. auto: an account of the person's preferred_username is made, or taken over.",
      ),
    hidden: z.boolean().default(false).describe("Leave its button out of the sign-in page: who knows the address signs in all the same."),
    secretName: objectNameSchema
      .optional()
      .describe(
        "Name of the Secret that holds the provider. `gatehouse adopt` writes it. Default: identity-provider-<its name in lower case>.",
      ),
    insecureAutoTakesOverAccounts: z
      .boolean()
      .default(false)
      .describe(
        "Accept mappingMethod auto, with which a person whose preferred_username is that of a local account becomes that account, its roles included.",
      ),
  })
  .superRefine((spec, context) => {
    checkKubeSphere(spec, context);
    if (spec.mappingMethod === "auto" && !spec.insecureAutoTakesOverAccounts) {
      addProblem(context, ["mappingMethod"], {
        expected:
          "lookup or manual: auto takes over a local account of the same name (a person whose preferred_username is admin becomes admin)",
        received: '"auto"',
        fix: "leave it out for lookup, or acknowledge with insecureAutoTakesOverAccounts: true",
      });
    }
    if (spec.mappingMethod !== "auto" && spec.insecureAutoTakesOverAccounts) {
      addProblem(context, ["insecureAutoTakesOverAccounts"], {
        expected: "it left out: it acknowledges mappingMethod auto alone",
        received: "true",
        fix: "remove the key",
      });
    }
  });

export type KubeSphere4Spec = z.infer<typeof kubeSphere4Schema>;

/** As it is written, with defaults left out. */
export type KubeSphere4Input = z.input<typeof kubeSphere4Schema>;

export const kubeSphere4: PlatformDefinition<KubeSphere4Spec> = {
  kind: "kubesphere4",
  schema: kubeSphere4Schema,
  sample: { host: "https://console.example.com", displayName: "Sign in" },
  capabilities: {
    title: "KubeSphere 4",
    ...kubeSphereCapabilities,
    // The provider's whole configuration is a labelled Secret.
    secretByReference: true,
    secretChange: "in the provider's own Secret, which KubeSphere reads while it runs",
  },
  ...kubeSphereDefinition,
  adoption: kubeSphere4Adoption,
  signIn: kubeSphereSignIn,
  risks: (spec) => [
    ...(spec.mappingMethod === "auto"
      ? [
          "insecureAutoTakesOverAccounts: a person whose preferred_username is that of a local KubeSphere account becomes that account, its roles included.",
        ]
      : []),
    ...kubeSphereRisks(spec),
  ],
};
