import { redirectMatchesPlatform } from "../../../policies/rules/redirect-matches-platform";
import { entra, okta, releases } from "../../../policies/types";
import { describeRule } from "../harness";

const callback = "https://k10.example.com/k10/auth-svc/v0/oidc/redirect";
const oidcAuth = { enabled: true, redirectURL: "https://k10.example.com" };
const got = `got ["${callback}"]`;

describeRule(redirectMatchesPlatform, {
  passing: [
    { type: okta.app, name: "app", props: { redirectUris: [callback] } },
    { type: releases[0], name: "k10", props: { chart: "k10", name: "k10", values: { auth: { oidcAuth } } } },
  ],
  alsoPassing: {
    "an application of another stack": {
      resources: [{ type: releases[0], props: { chart: "k10", name: "k10", values: { auth: { oidcAuth } } } }],
    },
    "OpenUnison's callback": {
      resources: [
        { type: entra.application, name: "app", props: { web: { redirectUris: ["https://ou.example.com/auth/oidc"] } } },
        { type: releases[0], name: "ou", props: { chart: "orchestra", values: { network: { openunison_host: "ou.example.com" } } } },
      ],
    },
    "a release that does not sign people in": { change: { "1 > values > auth > oidcAuth > enabled": false } },
    "a slash after the base address": { change: { "1 > values > auth > oidcAuth > redirectURL": "https://k10.example.com/" } },
  },
  violations: {
    "another release name": {
      change: { "1 > name": "backup" },
      messages: [`redirect URIs of the stack: expected "https://k10.example.com/backup/auth-svc/v0/oidc/redirect" among them, ${got}`],
    },
    "another ingress path": {
      change: { "1 > values > ingress": { create: true, urlPath: "/kasten/" } },
      messages: [`redirect URIs of the stack: expected "https://k10.example.com/kasten/auth-svc/v0/oidc/redirect" among them, ${got}`],
    },
    "another route path": {
      change: { "1 > values > route": { enabled: true, path: "foo" } },
      messages: [`redirect URIs of the stack: expected "https://k10.example.com/foo/auth-svc/v0/oidc/redirect" among them, ${got}`],
    },
    "OpenUnison under another host": {
      change: { "1 > chart": "orchestra", "1 > values": { network: { openunison_host: "ou.example.com" } } },
      messages: [`redirect URIs of the stack: expected "https://ou.example.com/auth/oidc" among them, ${got}`],
    },
  },
});
