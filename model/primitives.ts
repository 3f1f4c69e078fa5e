import { z } from "zod";
import { addProblem, describeReceived } from "./problems";

/** A key that becomes part of resource names: short, lower case, as Kubernetes names allow. */
export const keySchema = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/, "a key of 1 to 40 lower-case letters, digits and inner dashes");

/** The name of a Kubernetes namespace or Helm release (RFC 1123 label; Helm allows 53 characters for a release). */
export const dnsLabelSchema = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?$/, "a DNS label: at most 53 lower-case letters, digits and inner dashes");

/** `https://host[:port]`, and nothing else; `http` only on a loopback host, where a port-forward ends. */
export const hostUrlSchema = originOf("https, or http on a loopback host");

/** `https://host[:port]` or `http://host[:port]`, and nothing else, for platforms whose schema judges the scheme itself. */
export const originSchema = originOf("http or https");

function originOf(schemes: "https, or http on a loopback host" | "http or https") {
  return z
    .string()
    .superRefine((value, context) => {
      const received = describeReceived(value, []);
      const url = URL.canParse(value) ? new URL(value) : undefined;
      if (value.includes("*")) {
        addProblem(context, [], { expected: "one exact host without a wildcard", received, fix: "name the host that people open" });
      } else if (url === undefined || !/^https?:$/.test(url.protocol)) {
        addProblem(context, [], { expected: "https://host or https://host:port", received });
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
          fix: `write ${url.origin} (the callback path is derived from the platform)`,
        });
      }
    })
    .meta({ pattern: "^https?://[^/?#*]+$", examples: ["https://k10.example.com"] });
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** An exact chart version. A range would install something else next month without a change in the stack. */
export const exactVersionSchema = z
  .string()
  .regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, "an exact chart version such as 8.0.15 (no range, no 'latest', no leading v)");

/**
 * A calendar day, `2027-03-31`. A grant holds to the end of that day in UTC.
 *
 * Pulumi's YAML reader takes an unquoted day for a timestamp and hands the program `2027-03-31 00:00:00 +0000 UTC`
 * (seen with pulumi 3.230.0; it even rewrites the stack file so). Midnight in UTC is therefore read as the day it names.
 */
export const daySchema = z
  .string()
  .overwrite((value) => value.replace(/^(\d{4}-\d{2}-\d{2})[ T]00:00:00(?: \+0000 UTC|Z)$/, "$1"))
  .regex(/^\d{4}-\d{2}-\d{2}$/, "a date written as YYYY-MM-DD")
  .refine((value) => {
    const time = Date.parse(`${value}T00:00:00Z`);
    return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
  }, "a day that exists in the calendar, as YYYY-MM-DD");

/** A person's address at the identity provider. */
export const memberSchema = z.email("an e-mail address, the sign-in name of a person");

/** `90d`, as whole days. */
export const daysSchema = z.string().regex(/^[1-9]\d{0,3}d$/, "a number of whole days such as 90d");

/** Days as a number from `90d`. */
export function days(value: string): number {
  return Number.parseInt(value, 10);
}

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
  } else if (value.startsWith("system:") || value.startsWith("k10:")) {
    addProblem(context, [], { expected: "a prefix outside the reserved names system: and k10:", received, fix });
  } else if (!/^[A-Za-z0-9][A-Za-z0-9._/-]{0,38}[:_/#.-]$/.test(value)) {
    addProblem(context, [], {
      expected: "letters, digits and . _ / - ending in a separator (: _ / # . -), at most 40 characters",
      received,
      fix,
    });
  }
});
