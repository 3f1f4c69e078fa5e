/** What things are called: keys of a stack file, Kubernetes names, versions, people, object ids. */
import { z } from "zod";

/** A key that becomes part of resource names: short, lower case, as Kubernetes names allow. */
export const keySchema = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/, "a key of 1 to 40 lower-case letters, digits and inner dashes");

/** The name of a Helm release: an RFC 1123 label, of which Helm allows 53 characters. */
export const releaseSchema = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?$/, "a DNS label: at most 53 lower-case letters, digits and inner dashes");

/** The name of a Kubernetes namespace or of a KubeSphere workspace (RFC 1123 label). */
export const dnsLabelSchema = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "a DNS label: at most 63 lower-case letters, digits and inner dashes");

/** The name of most Kubernetes objects (RFC 1123 subdomain). */
export const objectNameSchema = z
  .string()
  .max(253, "a name of at most 253 characters")
  .regex(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
    "the name of a Kubernetes object: lower-case letters, digits, dots and inner dashes",
  );

const exactVersion = "an exact chart version such as 8.0.15 (no range, no 'latest', no leading v)";

/** An exact chart version. A range would install something else next month without a change in the stack. */
export const exactVersionSchema = z.string(exactVersion).regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, exactVersion);

/**
 * A person's address at the identity provider. Entra ID calls a guest `ana_contoso.com#EXT#@example.onmicrosoft.com`
 * (learn.microsoft.com/entra/external-id/user-properties); nothing else has a hash.
 */
export const memberSchema = z
  .email({
    pattern: /^(?!\.)(?!.*\.\.)([A-Za-z0-9_'+\-.]*)[A-Za-z0-9_+-](#EXT#)?@([A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$/,
    error: "an e-mail address, the sign-in name of a person",
  })
  .max(254, "an e-mail address of at most 254 characters");

/** A person's name at sign-in: an address, or a user name where the identity provider has those. Which of them it takes is its own rule. */
export const loginSchema = z
  .string("an e-mail address, the sign-in name of a person")
  .max(254, "a sign-in name of at most 254 characters")
  .refine(
    (value) => memberSchema.safeParse(value).success || /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(value),
    "an e-mail address, or a user name of letters, digits, dots, dashes and underscores",
  );

/** A key of the stack's configuration, with its namespace. */
export const configurationKeySchema = z
  .string()
  .regex(/^[a-z0-9-]+:[A-Za-z0-9_.-]+$/, "a key of the stack's configuration with its namespace, such as clients:k10");
