import { z } from "zod";

/**
 * The part of GitLab's CI syntax that the example uses (docs.gitlab.com, "CI/CD YAML syntax reference"), written by hand and strict.
 */
const rule = z.strictObject({ if: z.string() });
const gitlabJob = z.strictObject({
  stage: z.string(),
  rules: z.array(rule).min(1),
  environment: z.strictObject({ name: z.string(), action: z.enum(["prepare", "verify", "access"]).optional() }).optional(),
  id_tokens: z.record(z.string(), z.strictObject({ aud: z.string() })).optional(),
  resource_group: z.string().optional(),
  script: z.array(z.string()).min(1),
  after_script: z.array(z.string()).optional(),
  artifacts: z.strictObject({ when: z.enum(["always"]), paths: z.array(z.string()), expire_in: z.string() }).optional(),
});
export const gitlabSchema = z.strictObject({
  stages: z.array(z.string()),
  default: z.strictObject({ image: z.string(), interruptible: z.boolean() }),
  variables: z.record(z.string(), z.string()),
  validate: gitlabJob,
  preview: gitlabJob,
  update: gitlabJob,
});

/**
 * The part of the operator's `Stack` (stacks.pulumi.com v1, pulumi-kubernetes-operator 2: deploy/crds/pulumi.com_stacks.yaml) that the
 * example uses, and of its Workspace template, written by hand and strict.
 */
const reference = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("Secret"), secret: z.strictObject({ name: z.string(), key: z.string() }) }),
  z.strictObject({ type: z.literal("Literal"), literal: z.strictObject({ value: z.string() }) }),
]);
export const stackSchema = z.strictObject({
  apiVersion: z.literal("pulumi.com/v1"),
  kind: z.literal("Stack"),
  metadata: z.strictObject({ name: z.string(), namespace: z.string() }),
  spec: z
    .strictObject({
      serviceAccountName: z.string(),
      stack: z.string().regex(/^[\w.-]+\/[\w.-]+\/[\w.-]+$/),
      projectRepo: z.url({ protocol: /^https$/ }),
      branch: z.string().optional(),
      commit: z.string().optional(),
      refresh: z.boolean(),
      preview: z.boolean().optional(),
      continueResyncOnCommitMatch: z.boolean(),
      resyncFrequencySeconds: z.int().min(60),
      destroyOnFinalize: z.boolean(),
      envRefs: z.record(z.string(), reference),
      workspaceTemplate: z.strictObject({
        spec: z.strictObject({
          image: z.string(),
          securityProfile: z.enum(["restricted", "baseline"]),
          podTemplate: z.strictObject({
            spec: z.strictObject({
              containers: z.array(
                z.strictObject({
                  name: z.literal("pulumi"),
                  volumeMounts: z.array(z.strictObject({ name: z.string(), mountPath: z.string(), readOnly: z.literal(true) })),
                }),
              ),
              volumes: z.array(
                z.strictObject({
                  name: z.string(),
                  projected: z.strictObject({
                    sources: z.array(
                      z.strictObject({
                        serviceAccountToken: z.strictObject({
                          audience: z.string(),
                          path: z.string(),
                          expirationSeconds: z.int().min(600),
                        }),
                      }),
                    ),
                  }),
                }),
              ),
            }),
          }),
        }),
      }),
    })
    .refine(({ branch, commit }) => (branch === undefined) !== (commit === undefined), "exactly one of branch and commit"),
});
