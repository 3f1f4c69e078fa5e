/** Addresses: the hosts that people open, and where charts come from. */
import { z } from "zod";
import { addProblem, describeReceived } from "./problems";

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
