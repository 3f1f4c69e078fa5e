import { entraRedirectHttpsExact } from "../../../policies/rules/entra-redirect-https-exact";
import { entra } from "../../../policies/types";
import { describeRule } from "../harness";

const callback = "https://k10.example.com/k10/auth-svc/v0/oidc/redirect";
const long = `https://k10.example.com/${"a".repeat(240)}`;

describeRule(entraRedirectHttpsExact, {
  passing: {
    type: entra.application,
    props: { web: { redirectUris: [callback] }, publicClient: { redirectUris: ["http://localhost:8000/", "gatehouse://callback"] } },
  },
  alsoPassing: {
    "no URI": { change: { web: undefined, publicClient: undefined } },
    "a public client's own scheme": {
      resources: [{ type: entra.redirectUris, props: { type: "PublicClient", redirectUris: ["gatehouse://callback"] } }],
    },
  },
  violations: {
    "a wildcard": {
      change: { "web > redirectUris > 0": "https://*.example.com/cb" },
      messages: ['web.redirectUris[0]: expected an exact URI without a wildcard, got "https://*.example.com/cb"'],
    },
    "plain http": {
      change: { "web > redirectUris > 1": "http://k10.example.com/cb" },
      messages: ['web.redirectUris[1]: expected https, got "http://k10.example.com/cb"'],
    },
    "an own scheme on the web": {
      change: { "web > redirectUris > 0": "gatehouse://callback" },
      messages: ['web.redirectUris[0]: expected https, got "gatehouse://callback"'],
    },
    "something that is no URI": {
      change: { "web > redirectUris > 0": "k10.example.com" },
      messages: ['web.redirectUris[0]: expected an absolute URI, got "k10.example.com"'],
    },
    "a fragment": {
      change: { "web > redirectUris > 0": "https://k10.example.com/#cb" },
      messages: ['web.redirectUris[0]: expected no fragment, got "https://k10.example.com/#cb"'],
    },
    "user information": {
      change: { "web > redirectUris > 0": "https://ana:hunter2@k10.example.com/" },
      messages: ['web.redirectUris[0]: expected no user information, got "https://(hidden)@k10.example.com/"'],
    },
    "forbidden characters": {
      change: { "web > redirectUris > 0": "https://k10.example.com/a,b" },
      messages: ['web.redirectUris[0]: expected none of the characters ! $ \' ( ) , ;, got "https://k10.example.com/a,b"'],
    },
    "more than 256 characters": {
      change: { "web > redirectUris > 0": long },
      messages: [`web.redirectUris[0]: expected at most 256 characters, got "${long.slice(0, 156)}...`],
    },
    "the own machine, when that is not allowed": {
      settings: { allowLoopback: false },
      messages: ['publicClient.redirectUris[0]: expected https, got "http://localhost:8000/"'],
    },
    "a single-page application's URI": {
      change: { "singlePageApplication > redirectUris": ["https://*/"] },
      messages: ['singlePageApplication.redirectUris[0]: expected an exact URI without a wildcard, got "https://*/"'],
    },
    "the split resource": {
      resources: [{ type: entra.redirectUris, props: { type: "Web", redirectUris: ["http://k10.example.com/"] } }],
      messages: ['redirectUris[0]: expected https, got "http://k10.example.com/"'],
    },
  },
});
