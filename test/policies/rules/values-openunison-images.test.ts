import { valuesOpenUnisonImages } from "../../../policies/rules/values-openunison-images";
import { releases } from "../../../policies/types";
import { describeRule, unknown } from "../harness";

const vendors = "an image of ghcr.io/openunison/, ghcr.io/tremolosecurity/, docker.io/tremolosecurity/";

describeRule(valuesOpenUnisonImages, {
  passing: {
    type: releases[0],
    props: {
      chart: "orchestra",
      values: {
        image: "ghcr.io/openunison/openunison-k8s:1.0.44",
        impersonation: { jetstack_oidc_proxy_image: "docker.io/tremolosecurity/kube-oidc-proxy:1.0.11" },
        openunison: { replicas: 1, imagePullPolicy: "Always" },
      },
    },
  },
  alsoPassing: {
    "another chart": { change: { chart: "nginx", "values > image": "nginx" } },
    "an image that is not known yet": { change: { "values > image": unknown } },
    "a mirror that is named": {
      change: { "values > image": "registry.example.com/ou/openunison-k8s:1.0.44" },
      settings: { sources: ["registry.example.com/ou/", "docker.io/tremolosecurity/"] },
    },
  },
  violations: {
    "somebody else's image": {
      change: { "values > image": "evil.example.com/openunison-k8s:1.0.44" },
      messages: [`values.image: expected ${vendors}, got "evil.example.com/openunison-k8s:1.0.44"`],
    },
    "a name that only begins alike": {
      change: { "values > image": "ghcr.io/openunison.evil/x" },
      messages: [`values.image: expected ${vendors}, got "ghcr.io/openunison.evil/x"`],
    },
    "the proxy's": {
      change: { "values > impersonation > jetstack_oidc_proxy_image": "kube-oidc-proxy" },
      messages: [`values.impersonation.jetstack_oidc_proxy_image: expected ${vendors}, got "kube-oidc-proxy"`],
    },
    "the pages', of a renamed chart": {
      change: {
        chart: "login",
        "values > network": { openunison_host: "k8sou.example.com" },
        "values > openunison": { html: { image: "x/y" } },
      },
      messages: [`values.openunison.html.image: expected ${vendors}, got "x/y"`],
    },
    "the operator's": {
      change: { chart: "openunison-operator", "values > image": "x/operator" },
      messages: [`values.image: expected ${vendors}, got "x/operator"`],
    },
    "a source that is no folder of a registry": {
      change: { "values > impersonation": {} },
      settings: { sources: ["ghcr.io"] },
      messages: ['values.image: expected an image of ghcr.io, got "ghcr.io/openunison/openunison-k8s:1.0.44"'],
    },
  },
});
