import { isRefused, k10, secureHost, type Path, type Refusal, unknownKey } from "./refusal";
import { sampleRaw } from "../../fixtures/sample";

const host: Path = [...k10, "host"];
const values: Path = [...k10, "values"];
const bareHost = "a host alone, in lower case, without path, trailing slash, query, fragment or default port";
const prefixFix = 'leave it out for the default "<idp kind>:", or write one such as "okta:"';
const exactVersion = "an exact chart version such as 8.0.15 (no range, no 'latest', no leading v)";
const readVersion = "a k10 chart from 4.5.0 up to, not including, 10.0.0: the versions whose contract was read";
const trusted = "a prefix that nothing trusts yet, outside of system:, k10: and those of cluster makers such as kubeadm: and eks:";
const withheld = "a text (withheld, it may be a secret)";

const cases: Refusal[] = [
  { name: "unknown key of a platform", at: [...k10, "colour"], value: [], problem: unknownKey },
  {
    name: "http host",
    at: host,
    value: "http://k10.example.com",
    problem: { expected: secureHost, received: '"http://k10.example.com"', fix: "write https://k10.example.com" },
  },
  {
    name: "host with a path",
    at: host,
    value: "https://k10.example.com/k10/",
    problem: { expected: bareHost, received: '"https://k10.example.com/k10/"', fix: "write https://k10.example.com" },
  },
  {
    name: "host with a fragment",
    at: host,
    value: "https://k10.example.com#x",
    problem: { expected: bareHost, received: '"https://k10.example.com#..."', fix: "write https://k10.example.com" },
  },
  {
    name: "host with a wildcard",
    at: host,
    value: "https://*.example.com",
    problem: {
      expected: "one exact host without a wildcard",
      received: '"https://*.example.com"',
      fix: "name the host that people open",
    },
  },
  {
    name: "host with a password, which is not repeated",
    at: host,
    value: "http://ana:hunter2@k10.example.com",
    problem: { expected: secureHost, received: '"http://(withheld)@k10.example.com"', fix: "write https://k10.example.com" },
  },
  {
    name: "wildcard in the path of the redirect URI",
    at: [...values, "ingress"],
    value: { create: true, urlPath: "/k10/*" },
    problem: {
      path: [...values, "ingress", "urlPath"],
      expected: "a plain path without wildcard, query or fragment: it becomes part of the redirect URI",
      received: '"/k10/*"',
    },
  },
  {
    name: "fragment in the path of the redirect URI",
    at: [...values, "route"],
    value: { enabled: true, path: "k10#top" },
    problem: {
      path: [...values, "route", "path"],
      expected: "a plain path without wildcard, query or fragment: it becomes part of the redirect URI",
      received: '"k10#top"',
    },
  },
  { name: "empty prefix", at: [...k10, "prefix"], value: "", problem: { expected: "a non-empty prefix", received: '""', fix: prefixFix } },
  {
    name: "prefix that switches prefixing off",
    at: [...k10, "prefix"],
    value: "-",
    problem: { expected: "a prefix, not the dash that switches prefixing off for usernames", received: '"-"', fix: prefixFix },
  },
  {
    name: "prefix of Kubernetes itself",
    at: [...k10, "prefix"],
    value: "system:",
    problem: { expected: trusted, received: '"system:"', fix: prefixFix },
  },
  {
    name: "prefix without a separator",
    at: [...k10, "prefix"],
    value: "okta",
    problem: {
      expected: "letters, digits and . _ / - ending in a separator (: _ / # . -), at most 40 characters",
      received: '"okta"',
      fix: prefixFix,
    },
  },
  {
    name: "chart version as a range",
    at: [...k10, "chart", "version"],
    value: "^8.0.0",
    problem: { expected: exactVersion, received: '"^8.0.0"' },
  },
  {
    name: "chart version latest",
    at: [...k10, "chart", "version"],
    value: "latest",
    problem: { expected: exactVersion, received: '"latest"' },
  },
  { name: "chart version as a number", at: [...k10, "chart", "version"], value: 8, problem: { expected: exactVersion, received: "8" } },
  {
    name: "chart version nobody has read",
    at: [...k10, "chart", "version"],
    value: "10.0.0",
    problem: { expected: readVersion, received: "10.0.0" },
  },
  {
    name: "client secret in plain text",
    at: values,
    value: { auth: { oidcAuth: { clientSecret: "hunter2" } } },
    problem: {
      path: [...values, "auth", "oidcAuth", "clientSecret"],
      expected: "no client secret in values: it is handed over as the name of a Kubernetes Secret",
      received: withheld,
      fix: "remove the key; the secret is generated and rotated by the stack",
    },
  },
  {
    name: "another secret in plain text",
    at: values,
    value: { vmWare: { password: "hunter2" } },
    problem: {
      path: [...values, "vmWare", "password"],
      expected: "the name of a Kubernetes Secret: chart values are stored in plain text in the cluster and in the state",
      received: withheld,
      fix: "put the secret into a Kubernetes Secret and name it",
    },
  },
  {
    name: "a second door",
    at: values,
    value: { auth: { tokenAuth: { enabled: true } } },
    problem: {
      path: [...values, "auth", "tokenAuth", "enabled"],
      expected: "false: the chart accepts one kind of sign-in only, and Gatehouse configures OpenID Connect",
      received: "true",
      fix: "remove the key",
    },
  },
  {
    name: "administrators by the chart's own list",
    at: values,
    value: { auth: { groupAllowList: ["okta:all"] } },
    problem: {
      path: [...values, "auth", "groupAllowList"],
      expected: "it left out: the chart makes everyone listed there an administrator of every Secret in the cluster",
      received: "a list of 1",
      fix: "grant the role admin under access instead, or acknowledge with insecureChartAdminGroups: true",
    },
  },
  {
    name: "refresh tokens on a chart that does not know them",
    at: k10,
    value: { ...sampleRaw().platforms.k10, chart: { version: "6.0.4" }, session: { refresh: true } },
    problem: {
      path: [...k10, "session", "refresh"],
      expected: "charts from 6.5.0 on, which know auth.oidcAuth.refreshTokenSupport",
      received: "chart 6.0.4",
    },
  },
  {
    name: "a session of its own length on a chart that does not know it",
    at: k10,
    value: { ...sampleRaw().platforms.k10, chart: { version: "5.5.100" }, session: { duration: "8h" } },
    problem: {
      path: [...k10, "session", "duration"],
      expected: "charts from 6.5.0 on, which know auth.oidcAuth.sessionDuration",
      received: "chart 5.5.100",
    },
  },
  {
    name: "PKCE demanded of a chart that does not know it",
    at: k10,
    value: { ...sampleRaw().platforms.k10, chart: { version: "8.5.13" }, values: { auth: { oidcAuth: { pkceRequired: true } } } },
    problem: {
      path: [...k10, "values", "auth", "oidcAuth", "pkceRequired"],
      expected: "charts from 9.0.0 on, which know auth.oidcAuth.pkceRequired",
      received: "chart 8.5.13",
    },
  },
  {
    name: "a path without an Ingress, under which an older chart serves K10 all the same",
    at: k10,
    value: { ...sampleRaw().platforms.k10, chart: { version: "5.5.100" }, values: { ingress: { urlPath: "kasten" } } },
    problem: {
      path: [...k10, "values", "ingress", "urlPath"],
      expected: "ingress.create: true beside it: this chart serves K10 under the path in any case, later ones only with their Ingress",
      received: "chart 5.5.100",
      fix: "let the chart make the Ingress, or remove the path and serve K10 under the release's name",
    },
  },
];

test.each(cases)("$name is refused", isRefused);
