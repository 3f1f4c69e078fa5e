import { oktaServerBounded } from "../../../policies/rules/okta-server-bounded";
import { okta } from "../../../policies/types";
import { describeRule, type Fixture } from "../harness";

const claim = (name: string, value: string, valueType?: string): Fixture[] => [
  { type: okta.serverClaim, props: { name, value, ...(valueType === undefined ? {} : { valueType }) } },
];
const addresses = ["authorizationUrl", "tokenUrl", "jwksUrl", "userInfoUrl", "issuerUrl", "sloUrl"];
const provider = (props: Record<string, unknown>): Fixture[] => [{ type: okta.identityProvider, props }];

describeRule(oktaServerBounded, {
  passing: { type: okta.serverPolicy, props: { clientWhitelists: ["0oa1"] } },
  alsoPassing: {
    "the code grant": {
      resources: [{ type: okta.serverPolicyRule, props: { grantTypeWhitelists: ["authorization_code", "refresh_token"] } }],
    },
    "an upstream over https": {
      resources: provider({ ...Object.fromEntries(addresses.map((path) => [path, "https://idp.example.com"])), trustClaims: false }),
    },
    "people who are known": { resources: [{ type: okta.enrollment, props: { unknownUserAction: "DENY" } }] },
    "a name that Okta keeps": { resources: claim("preferred_username", " user.login ", "EXPRESSION") },
    ...Object.fromEntries(
      ["user.login", "user.email", "user.id", "app.userName", "appuser.userName"].map((value) => [
        `a name by ${value}`,
        { resources: claim("sub", value, "EXPRESSION") },
      ]),
    ),
    "a claim whose name only holds a name": { resources: claim("subsidiary", "user.nickName").concat(claim("nickname", "user.nickName")) },
    "a claim of the platform's own": { resources: claim("department", "user.nickName", "EXPRESSION") },
    "groups under a name of people": { resources: claim("name", "k10-", "GROUPS") },
  },
  violations: {
    "people of a public network": {
      resources: [{ type: okta.socialProvider, props: { type: "GOOGLE" } }],
      messages: ["provisioningAction: expected DISABLED: people of the organisation only, got nothing"],
    },
    "sign-in names that people change": {
      resources: [{ type: okta.ownProperty, props: { index: "login", permissions: "READ_WRITE" } }],
      messages: ['permissions: expected READ_ONLY for login: nobody takes another\'s name, got "READ_WRITE"'],
    },
    "a federated name of a person's own": {
      resources: [{ type: okta.federatedClaim, props: { name: "email", expression: "user.nickName" } }],
      messages: ["expression: expected user.login, user.email or user.id for 'email', got \"user.nickName\""],
    },
    "every client": {
      change: { clientWhitelists: ["0oa1", "ALL_CLIENTS"] },
      messages: ['clientWhitelists: expected the platform\'s clients, got ["0oa1","ALL_CLIENTS"]'],
    },
    ...Object.fromEntries(
      ["password", "implicit", "urn:ietf:params:oauth:grant-type:device_code", "urn:openid:params:grant-type:ciba"].map((grant) => [
        `the grant ${grant}`,
        {
          resources: [{ type: okta.serverPolicyRule, props: { grantTypeWhitelists: ["authorization_code", grant] } }],
          messages: [`grantTypeWhitelists: expected authorization_code (and refresh_token), got "${grant}"`],
        },
      ]),
    ),
    ...Object.fromEntries(
      addresses.map((path) => [
        `an upstream's ${path} over http`,
        {
          resources: provider({ [path]: "http://idp.example.com" }),
          messages: [`${path}: expected an https URL, got "http://idp.example.com"`],
        },
      ]),
    ),
    "an upstream's word about factors": { resources: provider({ trustClaims: true }), messages: ["trustClaims: expected false, got true"] },
    "whoever registers": {
      resources: [{ type: okta.enrollment, props: { unknownUserAction: "REGISTER" } }],
      messages: ['unknownUserAction: expected DENY: nobody registers themselves, got "REGISTER"'],
    },
    ...Object.fromEntries(
      ["sub", "preferred_username", "email", "email_verified", "upn", "oid", "name", "acr", "amr"].map((name) => [
        `'${name}' of an attribute`,
        {
          resources: claim(name, "user.nickName"),
          messages: [`value: expected user.login, user.email or user.id for '${name}', got "user.nickName"`],
        },
      ]),
    ),
  },
});
