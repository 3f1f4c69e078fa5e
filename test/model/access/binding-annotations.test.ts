import { subjectAnnotations } from "../../../model";

test.each([
  ["okta:", "name", undefined],
  ["entra:", "id", undefined],
  ["", "id", { "gatehouse.dev/unprefixed-subjects": "kasten" }],
  ["okta_", "name", { "gatehouse.dev/subject-prefix": "okta_" }],
  ["okta/x:", "name", { "gatehouse.dev/subject-prefix": "okta/x:" }],
  ["entra:", "name", { "gatehouse.dev/subject-names": "kasten" }],
  ["entra_", "name", { "gatehouse.dev/subject-prefix": "entra_", "gatehouse.dev/subject-names": "kasten" }],
] as const)("bindings with the prefix '%s' whose groups arrive as %s say %j", (prefix, values, expected) => {
  expect(subjectAnnotations(prefix, "kasten", values)).toEqual(expected);
});
