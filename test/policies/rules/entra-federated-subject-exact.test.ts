import { entraFederatedSubjectExact } from "../../../policies/rules/entra-federated-subject-exact";
import { entra } from "../../../policies/types";
import { describeRule } from "../harness";

describeRule(entraFederatedSubjectExact, {
  passing: {
    type: entra.federatedCredential,
    props: {
      subject: "system:serviceaccount:argocd:argocd-server",
      issuer: "https://cluster.example.com",
      audiences: ["api://AzureADTokenExchange"],
    },
  },
  alsoPassing: {
    "an expression that compares": {
      resources: [
        { type: entra.flexibleCredential, props: { claimsMatchingExpression: "claims['sub'] eq 'repo:x/y:ref:refs/heads/what?'" } },
      ],
    },
  },
  violations: {
    "every pull request": {
      change: { subject: "repo:example/access:pull_request" },
      messages: ['subject: expected a branch, tag or environment, not every pull request, got "repo:example/access:pull_request"'],
    },
    "a wildcard for one character": {
      resources: [
        { type: entra.flexibleCredential, props: { claimsMatchingExpression: "claims['sub'] matches 'repo:x/y:ref:refs/heads/?'" } },
      ],
      messages: [
        "claimsMatchingExpression: expected an exact value without a wildcard, got \"claims['sub'] matches 'repo:x/y:ref:refs/heads/?'\"",
      ],
    },
    "a wildcard subject": {
      change: { subject: "repo:example/*:ref:refs/heads/main" },
      messages: ['subject: expected an exact value without a wildcard, got "repo:example/*:ref:refs/heads/main"'],
    },
    "an http issuer": { change: { issuer: "http://cluster" }, messages: ['issuer: expected an https URL, got "http://cluster"'] },
    "another audience": {
      change: { "audiences > 0": "sts.example.com" },
      messages: ['audience: expected api://AzureADTokenExchange, got "sts.example.com"'],
    },
    "a wildcard expression and another audience": {
      resources: [
        { type: entra.flexibleCredential, props: { claimsMatchingExpression: "claims['sub'] matches 'repo:x/*'", audience: "x" } },
      ],
      messages: [
        "claimsMatchingExpression: expected an exact value without a wildcard, got \"claims['sub'] matches 'repo:x/*'\"",
        'audience: expected api://AzureADTokenExchange, got "x"',
      ],
    },
  },
});
