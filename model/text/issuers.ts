/** Issuers of OpenID Connect, as a stack file writes them: byte for byte what discovery answers and tokens carry in `iss`. */
import { z } from "zod";
import { addProblem, describeReceived } from "./problems";

/** What is wrong with an issuer whatever made it; undefined when nothing is. OpenID Connect Discovery 1.0, section 3: https, no query, no fragment. */
export function issuerFault(value: string): { readonly expected: string; readonly received: string; readonly fix?: string } | undefined {
  // What stands after the path may be anything, a token pasted from the browser included.
  const received = describeReceived(value.replace(/([?#])[^]+$/, "$1..."), []);
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || value !== value.trim()) {
    return { expected: "the issuer's address, https://host/path", received };
  }
  if (url.protocol !== "https:") {
    const https = url.protocol === "http:" ? { fix: `write https://${value.slice("http://".length)}, if the issuer answers there` } : {};
    return { expected: "an https:// address: tokens and their keys come from there", received, ...https };
  }
  if (!/^[\x21-\x7e]+$/.test(value)) {
    return {
      expected: "an address without blanks and accents, as the discovery document has it",
      received,
      fix: `write ${url.pathname === "/" && !value.endsWith("/") ? url.origin : url.href}`,
    };
  }
  if (url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "" || /[?#]/.test(value)) {
    return { expected: "an address without user information, query and fragment", received };
  }
  if (value.includes("/.well-known/")) {
    return { expected: "the issuer, not its discovery document", received, fix: `write ${value.slice(0, value.indexOf("/.well-known/"))}` };
  }
  return undefined;
}

/** An issuer of any make. A slash at its end stays: it is part of the name. */
export const issuerSchema = z
  .string()
  .superRefine((value, context) => {
    const fault = issuerFault(value);
    if (fault !== undefined) {
      addProblem(context, [], fault);
    }
  })
  .meta({ pattern: "^https://[^?#]+$" });
