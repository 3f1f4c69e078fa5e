import { z } from "zod";
import { addProblem, describeReceived } from "./problems";

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

/** Address of a chart repository. What comes from it runs in the cluster, so it comes over https; its password is no matter of a stack file. */
export const chartRepositorySchema = z.string().superRefine((value, context) => {
  const received = describeReceived(value, []);
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !(url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)))) {
    addProblem(context, [], { expected: "the https:// address of a chart repository (http only on 127.0.0.1 or localhost)", received });
  } else if (url.username !== "" || url.password !== "") {
    addProblem(context, [], {
      expected: "an address without user information",
      received: "user information before the host",
      fix: "download the chart and name it with path",
    });
  }
});

/** `https://host[:port]`, and nothing else; `http` only on a loopback host, where a port-forward ends. */
export const hostUrlSchema = originOf("https, or http on a loopback host");

/** `https://host[:port]` or `http://host[:port]`, and nothing else, for platforms whose schema judges the scheme itself. */
export const originSchema = originOf("http or https");

function originOf(schemes: "https, or http on a loopback host" | "http or https") {
  return z
    .string()
    .superRefine((value, context) => {
      // What stands after the host may be anything, a token pasted from the browser included.
      const received = describeReceived(value.replace(/([?#])[^]+$/, "$1..."), []);
      const url = URL.canParse(value) ? new URL(value) : undefined;
      if (value.includes("*")) {
        addProblem(context, [], { expected: "one exact host without a wildcard", received, fix: "name the host that people open" });
      } else if (url === undefined || !/^https?:$/.test(url.protocol)) {
        const meant = `https://${value}`;
        const fix = value !== "" && URL.canParse(meant) && new URL(meant).origin === meant ? { fix: `write ${meant}` } : {};
        addProblem(context, [], { expected: "https://host or https://host:port", received, ...fix });
      } else if (schemes !== "http or https" && url.protocol === "http:" && !isLoopback(url.hostname)) {
        addProblem(context, [], {
          expected: "an https:// host (http is accepted only on 127.0.0.1 or localhost, for a port-forward)",
          received,
          fix: `write https://${url.host}`,
        });
      } else if (url.username !== "" || url.password !== "") {
        addProblem(context, [], { expected: "a host without user information", received: "user information before the host" });
      } else if (value !== url.origin) {
        addProblem(context, [], {
          expected: "a host alone, in lower case, without path, trailing slash, query, fragment or default port",
          received,
          fix: `write ${url.origin}`,
        });
      } else if (!isHostName(url.hostname) || url.port === "0") {
        addProblem(context, [], {
          expected: "a host name of letters, digits and inner dashes between dots (63 characters each, 253 in all), or an IP address",
          received,
        });
      }
    })
    .meta({ pattern: "^https?://[^/?#*]+$", examples: ["https://k10.example.com"] });
}

/** A host as certificates, Ingress and browsers agree on: URL parsers let through more, such as a dot at the end or a quote. */
function isHostName(hostname: string): boolean {
  const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  return /^\[[0-9a-f:.]+\]$/.test(hostname) || (hostname.length <= 253 && new RegExp(`^${label}(\\.${label})*$`).test(hostname));
}

/** The host name of an address; the address itself where it is none, which is refused elsewhere. */
export function hostNameOf(address: string): string {
  return URL.canParse(address) ? new URL(address).hostname : address;
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

const exactVersion = "an exact chart version such as 8.0.15 (no range, no 'latest', no leading v)";

/** An exact chart version. A range would install something else next month without a change in the stack. */
export const exactVersionSchema = z.string(exactVersion).regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, exactVersion);

/**
 * A calendar day, `2027-03-31`. A grant holds to the end of that day in UTC.
 *
 * Pulumi's YAML reader takes an unquoted day for a timestamp and hands the program `2027-03-31 00:00:00 +0000 UTC`
 * (seen with pulumi 3.230.0; it even rewrites the stack file so). Midnight in UTC is therefore read as the day it names.
 */
export const daySchema = z
  .string("a date written as YYYY-MM-DD")
  .overwrite((value) => value.replace(/^(\d{4}-\d{2}-\d{2})[ T]00:00:00(?: \+0000 UTC|Z)$/, "$1"))
  .regex(/^\d{4}-\d{2}-\d{2}$/, "a date written as YYYY-MM-DD")
  .refine((value) => {
    const time = Date.parse(`${value}T00:00:00Z`);
    return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
  }, "a day that exists in the calendar, as YYYY-MM-DD");

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

/** `90d`, as whole days. */
export const daysSchema = z.string("a number of whole days such as 90d").regex(/^[1-9]\d{0,3}d$/, "a number of whole days such as 90d");

/** Days as a number from `90d`. */
export function days(value: string): number {
  return Number.parseInt(value, 10);
}

/** Prefixes of names that clusters, their installers and their makers give rights to: kubeadm binds kubeadm:cluster-admins to cluster-admin. */
export const trustedName = /^(system|k10|kubeadm|eks|gke|aks|k3s|rke2|openshift):/i;

/**
 * The literal text before user and group names. Never empty: with an empty prefix anyone who may name a group in the
 * identity provider can name it `k10:admins` or like a group that the cluster already trusts (shared facts, trap T13).
 */
export const prefixSchema = z.string().superRefine((value, context) => {
  const received = describeReceived(value, []);
  const fix = 'leave it out for the default "<idp kind>:", or write one such as "okta:"';
  if (value === "") {
    addProblem(context, [], { expected: "a non-empty prefix", received, fix });
  } else if (value === "-") {
    addProblem(context, [], { expected: "a prefix, not the dash that switches prefixing off for usernames", received, fix });
  } else if (trustedName.test(value)) {
    // With kubeadm: before it, a group named cluster-admins would be the one that kubeadm binds to cluster-admin.
    addProblem(context, [], {
      expected: "a prefix that nothing trusts yet, outside of system:, k10: and those of cluster makers such as kubeadm: and eks:",
      received,
      fix,
    });
  } else if (!/^[A-Za-z0-9][A-Za-z0-9._/-]{0,38}[:_/#.-]$/.test(value)) {
    addProblem(context, [], {
      expected: "letters, digits and . _ / - ending in a separator (: _ / # . -), at most 40 characters",
      received,
      fix,
    });
  }
});
