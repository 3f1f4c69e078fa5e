import { z } from "zod";
import { identityProviderSchema, type IdentityProviderInput } from "../identity-providers";
import { platformSchema, type PlatformInput } from "../platforms";
import { reviewersSchema } from "../platforms/reviews";
import { keySchema, loginSchema } from "../text/names";
import { addProblem, describeReceived } from "../text/problems";
import { isPlain, isProse, writtenOut } from "../text/printable";
import { mostMembers } from "./size";
import { isReservedGroupName } from "../text/trusted-names";

const groupNameSchema = z
  .string()
  .min(1, "a name")
  .max(255, "a name of at most 255 characters")
  .superRefine((name, context) => {
    if (isReservedGroupName(name)) {
      addProblem(context, [], {
        expected: "a group of this environment's own; names beginning with system: or k10:, and Everyone, are refused",
        received: describeReceived(name, []),
        fix: "make a group for the people who need the access, and grant to that",
      });
    } else if (name !== name.trim() || !isPlain(name)) {
      addProblem(context, [], {
        expected: "a name without surrounding blanks, control characters, or characters that nobody sees",
        received: writtenOut(describeReceived(name, [])),
      });
    }
  });

export const groupSchema = z
  .strictObject({
    displayName: groupNameSchema.optional().describe("Name of a group that the stack creates, and deletes when it goes."),
    existing: groupNameSchema
      .optional()
      .describe("Exact name of a group that is there already, and stays when the stack goes; on Entra ID its object id as well."),
    description: z
      .string()
      .max(1024, "a description of at most 1024 characters")
      .refine((text) => text.split("\n").every(isProse), "a description without control characters")
      .optional(),
    members: z
      .array(loginSchema)
      .max(mostMembers, `at most ${mostMembers} members: each is looked up at every preview; a larger group is better filled by others`)
      .optional()
      .describe("Sign-in names. When written, the stack owns the whole membership; without it, others manage it."),
    reviewers: reviewersSchema.describe(
      "Sign-in names of those who may decide about grants to this group, in place of the platform's; nobody decides about access of their own.",
    ),
  })
  .superRefine((group, context) => {
    if ((group.displayName === undefined) === (group.existing === undefined)) {
      addProblem(context, [], {
        expected: "exactly one of displayName (the stack creates the group) and existing (it is there already)",
        received: group.existing === undefined ? "neither" : "both",
      });
    }
    for (const key of ["description", "members"] as const) {
      if (group.existing !== undefined && group[key] !== undefined) {
        addProblem(context, [key], {
          expected: "it left out: an existing group is managed by its owner",
          received: describeReceived(group[key], []),
        });
      }
    }
    const seen = new Set<string>();
    group.members?.forEach((member, position) => {
      if (seen.has(member.toLowerCase())) {
        addProblem(context, ["members", position], { expected: "each member once", received: describeReceived(member, []) });
      }
      seen.add(member.toLowerCase());
    });
  });

/** A group of an environment: made by the stack, or there already. */
export type GroupSpec = z.infer<typeof groupSchema>;

const clusterNameSchema = z
  .string()
  .min(1, "a name")
  .max(255, "a name of at most 255 characters")
  .refine(
    (name) => name === name.trim() && isPlain(name),
    "a name without surrounding blanks, control characters, or characters that nobody sees",
  );

/** `gatehouse:protectBindings`: who alone may change the bindings. */
const protectBindingsSchema = z
  .strictObject({
    deployers: z
      .array(clusterNameSchema)
      .min(1, "at least one deployer: the update itself would be refused")
      .max(20, "at most 20 deployers")
      .describe(
        "Who runs updates, by user name as the API server sees it, such as system:serviceaccount:ci:deployer (`kubectl auth whoami`).",
      ),
    breakGlassGroup: clusterNameSchema
      .refine(
        (name) => !["system:authenticated", "system:unauthenticated", "system:serviceaccounts"].includes(name),
        "a group of few people, not one that holds everybody",
      )
      .describe(
        "The group, by its name as the API server sees it, whose people may change them in an emergency, such as okta:Break Glass.",
      ),
  })
  .describe(
    "Refuse changes to this environment's bindings by anybody else: a ValidatingAdmissionPolicy (Kubernetes 1.30 and later). Left out: whoever may change bindings may change these.",
  );

export type ProtectBindings = z.infer<typeof protectBindingsSchema>;

/**
 * The typed description of one environment: `gatehouse:idp`, `gatehouse:groups`, `gatehouse:platforms` and what else a stack file may say
 * of the whole. The shape alone: what must hold between its parts is judged by the checks beside it.
 */
export const environmentSchema = z.strictObject({
  idp: identityProviderSchema,
  groups: z.record(keySchema, groupSchema),
  platforms: z.record(keySchema, platformSchema).refine((value) => Object.keys(value).length > 0, "at least one platform"),
  protectBindings: protectBindingsSchema.optional(),
});

export type Environment = z.infer<typeof environmentSchema>;

/** An environment as it is written, with defaults left out. */
export interface EnvironmentInput {
  readonly idp: IdentityProviderInput;
  readonly groups: Readonly<Record<string, z.input<typeof groupSchema>>>;
  readonly platforms: Readonly<Record<string, PlatformInput>>;
  readonly protectBindings?: ProtectBindings;
}

/** The name of a group at the identity provider. */
export function groupName(group: GroupSpec): string {
  // The schema holds exactly one of the two.
  return group.existing ?? group.displayName ?? "";
}
