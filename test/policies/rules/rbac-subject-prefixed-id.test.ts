import { namesAnnotation, prefixAnnotation, unprefixedAnnotation } from "../../../model/access/binding-annotations";
import { rbacSubjectPrefixedId } from "../../../policies/rules/rbac-subject-prefixed-id";
import { describeRule, unknown } from "../harness";

const id = "7a0c1f7e-5d1b-4d7b-9c1a-0a1b2c3d4e5f";
const name = "subjects > 0 > name";

describeRule(rbacSubjectPrefixedId, {
  passing: {
    type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
    props: { roleRef: { kind: "ClusterRole", name: "k10-admin" }, subjects: [{ kind: "Group", name: "okta:Kasten Admins" }] },
  },
  alsoPassing: {
    "an object ID": { change: { [name]: `entra:${id}` } },
    "an object ID that is not known yet": { change: { [name]: unknown } },
    "an object ID with the vendor's prefix": { change: { [name]: `kasten_azure_${id}` } },
    ...Object.fromEntries(
      ["okta_", "idp-", "okta/", "a.b#", "x/y:"].map((prefix) => [
        `the prefix ${prefix}, which the binding names`,
        { change: { [name]: `${prefix}Kasten Admins`, [`metadata > annotations > ${prefixAnnotation}`]: prefix } },
      ]),
    ),
    "an app role of Entra ID, which the binding says": {
      change: { [name]: "entra:backup-admins", [`metadata > annotations > ${namesAnnotation}`]: "kasten" },
    },
    "a path of Keycloak": { change: { [name]: "keycloak:/backup/admins" } },
    "a platform that cannot prefix": {
      change: { [name]: "k8s-admins", [`metadata > annotations > ${unprefixedAnnotation}`]: "openunison" },
    },
    "Kubernetes' own groups, which another rule judges": { change: { [name]: "system:authenticated" } },
  },
  violations: {
    "a prefix that no name shows": {
      change: { [name]: "okta_Kasten Admins" },
      messages: ['subjects[0].name: expected a name with the identity provider\'s prefix, got "okta_Kasten Admins"'],
    },
    "another prefix than the binding names": {
      change: { [name]: "okta:Kasten Admins", [`metadata > annotations > ${prefixAnnotation}`]: "okta_" },
      messages: ['subjects[0].name: expected a name with the prefix okta_, got "okta:Kasten Admins"'],
    },
    "a prefix without a name": {
      change: { [name]: "okta_", [`metadata > annotations > ${prefixAnnotation}`]: "okta_" },
      messages: ['subjects[0].name: expected a name with the prefix okta_, got "okta_"'],
    },
    "a prefix that is none": {
      change: { [name]: "Kasten Admins", [`metadata > annotations > ${prefixAnnotation}`]: "K" },
      messages: [
        `metadata.annotations['${prefixAnnotation}']: expected letters, digits and . _ / - ending in a separator (: _ / # . -), at most 40 characters, got "K"`,
      ],
    },
    "a bare name": {
      change: { [name]: "Kasten Admins" },
      messages: ['subjects[0].name: expected a name with the identity provider\'s prefix, got "Kasten Admins"'],
    },
    "a bare object ID": {
      change: { [name]: id },
      messages: [`subjects[0].name: expected a name with the identity provider's prefix, got "${id}"`],
    },
    "a display name of Entra ID": {
      change: { [name]: "entra:Kasten Admins" },
      messages: ['subjects[0].name: expected an object ID after entra:, got "entra:Kasten Admins"'],
    },
    "an empty acknowledgement": {
      change: { [name]: "k8s-admins", [`metadata > annotations > ${unprefixedAnnotation}`]: "" },
      messages: ['subjects[0].name: expected a name with the identity provider\'s prefix, got "k8s-admins"'],
    },
    "a prefix other than configured": {
      settings: { prefixPattern: "^corp:" },
      messages: ['subjects[0].name: expected a name with the identity provider\'s prefix, got "okta:Kasten Admins"'],
    },
    "a configured prefix without an object ID": {
      settings: { objectIdPrefixPattern: "^okta:" },
      messages: ['subjects[0].name: expected an object ID after okta:, got "okta:Kasten Admins"'],
    },
  },
});
